//! Markdown for a comment on a pull request.

mod detail;
pub(super) mod escape;
mod sections;

use self::detail::{DETAILS, Detail, Details};
use self::escape::{code, prose};
use super::report::{Report, Section, clip, first_of};
use crate::review::Finding;
use crate::rules::{Level, Rule};

pub use self::detail::MAX_BYTES;

/// The maximum number of problems of the accept list in a comment.
const MAX_DIAGNOSTICS: usize = 10;

/// Markdown of at most [`MAX_BYTES`]: the verdict, the breaking findings, and all others folded, grouped by operation.
///
/// If it would be too long, the fine findings are left out first. The second line says what is left out.
///
/// ```
/// # use openapi_review::document::Document;
/// # use openapi_review::{Settings, compare};
/// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
/// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
/// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
/// #  ]}}}}";
/// # let base = Document::parse("main:openapi.yaml", text)?;
/// # let revision = Document::parse("openapi.yaml", &text.replace("500", "300"))?;
/// # let review = compare(&base, &revision, &Settings::default());
/// # let report = openapi_review::output::Report {
/// #     review: &review,
/// #     decision: &Default::default(),
/// #     file: revision.name(),
/// #     documents: 1,
/// #     files: &[],
/// #     annotations: false,
/// #     see_all: "run `openapi-review diff`",
/// # };
/// let comment = openapi_review::output::markdown(&report);
/// assert!(comment.starts_with("**Document diff:** 1 breaking, "));
/// # Ok::<(), openapi_review::document::Diagnostic>(())
/// ```
#[must_use]
pub fn markdown(report: &Report<'_>) -> String {
    let sections = Section::ALL.map(|section| report.section(section));
    let all = report.review.findings.len();
    let render = |details, limit| render(report, &sections, details, limit);
    if let Some(text) = DETAILS.iter().find_map(|details| render(details, all)) {
        return text;
    }
    // A binary search for the largest number of findings that fits. Each finding takes at least 16 bytes.
    let (mut fits, mut limit) = (0, all.min(MAX_BYTES / 16));
    let [.., shortest] = &DETAILS;
    while fits < limit {
        let middle = (fits + limit).div_ceil(2);
        if render(shortest, middle).is_some() { fits = middle } else { limit = middle - 1 }
    }
    render(shortest, fits).unwrap_or_else(|| prose(&clip(&report.verdict(), 1000)))
}

/// At most `limit` findings with the given details; none if the text is too long.
fn render(report: &Report<'_>, sections: &[Vec<&Finding>; 5], details: &Details, limit: usize) -> Option<String> {
    let mut left = limit;
    let mut omitted = Vec::new();
    let mut body = String::new();
    for ((section, findings), detail) in Section::ALL.into_iter().zip(sections).zip(*details) {
        let count = findings.len();
        let (shown, more) = first_of(findings, if detail == Detail::Hidden { 0 } else { left });
        left -= shown.len();
        let name = section.name();
        if more.is_some() {
            omitted.push(format!("{} of {count} {name}", count - shown.len()));
        }
        match detail {
            _ if shown.is_empty() => continue,
            Detail::NoSnippet => omitted.push(format!("snippets of {name} findings")),
            Detail::Line if section != Section::Annotations => omitted.push(format!("details of {name} findings")),
            Detail::Full | Detail::Line | Detail::Hidden => {}
        }
        let is_open = section == Section::Breaking;
        let title = format!("{count} {name}");
        body += &match is_open {
            true => format!("\n### {title}\n"),
            false => format!("\n<details>\n<summary>{title}</summary>\n"),
        };
        sections::write_findings(report, shown, detail, &mut body)?;
        if let Some(more) = more {
            body += &format!("\n{more}: {}\n", report.see_all);
        }
        if !is_open {
            body += "\n</details>\n";
        }
    }
    let mut text = format!("**Document diff:** {}\n", prose(&clip(&report.verdict(), 1000)));
    if !report.files.is_empty() {
        let files: Vec<String> = report.files.iter().map(|changed| prose(&changed.to_string())).collect();
        text += &format!("\nReview together with: {}\n", files.join(", "));
    }
    if !omitted.is_empty() {
        let omitted = omitted.join(", ");
        text += &format!("\nToo long for a comment. Left out: {omitted}. To see everything, {}.\n", report.see_all);
    }
    text += &diagnostics(report);
    text += &body;
    (text.len() <= MAX_BYTES).then_some(text)
}

/// The problems of the accept list, which explain why the check failed.
fn diagnostics(report: &Report<'_>) -> String {
    let all = &report.decision.diagnostics;
    if all.is_empty() {
        return String::new();
    }
    let mut text = "\n### Accept list\n\n".to_owned();
    let (first, more) = first_of(all, MAX_DIAGNOSTICS);
    for diagnostic in first {
        let position = code(&format!("{}:{}", clip(&diagnostic.file, 100), diagnostic.line));
        text += &format!("- {position}: {}\n", prose(&clip(&diagnostic.reason, 200)));
    }
    if let Some(more) = more {
        text += &format!("\n{more}: {}\n", report.see_all);
    }
    text
}

/// The rule table as Markdown.
///
/// ```
/// use openapi_review::{output, rules};
///
/// let table = output::rules(rules::find("request-property-became-required").into_iter());
/// assert!(table.lines().last().is_some_and(|row| row.starts_with("| `*-became-required` | breaking |")));
/// ```
#[must_use]
pub fn rules<'a>(rules: impl Iterator<Item = &'a Rule>) -> String {
    let mut text =
        "| rule | in requests | in responses | reason | suggestion | Rust |\n|---|---|---|---|---|---|\n".to_owned();
    for rule in rules {
        let levels = [rule.request, rule.response].map(Level::name);
        let [reason, suggestion, rust] =
            [rule.reason, rule.suggestion, &rule.rust.to_string()].map(|cell| cell.replace('|', "\\|"));
        text += &format!("| `{}` | {} | {} | {reason} | {suggestion} | {rust} |\n", rule.id, levels[0], levels[1]);
    }
    text
}
