//! JSON for programs. This is a stable interface: keys may be added, but none is removed or changes its meaning.

use serde::Serialize;

use super::report::{Changed, Report, rust_effect};
use crate::document::Diagnostic;
use crate::review::{AffectedOperation, Bump, Finding, Side};
use crate::rules::Level;

/// The JSON Schema of [`json`].
pub const JSON_SCHEMA: &str = include_str!("../../schema/report.schema.json");

/// A JSON object, described by [`JSON_SCHEMA`]: `verdict` with the number of findings at each level, `bump`, `versions`, `findings` in the order of the
/// review, `complaints` with the problems of the accept list, and the `files` that changed with the document.
#[must_use]
pub fn json(report: &Report<'_>) -> String {
    let review = report.review;
    let [old, new] = &review.versions;
    let output = Output {
        verdict: Verdict {
            breaking: review.count(Level::Breaking),
            check: review.count(Level::Check),
            fine: review.count(Level::Fine),
            annotations: review.findings.iter().filter(|finding| finding.is_annotation()).count(),
            unaccepted: report.decision.unaccepted(review, Level::Check),
        },
        bump: review.bump,
        versions: Versions { old, new, asked: review.required_version.as_deref(), suffices: review.version_suffices },
        findings: review.findings.iter().map(|finding| JsonFinding::new(report, finding)).collect(),
        complaints: &report.decision.diagnostics,
        files: report.files,
    };
    // Cannot fail: the structures have only texts, numbers and booleans.
    serde_json::to_string_pretty(&output).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
struct Output<'a> {
    verdict: Verdict,
    bump: Bump,
    versions: Versions<'a>,
    findings: Vec<JsonFinding<'a>>,
    complaints: &'a [Diagnostic],
    files: &'a [Changed],
}

#[derive(Serialize)]
struct Verdict {
    breaking: usize,
    check: usize,
    fine: usize,
    /// How many of `fine` only affect readers.
    annotations: usize,
    unaccepted: usize,
}

#[derive(Serialize)]
struct Versions<'a> {
    old: &'a str,
    new: &'a str,
    asked: Option<&'a str>,
    suffices: bool,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    id: &'a str,
    level: Level,
    rust: &'a str,
    breaks_rust: bool,
    /// The position in the new document, or in the old one for a removal.
    pointer: Option<&'a str>,
    old: Option<&'a Side>,
    new: Option<&'a Side>,
    surviving_parent: Option<&'a Side>,
    annotation: bool,
    operations: &'a [AffectedOperation],
    text: &'a str,
    why: &'static str,
    instead: &'static str,
    fingerprint: String,
    accepted: Option<Accepted<'a>>,
}

#[derive(Serialize)]
struct Accepted<'a> {
    reason: &'a str,
    owner: &'a str,
    expires: String,
}

impl<'a> JsonFinding<'a> {
    fn new(report: &Report<'a>, finding: &'a Finding) -> Self {
        let accepted = report.decision.acceptance(finding).map(|entry| Accepted {
            reason: &entry.reason,
            owner: &entry.owner,
            expires: entry.expires.to_string(),
        });
        Self {
            id: &finding.id,
            level: finding.level,
            rust: rust_effect(finding),
            breaks_rust: finding.rust.breaks,
            pointer: finding.new.as_ref().or(finding.old.as_ref()).map(|side| side.pointer.as_str()),
            old: finding.old.as_ref(),
            new: finding.new.as_ref(),
            surviving_parent: finding.surviving_parent.as_ref(),
            annotation: finding.is_annotation(),
            operations: &finding.operations,
            text: &finding.text,
            why: finding.rule.reason,
            instead: finding.rule.suggestion,
            fingerprint: finding.fingerprint(),
            accepted,
        }
    }
}
