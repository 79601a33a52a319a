//! The help texts of all commands.

use crate::run;

/// The words of each command and subcommand that the help lists. The program itself is an empty list.
pub(crate) fn commands() -> Vec<Vec<String>> {
    let mut found = vec![Vec::<String>::new()];
    let mut at = 0;
    while at < found.len() {
        let words = found[at].clone();
        let text = help_of(&words);
        let listed = text.split_once("\nCommands:\n").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap());
        // A line with more indentation continues the previous one.
        let names = listed.lines().filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')));
        let names = names.map(|line| line.split(' ').next().unwrap()).filter(|name| *name != "help");
        found.extend(names.map(|name| [words.as_slice(), &[name.to_owned()]].concat()));
        at += 1;
    }
    assert!(found.len() > 10 && found.contains(&vec!["get".to_owned()]), "{found:?}");
    found
}

pub(crate) fn help_of(words: &[String]) -> String {
    let arguments: Vec<_> = words.iter().map(String::as_str).chain(["--help"]).collect();
    run(&arguments)
}

#[test]
fn help_of_all_commands() {
    let shown = |words: Vec<String>| {
        let text = help_of(&words);
        if words.is_empty() { text } else { format!("$ pc-budgets {} --help\n{text}", words.join(" ")) }
    };
    insta::assert_snapshot!(commands().into_iter().map(shown).collect::<Vec<_>>().join("\n"));
}

#[test]
fn help_of_a_command_does_not_repeat_global_options() {
    for words in commands().into_iter().filter(|words| !words.is_empty()) {
        for option in ["--help", "-h"] {
            let text = run(&words.iter().map(String::as_str).chain([option]).collect::<Vec<_>>());
            assert!(text.ends_with("\nGlobal options: see `pc-budgets --help`\n--- stderr\n"), "{words:?} {text}");
            assert!(!text.contains("      --output"), "{words:?} {text}");
        }
    }
}

#[test]
fn global_options_work_after_the_command() {
    let before = run(&["--output", "json", "--sandbox", "get", crate::ONE]);
    assert!(before.starts_with("exit code: 0\n"), "{before}");
    assert_eq!(run(&["get", crate::ONE, "--sandbox", "--output", "json"]), before);
    assert!(run(&["get", crate::ONE, "--sandbox", "--profile", "a"]).starts_with("exit code: 2\n"));
}
