//! `pc-budgets` measured against its goals.

mod apply;
mod get;
mod plan;
mod process_cost;
mod relay;
mod usage;

use std::path::Path;
use std::process::Command;

use crate::Part;
use crate::release::Release;

/// One line of the table.
struct Row {
    what: String,
    goal: &'static str,
    measured: String,
}

/// Returns one table in Markdown.
pub(crate) fn measure(release: &Release, part: Option<Part>) -> anyhow::Result<String> {
    for package in ["partner-center-budgets-bench", "partner-center-budgets-sandbox", "partner-center-budgets-cli"] {
        release.build(package)?;
    }
    let mut rows = Vec::new();
    type Measure = fn(&Release) -> anyhow::Result<Vec<Row>>;
    let parts: [(Part, Measure); 4] =
        [(Part::Get, get::rows), (Part::Usage, usage::rows), (Part::Plan, plan::rows), (Part::Apply, apply::rows)];
    for (_, measure) in parts.into_iter().filter(|(name, _)| part.is_none_or(|part| part == *name)) {
        rows.extend(measure(release)?);
    }
    let line = |Row { what, goal, measured }: &Row| format!("| {what} | {goal} | {measured} |\n");
    Ok("| what | goal | measured |\n|---|---|---|\n".to_owned() + &rows.iter().map(line).collect::<String>())
}

/// `pc-budgets` with a token that sandboxes accept.
fn pc_budgets(release: &Release, words: &[&str]) -> Command {
    let mut command = Command::new(release.program("pc-budgets"));
    command.args(words).env("PARTNER_CENTER_TOKEN", "sandbox");
    command
}

/// The path as text. The measurements create their own files, so all paths are UTF-8.
fn text(path: &Path) -> &str {
    path.to_str().unwrap_or_default()
}
