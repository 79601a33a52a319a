use anstyle::Style;
use anyhow::ensure;
use clap::{Args, ValueEnum};

use crate::cli::comparison::print;
use crate::output;
use crate::rules::{self, Example, Level, Rule};

/// Explain the rules: what is a change, why it matters, how to ship it instead, and an example
#[derive(Debug, Args)]
#[command(after_help = "\
In an id, `*` is the position of a schema, such as request-property, and `{}` the subject of the rule.

Exit codes: 0 success, 2 an unknown id

Example: openapi-review rules request-property-became-required")]
pub(in crate::cli) struct RulesArgs {
    /// The id of a rule or of a finding; without it, all rules are listed
    id: Option<String>,
    /// The format of the list
    #[arg(long, value_enum, default_value_t, conflicts_with = "id")]
    format: ListFormat,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// For a terminal
    #[default]
    Text,
    /// A Markdown table
    Markdown,
}

pub(in crate::cli) fn run(arguments: &RulesArgs) -> anyhow::Result<()> {
    let Some(id) = &arguments.id else {
        return match arguments.format {
            ListFormat::Text => print(true, &list()),
            ListFormat::Markdown => print(false, &output::rules(rules::all())),
        };
    };
    let examples = rules::examples();
    let example = |rule: &Rule| examples.iter().find(|example| example.is_of(rule));
    // Rules with the same pattern differ in their subject, such as `max` and `min`, at the end of the ids of their findings.
    let mut found = rules::find(id);
    let likeness = |rule: &Rule| example(rule).map_or(0, |example| common_end(example, id));
    let best = found.iter().map(|rule| likeness(rule)).max();
    found.retain(|rule| rule.id == id || Some(likeness(rule)) == best);
    ensure!(!found.is_empty(), "no rule has the id `{id}`: `openapi-review rules` lists all rules{}", similar(id));
    let details: Vec<String> = found.into_iter().map(|rule| detail(rule, example(rule))).collect();
    print(true, &details.join("\n"))
}

/// The length of the longest common end of `id` and an id of the example.
fn common_end(example: &Example, id: &str) -> usize {
    let common =
        |other: &String| other.bytes().rev().zip(id.bytes().rev()).take_while(|(one, other)| one == other).count();
    example.ids.iter().map(common).max().unwrap_or(0)
}

/// Rules whose ids share a part with `id`.
fn similar(id: &str) -> String {
    let parts: Vec<&str> = id.split('-').filter(|part| part.len() > 3).collect();
    let shared = |rule: &Rule| parts.iter().filter(|part| rule.id.contains(**part)).count();
    let best = rules::all().map(shared).max().unwrap_or(0);
    let mut ids: Vec<&str> = rules::all().filter(|rule| best > 0 && shared(rule) == best).map(|rule| rule.id).collect();
    ids.dedup();
    ids.truncate(3);
    if ids.is_empty() { String::new() } else { format!("; similar: {}", ids.join(", ")) }
}

fn list() -> String {
    let bold = Style::new().bold();
    let width = rules::all().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut text = format!("{bold}{:width$}  {:8}  {:8}  change{bold:#}\n", "rule", "request", "response");
    for rule in rules::all() {
        let Rule { id, .. } = rule;
        let [request, response] = [rule.request, rule.response].map(level);
        text += &format!("{id:width$}  {request:8}  {response:8}  {}\n", message(rule));
    }
    text
}

fn detail(rule: &Rule, example: Option<&Example>) -> String {
    let bold = Style::new().bold();
    let levels = match [rule.request, rule.response].map(level) {
        [request, response] if request == response => request.to_owned(),
        [request, response] => format!("{request} in requests, {response} in responses"),
    };
    let mut text = format!("{bold}{}{bold:#}\n", rule.id);
    let lines = [
        ("what", message(rule)),
        ("level", levels),
        ("why", rule.reason.to_owned()),
        (
            "instead",
            if rule.suggestion.is_empty() { "no alternative is needed".to_owned() } else { rule.suggestion.to_owned() },
        ),
        ("rust", rule.rust.to_string()),
    ];
    for (label, line) in lines {
        text += &format!("    {label:8}  {line}\n");
    }
    if let Some(example) = example {
        text += &format!("    {:8}  {}: {}\n", "example", example.ids.first().map_or("", String::as_str), example.text);
        for line in example.diff.lines() {
            text += &format!("    {:8}    {line}\n", "");
        }
    }
    text
}

/// The message of a rule, readable without a finding.
fn message(rule: &Rule) -> String {
    rule.message.replace("{subject}", "SUBJECT").replace("{old}", "OLD").replace("{new}", "NEW").replace("{}", "PART")
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Breaking => "breaking",
        Level::Check => "check",
        Level::Fine => "fine",
    }
}
