//! A section of a changelog.

use std::collections::BTreeMap;

use super::markdown::escape::{code, prose};
use super::report::{Heading, Report, affected, clip, directions, heading};
use crate::review::Finding;
use crate::rules::Level;

/// The changes of a release in Markdown, grouped by operation, the breaking ones first. `date` is the day of the release.
///
/// Changes of annotations are counted only.
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
/// let section = openapi_review::output::changelog(&report, "2026-11-28");
/// assert!(section.starts_with("## 1.0.0 - 2026-11-28\n"));
/// # Ok::<(), openapi_review::document::Diagnostic>(())
/// ```
#[must_use]
pub fn changelog(report: &Report<'_>, date: &str) -> String {
    let review = report.review;
    let version = match &*review.versions[1] {
        // The heading of "Keep a Changelog" for a release that has no version yet.
        "" | "missing" => "Unreleased".to_owned(),
        version => plain(version),
    };
    let mut text = format!("## {version} - {}\n", plain(date));
    let mut groups: BTreeMap<Group<'_>, Vec<&Finding>> = BTreeMap::new();
    for finding in review.findings.iter().filter(|finding| !finding.is_annotation()) {
        groups.entry(Group::of(finding)).or_default().push(finding);
    }
    for (group, findings) in &groups {
        text += &format!("\n### {}\n\n", group.title());
        for finding in findings {
            text += &item(finding, group);
        }
    }
    let annotations = review.findings.iter().filter(|finding| finding.is_annotation()).count();
    let places = if annotations == 1 { "place" } else { "places" };
    match (annotations, groups.is_empty()) {
        (0, false) => {}
        (0, true) => text += "\nThe API did not change.\n",
        (_, false) => text += &format!("\nDescriptions, examples or extensions changed in {annotations} {places}.\n"),
        (_, true) => {
            text += &format!("\nOnly descriptions, examples or extensions changed, in {annotations} {places}.\n");
        }
    }
    text
}

/// A group of changes, in the order of the changelog.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Group<'a> {
    /// An operation: its path, method and `operationId`.
    Operation(&'a str, &'a str, Option<&'a str>),
    Shared,
    Document,
}

impl<'a> Group<'a> {
    fn of(finding: &'a Finding) -> Self {
        match heading(finding) {
            Heading::Operation(name) => {
                let (method, path) = name.split_once(' ').unwrap_or((name, ""));
                Self::Operation(path, method, finding.operations.first().and_then(|it| it.id.as_deref()))
            }
            Heading::Shared => Self::Shared,
            Heading::Document => Self::Document,
        }
    }

    fn title(&self) -> String {
        match self {
            Self::Operation(path, method, id) => {
                let id = id.map_or(String::new(), |id| format!(" ({})", code(&clip(id, 200))));
                code(&clip(&format!("{method} {path}"), 200)) + &id
            }
            Self::Shared => "Several operations".to_owned(),
            Self::Document => "The document".to_owned(),
        }
    }
}

/// A version or a date as it is, and anything else as code.
fn plain(text: &str) -> String {
    let is_plain = text.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-+".contains(letter));
    if is_plain { text.to_owned() } else { code(&clip(text, 100)) }
}

fn item(finding: &Finding, group: &Group<'_>) -> String {
    let level = match finding.level {
        Level::Breaking => "**Breaking:** ",
        Level::Check => "**May break clients:** ",
        Level::Fine => "",
    };
    let text = prose(&clip(&finding.text, 400));
    let affected = match group {
        // The heading names the operation.
        Group::Operation(..) => directions(finding).join(", "),
        Group::Document => String::new(),
        Group::Shared => affected(finding, code),
    };
    let affected = if affected.is_empty() { affected } else { format!(" ({affected})") };
    let reason =
        if finding.level > Level::Fine { format!(" {}.", capitalized(finding.rule.reason)) } else { String::new() };
    format!("- {level}{}{affected}.{reason}\n", if level.is_empty() { capitalized(&text) } else { text })
}

/// `text` with a capital letter at the start, unless it starts with code.
fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
