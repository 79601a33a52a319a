//! For the comment on a pull request.

use self::escape::{code, prose};
use self::findings::groups;
use super::{Report, Section, clip};
use crate::review::{Finding, Level};
use crate::rules::Rule;

mod escape;
mod findings;

/// The most bytes of [`markdown`]. GitHub takes comments of at most 65,536 characters, a caller's own line included.
pub const LIMIT: usize = 65_000;

/// How much is told of a finding, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    Hidden,
    Line,
    NoSnippet,
    Full,
}

/// How much is told of each section, in the order of [`Section::ALL`].
type Plan = [Detail; 4];

/// What is tried until one fits: what matters least goes first.
const PLANS: [Plan; 7] = {
    use Detail::{Full, Hidden, Line, NoSnippet};
    [
        [Full, Full, Full, Full],
        [Full, Full, Full, NoSnippet],
        [Full, Full, Full, Hidden],
        [Full, NoSnippet, NoSnippet, Hidden],
        [NoSnippet, NoSnippet, NoSnippet, Hidden],
        [NoSnippet, Line, Line, Hidden],
        [Line, Line, Line, Hidden],
    ]
};

/// Markdown of at most [`LIMIT`] bytes: the verdict, what breaks, and the rest folded, each grouped by operation.
///
/// What does not fit is left out, first of all of what is fine, and the second line says what that is.
#[must_use]
pub fn markdown(report: &Report<'_>) -> String {
    let sections = Section::ALL.map(|section| report.section(section));
    let all = report.review.findings.len();
    let render = |plan, most| render(report, &sections, plan, most);
    if let Some(text) = PLANS.iter().find_map(|plan| render(plan, all)) {
        return text;
    }
    // No finding takes less than 16 bytes, so more of them need not be tried.
    let (mut fits, mut most) = (0, all.min(LIMIT / 16));
    let [.., shortest] = &PLANS;
    while fits < most {
        let middle = (fits + most).div_ceil(2);
        if render(shortest, middle).is_some() { fits = middle } else { most = middle - 1 }
    }
    render(shortest, fits).unwrap_or_else(|| prose(&clip(&report.verdict(), 1000)))
}

/// At most `most` findings, told as `plan` says; none if that is longer than the limit.
fn render(report: &Report<'_>, sections: &[Vec<&Finding>; 4], plan: &Plan, most: usize) -> Option<String> {
    let mut left = most;
    let mut omitted = Vec::new();
    let mut body = String::new();
    for ((section, findings), detail) in Section::ALL.into_iter().zip(sections).zip(*plan) {
        let count = findings.len();
        let told = if detail == Detail::Hidden { 0 } else { count.min(left) };
        left -= told;
        let name = section.name();
        if told < count {
            omitted.push(format!("{} of {count} {name}", count - told));
        }
        match detail {
            _ if told == 0 => continue,
            Detail::NoSnippet => omitted.push(format!("snippets of what is {name}")),
            Detail::Line => omitted.push(format!("details of what is {name}")),
            Detail::Full | Detail::Hidden => {}
        }
        let open = section == Section::Breaking;
        let title = format!("{count} {name}");
        body += &if open { format!("\n### {title}\n") } else { format!("\n<details>\n<summary>{title}</summary>\n") };
        groups(report, &findings[..told], detail, &mut body)?;
        if told < count {
            body += &format!("\n… and {} more: run `cargo xtask diff`\n", count - told);
        }
        if !open {
            body += "\n</details>\n";
        }
    }
    let mut text = format!("**Document diff:** {}\n", prose(&clip(&report.verdict(), 1000)));
    if !report.files.is_empty() {
        let files: Vec<String> = report.files.iter().map(|changed| prose(&changed.to_string())).collect();
        text += &format!("\nTo review together: {}\n", files.join(", "));
    }
    if !omitted.is_empty() {
        text += &format!("\nToo long for a comment, so this is left out: {}. ", omitted.join(", "));
        text += "Run `cargo xtask diff` to see everything.\n";
    }
    text += &complaints(report);
    text += &body;
    (text.len() <= LIMIT).then_some(text)
}

/// What is wrong with the accept list: the reader of a comment would not know otherwise why the check failed.
fn complaints(report: &Report<'_>) -> String {
    const SHOWN: usize = 10;
    let all = &report.decision.complaints;
    if all.is_empty() {
        return String::new();
    }
    let mut text = "\n### Accept list\n\n".to_owned();
    for complaint in all.iter().take(SHOWN) {
        let place = code(&format!("{}:{}", clip(&complaint.file, 100), complaint.line));
        text += &format!("- {place}: {}\n", prose(&clip(&complaint.reason, 200)));
    }
    if all.len() > SHOWN {
        text += &format!("\n… and {} more: run `cargo xtask diff`\n", all.len() - SHOWN);
    }
    text
}

/// The rule table.
#[must_use]
pub fn rules<'a>(rules: impl Iterator<Item = &'a Rule>) -> String {
    let mut text = "| rule | sent | received | why | instead | Rust |\n|---|---|---|---|---|---|\n".to_owned();
    for rule in rules {
        let levels = [rule.request, rule.response].map(|level| match level {
            Level::Breaking => "breaking",
            Level::Check => "check",
            Level::Fine => "fine",
        });
        let [why, instead, rust] =
            [rule.why, rule.instead, &rule.rust.to_string()].map(|cell| cell.replace('|', "\\|"));
        text += &format!("| `{}` | {} | {} | {why} | {instead} | {rust} |\n", rule.id, levels[0], levels[1]);
    }
    text
}
