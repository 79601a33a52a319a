//! The help texts.

use crate::run;

#[test]
fn help() {
    let commands = [
        "get",
        "set",
        "clear",
        "usage",
        "summary",
        "report",
        "customers",
        "plan",
        "apply",
        "export",
        "tour",
        "sandbox",
    ];
    let mut texts = vec![run(&["--help"])];
    texts.extend(commands.map(|command| format!("$ pc-budgets {command} --help\n{}", run(&[command, "--help"]))));
    insta::assert_snapshot!(texts.join("\n"));
}
