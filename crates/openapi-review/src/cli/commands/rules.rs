use anstyle::Style;
use anyhow::bail;
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
    let Some(rule) = rules::find(id) else {
        bail!("no rule has the id `{id}`: `openapi-review rules` lists all rules{}", similar(id));
    };
    let example = rules::examples().into_iter().find(|example| example.rule == rule.id);
    print(true, &detail(rule, example.as_ref()))
}

/// Rules whose ids share a part with `id`.
fn similar(id: &str) -> String {
    let parts: Vec<&str> = id.split('-').filter(|part| part.len() > 3).collect();
    let shared = |rule: &Rule| parts.iter().filter(|part| rule.id.contains(**part)).count();
    let best = rules::all().map(shared).max().unwrap_or(0);
    let mut ids: Vec<&str> = rules::all().filter(|rule| best > 0 && shared(rule) == best).map(|rule| rule.id).collect();
    ids.truncate(3);
    if ids.is_empty() { String::new() } else { format!("; similar: {}", ids.join(", ")) }
}

fn list() -> String {
    let bold = Style::new().bold();
    let width = rules::all().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut text = format!("{bold}{:width$}  {:8}  {:8}  change{bold:#}\n", "rule", "request", "response");
    for rule in rules::all() {
        let Rule { id, .. } = rule;
        let [request, response] = [rule.request, rule.response].map(Level::name);
        text += &format!("{id:width$}  {request:8}  {response:8}  {}\n", message(rule));
    }
    text
}

fn detail(rule: &Rule, example: Option<&Example>) -> String {
    let bold = Style::new().bold();
    let levels = match [rule.request, rule.response].map(Level::name) {
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
