//! What `pc-budgets` costs, beside what is asked of it.

mod apply;
mod get;
mod plan;
mod relay;
mod usage;
mod watch;

use std::path::Path;
use std::process::Command;

use super::Part;
use super::build::Release;

/// One line of the table.
struct Row {
    what: String,
    asked: &'static str,
    measured: String,
}

/// One table in Markdown.
pub(super) fn run(release: &Release, part: Option<Part>) -> anyhow::Result<String> {
    release.build("partner-center-budgets", "--examples")?;
    release.build("partner-center-budgets-sandbox", "--bins")?;
    release.build("partner-center-budgets-cli", "--bins")?;
    let mut rows = Vec::new();
    type Measure = fn(&Release) -> anyhow::Result<Vec<Row>>;
    let parts: [(Part, Measure); 4] =
        [(Part::Get, get::rows), (Part::Usage, usage::rows), (Part::Plan, plan::rows), (Part::Apply, apply::rows)];
    for (_, measure) in parts.into_iter().filter(|(name, _)| part.is_none_or(|part| part == *name)) {
        rows.extend(measure(release)?);
    }
    let line = |Row { what, asked, measured }: &Row| format!("| {what} | {asked} | {measured} |\n");
    Ok("| what | asked | measured |\n|---|---|---|\n".to_owned() + &rows.iter().map(line).collect::<String>())
}

/// `pc-budgets` with a token that sandboxes take.
fn pc_budgets(release: &Release, words: &[&str]) -> Command {
    let mut command = Command::new(release.program("pc-budgets"));
    command.args(words).env("PARTNER_CENTER_TOKEN", "sandbox");
    command
}

/// Paths that the measurements make up are text.
fn text(path: &Path) -> &str {
    path.to_str().unwrap_or_default()
}
