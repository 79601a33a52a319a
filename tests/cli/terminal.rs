//! Output on a terminal, which the tool `script` of util-linux provides. Skipped without it.

use std::process::{Command, Stdio};

use crate::scratch::{Scratch, id};
use crate::service;
use crate::skip::has_terminal;

/// The output of `pc-budgets` on a terminal of this width.
fn on_terminal(columns: u32, arguments: &str, variables: &[(&str, &str)]) -> Option<String> {
    if !has_terminal() {
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
    let Some(table) = on_terminal(130, OVER, &[]) else { return };
    let line = table.lines().nth(1).unwrap();
    assert!(line.contains("USD") && line.ends_with("\x1b[31m550.02  ██████████\x1b[0m"), "{line:?}");
    assert!(table.lines().any(|line| line.contains("\x1b[33m")), "{table:?}");
}

#[test]
fn no_color_disables_colours() {
    let Some(table) = on_terminal(130, OVER, &[("NO_COLOR", "1")]) else { return };
    assert!(!table.contains('\x1b') && table.contains("  ██████████\n"), "{table:?}");
}

#[test]
fn narrow_terminal_truncates_names_and_no_digits() {
    let Some(table) = on_terminal(100, OVER, &[("NO_COLOR", "1")]) else { return };
    let longest = table.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(longest <= 100 && table.contains('…') && !table.contains('█'), "{table}");
    assert!(table.contains("\n00000000-0000-0000-0000-000000000004  ") && table.contains("550.02\n"), "{table}");
}

#[test]
fn every_table_fits_80_columns_and_fewer() {
    let scratch = Scratch::new();
    let sheet = format!("customer,amount,currency\n{},120.50,GBP\n{},80,EUR\n{},none,USD\n", id(1), id(2), id(4));
    scratch.write("budgets.csv", sheet);
    let plan = format!("--sandbox plan {} 2>/dev/null", scratch.0.join("budgets.csv").display());
    for (columns, arguments) in
        [(80, "--sandbox usage"), (80, "--sandbox customers"), (80, &plan), (64, "--sandbox usage"), (66, &plan)]
    {
        let Some(table) = on_terminal(columns, arguments, &[("NO_COLOR", "1")]) else { return };
        let table = table.split("\n\n").next().unwrap();
        let longest = table.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= columns as usize, "{columns}: {longest}\n{table}");
        assert!(table.contains("-000000000004  "), "{table}");
    }
    let Some(usage) = on_terminal(90, "--sandbox usage", &[("NO_COLOR", "1")]) else { return };
    assert!(usage.contains("\n00000000-…-000000000004  Crimson"), "{usage}");
}

#[test]
fn text_from_outside_cannot_control_the_terminal() {
    let base_url = service(|path| {
        match path.split('?').next().unwrap() {
        "/v1/customers" => r#"{"totalCount":1,"items":[{"id":"11111111-1843-4b3b-872f-206e08a08e51",
            "companyProfile":{"tenantId":"11111111-1843-4b3b-872f-206e08a08e51","companyName":"a\u001b[2J\u202eb\u009bc","domain":"d"}}]}"#
            .to_owned(),
        "/v1/customers/usagerecords" => r#"{"items":[{"name":"a\u001b[2J\u202eb\u009bc"}]}"#.to_owned(),
        _ => r#"{"amount":5}"#.to_owned(),
    }
    });
    let token = [("NO_COLOR", "1"), ("PARTNER_CENTER_TOKEN", "token"), ("PC_BUDGETS_CONFIG", "no-such-folder/file")];
    for (arguments, expected) in [
        ("customers", "a[U+001B][2J[U+202E]b[U+009B]c"),
        ("customers --output csv", ",a[U+001B][2J[U+202E]b[U+009B]c,"),
        ("customers --output ndjson", r#""a\u001b[2J\u202eb\u009bc""#),
        ("customers --output json", r#""a\u001b[2J\u202eb\u009bc""#),
        ("usage", "a[U+001B][2J[U+202E]b[U+009B]c"),
        ("export 2>/dev/null", ",\"a[U+001B][2J[U+202E]b[U+009B]c\",5.00,,\n"),
    ] {
        let Some(seen) = on_terminal(130, &format!("--base-url {base_url} {arguments}"), &token) else { return };
        assert!(seen.contains(expected), "{arguments}: {seen:?}");
    }
    // Programs get the name as it is.
    for arguments in ["customers --output csv", "export"] {
        let shell = format!("--base-url {base_url} {arguments} 2>/dev/null | cat -v");
        let Some(piped) = on_terminal(130, &shell, &token) else { return };
        assert!(piped.contains("a^[[2J"), "{arguments}: {piped:?}");
    }
}
