//! `man`: the manual pages.

use std::collections::BTreeSet;
use std::process::Command;

use crate::help::{commands, help_of};
use crate::scratch::Scratch;
use crate::skip::has_tool;
use crate::{assert_shown, command, run, shown};

#[test]
fn writes_a_page_for_each_command() {
    let scratch = Scratch::new();
    let expected = commands().into_iter().map(|words| [vec!["pc-budgets".to_owned()], words].concat().join("-") + ".1");
    let expected: BTreeSet<_> = expected.collect();
    let message = format!(
        "exit code: 0\n--- stdout\n--- stderr\n{} pages written to share/man1; read the first with: man -l \
         share/man1/pc-budgets.1\n",
        expected.len()
    );
    assert_eq!(shown(&scratch.run(&["man", "share/man1"])), message);
    let written: BTreeSet<_> = std::fs::read_dir(scratch.0.join("share/man1"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(written, expected);
    for name in written {
        let page = scratch.read(&format!("share/man1/{name}"));
        for head in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "\"EXIT STATUS\"", "ENVIRONMENT"] {
            assert_eq!(page.matches(&format!("\n.SH {head}\n")).count(), 1, "{head} of {name}:\n{page}");
        }
        check_with_groff(&scratch, &name);
    }
}

/// Checks that groff formats a page without warnings.
fn check_with_groff(scratch: &Scratch, name: &str) {
    let mut groff = Command::new("groff");
    groff.args(["-man", "-Tutf8", "-ww", "-z", &format!("share/man1/{name}")]).current_dir(&scratch.0);
    if has_tool("groff", "groff") {
        assert_eq!(String::from_utf8(groff.output().unwrap().stderr).unwrap(), "", "{name}");
    }
}

#[test]
fn page_has_the_exit_codes_and_variables_of_the_help() {
    let page = String::from_utf8(command(&["man", "-"]).output().unwrap().stdout).unwrap();
    assert!(page.contains(".TH pc-budgets 1 \" \" \"pc-budgets "), "{page:.300}");
    let help = help_of(&[]);
    let (_, codes) = help.split_once("\nExit codes:\n").unwrap();
    let (codes, _) = codes.split_once("--- stderr").unwrap();
    let codes: Vec<_> = codes.split([',', '\n', ' ']).filter(|word| word.parse::<u8>().is_ok()).collect();
    let heads: Vec<_> = page
        .lines()
        .filter_map(|line| line.strip_prefix("\\fB")?.strip_suffix("\\fR"))
        .filter(|head| head.parse::<u8>().is_ok())
        .collect();
    assert_eq!(codes, heads);
    let texts = commands().iter().map(|words| help_of(words)).collect::<String>();
    let variables: BTreeSet<_> = texts
        .split(|character: char| character != '_' && !character.is_ascii_uppercase())
        .filter(|word| word.starts_with("PARTNER_CENTER_"))
        .collect();
    assert!(variables.contains("PARTNER_CENTER_TOKEN"));
    for variable in variables {
        assert!(page.contains(variable), "the page does not name {variable}");
    }
}

#[test]
fn reports_a_folder_that_cannot_be_created() {
    let scratch = Scratch::new();
    scratch.write("file", "");
    assert_shown!(shown(&scratch.run(&["man", "file/man1"])), @"
    exit code: 1
    --- stdout
    --- stderr
    error: cannot create the folder file/man1
      why: Not a directory
     next: name another one
    ");
    assert!(run(&["man", "-", "--base-url", "http://127.0.0.1:1"]).starts_with("exit code: 2\n"));
}
