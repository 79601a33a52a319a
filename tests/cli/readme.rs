//! The README's recorded session.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::scratch::Scratch;

/// A command and its output. `…` matches any text within a line, and any lines if it is alone.
struct Step<'a> {
    command: &'a str,
    printed: Vec<&'a str>,
}

/// The commands of the console blocks, in order.
fn steps(readme: &str) -> Vec<Step<'_>> {
    let blocks = readme.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    let mut steps: Vec<Step<'_>> = Vec::new();
    // The tour prints commands itself, and has its own test.
    for block in blocks.filter(|block| !block.contains("-- tour")) {
        for line in block.lines() {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => steps.push(Step { command, printed: Vec::new() }),
                (None, Some(step)) => step.printed.push(line),
                (None, None) => panic!("a block begins with {line}"),
            }
        }
    }
    steps
}

/// Runs a command with both streams combined. Commands of cargo run `pc-budgets`, each with its own sandbox.
fn printed(scratch: &Scratch, command: &str) -> String {
    let of_cargo = command.strip_prefix("cargo run ").map(|rest| rest.split_once("-- ").unwrap().1);
    let arguments = of_cargo.or_else(|| command.strip_prefix("pc-budgets ")).unwrap();
    let arguments = arguments.replace("--base-url http://127.0.0.1:8080", "--sandbox");
    let program = scratch.command(&[]);
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("\"$0\" {arguments} 2>&1")]).arg(program.get_program()).current_dir(&scratch.0);
    shell.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    String::from_utf8(shell.output().unwrap().stdout).unwrap()
}

fn line_matches(expected: &str, line: &str) -> bool {
    match expected.split_once('…') {
        Some((before, after)) => line.starts_with(before) && line.ends_with(after),
        None => expected == line,
    }
}

fn matches(expected: &[&str], lines: &[&str]) -> bool {
    match (expected, lines) {
        ([], lines) => lines.is_empty(),
        (["…", rest @ ..], lines) => (1..=lines.len()).any(|skipped| matches(rest, &lines[skipped..])),
        ([first, rest @ ..], [line, lines @ ..]) => line_matches(first, line) && matches(rest, lines),
        _ => false,
    }
}

#[cfg(unix)]
#[test]
fn readme_shows_what_the_commands_print() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let scratch = Scratch::new();
    assert!(readme.contains(&printed(&scratch, "pc-budgets tour")));
    let mut seen = 0;
    for Step { command, printed: expected } in steps(&readme) {
        if command.starts_with("cargo xtask ") || command.starts_with("export ") {
            continue;
        }
        if let Some(name) = command.strip_prefix("cat ") {
            scratch.write(name, expected.join("\n") + "\n");
            continue;
        }
        let printed = printed(&scratch, command);
        assert!(matches(&expected, &printed.lines().collect::<Vec<_>>()), "`{command}` prints\n{printed}");
        seen += 1;
    }
    assert!(seen >= 9, "{seen}");
}
