//! `completions`, run by real shells.

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use crate::skip::has_tool;
use crate::{command, help, run, shown};

/// The output of a shell for a script that finds the completions in `$script`; `None` if the shell is missing.
fn shell(name: &str, options: &[&str], script: &str) -> Option<Vec<String>> {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("completions.{name}"));
    fs::write(&path, command(&["completions", name]).output().unwrap().stdout).unwrap();
    let mut shell = Command::new(name);
    if !has_tool(name, name) {
        return None;
    }
    let output = shell.args(options).args(["-c", script]).env("script", &path).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", shown(&output));
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

/// The completions of bash with the cursor after the last of `words`.
fn bash(words: &[&str]) -> Option<Vec<String>> {
    // At the Tab key, bash calls the function that is registered for the program.
    let script = format!(
        r#"source "$script"
        COMP_WORDS=({}) COMP_CWORD={}
        function=$(complete -p pc-budgets | grep -o -- '-F [^ ]*')
        ${{function#-F }} pc-budgets "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD-1]}}"
        printf '%s\n' "${{COMPREPLY[@]}}""#,
        words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" "),
        words.len() - 1,
    );
    shell("bash", &["--norc", "--noprofile"], &script)
}

#[test]
fn bash_completes_commands_options_and_values() {
    let Some(offered) = bash(&["pc-budgets", "cu"]) else { return };
    assert_eq!(offered, ["customers"]);
    let all = bash(&["pc-budgets", ""]).unwrap();
    for words in help::commands().iter().filter(|words| words.len() == 1) {
        assert!(all.contains(&words[0]), "{words:?} is not among {all:?}");
    }
    assert_eq!(bash(&["pc-budgets", "customers", "--na"]).unwrap(), ["--name"]);
    assert_eq!(
        bash(&["pc-budgets", "usage", "--output", ""]).unwrap(),
        ["table", "json", "ndjson", "csv", "markdown", "prometheus"]
    );
    assert_eq!(bash(&["pc-budgets", "completions", "f"]).unwrap(), ["fish"]);
}

#[test]
fn fish_and_zsh_accept_their_scripts() {
    if let Some(offered) = shell("fish", &["--no-config"], r#"source $script; complete -C "pc-budgets cu""#) {
        assert!(matches!(&offered[..], [one] if one.starts_with("customers\tShow all customers")), "{offered:?}");
    }
    let script = r#"autoload -U compinit; compinit -D -u; source "$script"; print "${_comps[pc-budgets]}""#;
    if let Some(offered) = shell("zsh", &["-f"], script) {
        assert_eq!(offered, ["_pc-budgets"]);
    }
}

#[test]
fn writes_a_script_for_each_shell() {
    for name in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(&["completions", name]);
        assert!(script.starts_with("exit code: 0\n") && script.contains("customers"), "{script:.200}");
    }
    assert!(run(&["completions", "csh"]).starts_with("exit code: 2\n"));
    assert!(run(&["completions", "bash", "--base-url", "http://127.0.0.1:1"]).starts_with("exit code: 2\n"));
}

#[test]
fn closed_pipe_is_not_a_failure() {
    let mut child = command(&["completions", "zsh"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut message = String::new();
    child.stderr.take().unwrap().read_to_string(&mut message).unwrap();
    assert_eq!((child.wait().unwrap().code(), message.as_str()), (Some(0), ""));
}
