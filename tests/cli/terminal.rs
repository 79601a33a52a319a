//! What differs on a terminal. The tool `script` of util-linux makes one; without it these tests are skipped.

use std::process::{Command, Stdio};

use crate::skipped;

/// What `pc-budgets` writes to a terminal of so many columns.
fn on_terminal(columns: u32, arguments: &str, variables: &[(&str, &str)]) -> Option<String> {
    if cfg!(not(target_os = "linux")) || Command::new("script").arg("--version").output().is_err() {
        skipped("no terminal; for this test install util-linux");
        return None;
    }
    let shell = format!("stty cols {columns} rows 40; {} {arguments}", env!("CARGO_BIN_EXE_pc-budgets"));
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command", &shell, "/dev/null"]).stdin(Stdio::null());
    let output = command.env_remove("NO_COLOR").env("TERM", "xterm").envs(variables.iter().copied()).output().unwrap();
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap().replace('\r', ""))
}

const OVER: &str = "--sandbox usage --over 80 --sort used";

#[test]
fn shares_have_bars_and_colours() {
    let Some(table) = on_terminal(120, OVER, &[]) else { return };
    let line = table.lines().nth(1).unwrap();
    assert!(line.contains("USD") && line.ends_with("\x1b[31m550.02  ██████████\x1b[0m"), "{line:?}");
    assert!(table.lines().last().unwrap().contains("\x1b[33m"), "{table:?}");
}

#[test]
fn colours_can_be_unwanted() {
    let Some(table) = on_terminal(120, OVER, &[("NO_COLOR", "1")]) else { return };
    assert!(!table.contains('\x1b') && table.contains("  ██████████\n"), "{table:?}");
}

#[test]
fn a_narrow_terminal_cuts_names_and_no_digit() {
    let Some(table) = on_terminal(90, OVER, &[("NO_COLOR", "1")]) else { return };
    let longest = table.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(longest <= 90 && table.contains('…') && !table.contains('█'), "{table}");
    assert!(table.contains("\n00000000-0000-0000-0000-000000000004  ") && table.contains("550.02\n"), "{table}");
}
