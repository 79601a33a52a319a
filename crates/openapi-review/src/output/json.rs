//! For programs. What stands here is an interface: keys may be added, none changes its meaning.

use serde::Serialize;

use super::{Changed, Report, rust};
use crate::document::Complaint;
use crate::review::{Bump, Finding, Level, Side, Use};

/// One JSON object: `verdict` with how many findings there are at each level, `bump`, `versions`, `findings` in the order
/// of the review, `complaints` about the accept list,
/// and the `files` that changed with the document.
#[must_use]
pub fn json(report: &Report<'_>) -> String {
    let review = report.review;
    let [old, new] = &review.versions;
    let output = Output {
        verdict: Verdict {
            breaking: review.count(Level::Breaking),
            check: review.count(Level::Check),
            fine: review.count(Level::Fine),
            unaccepted: report.decision.open(review, Level::Check),
        },
        bump: review.bump,
        versions: Versions { old, new, asked: review.asked_version.as_deref(), suffices: review.version_suffices },
        findings: review.findings.iter().map(|finding| Shown::new(report, finding)).collect(),
        complaints: &report.decision.complaints,
        files: report.files,
    };
    // Structures of texts, numbers and truth values: nothing that JSON cannot express.
    serde_json::to_string_pretty(&output).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
struct Output<'a> {
    verdict: Verdict,
    bump: Bump,
    versions: Versions<'a>,
    findings: Vec<Shown<'a>>,
    complaints: &'a [Complaint],
    files: &'a [Changed],
}

#[derive(Serialize)]
struct Verdict {
    breaking: usize,
    check: usize,
    fine: usize,
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
struct Shown<'a> {
    id: &'a str,
    level: Level,
    rust: &'a str,
    breaks_rust: bool,
    /// Where it is, or where it was if it is gone.
    pointer: Option<&'a str>,
    old: Option<&'a Side>,
    new: Option<&'a Side>,
    operations: &'a [Use],
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

impl<'a> Shown<'a> {
    fn new(report: &Report<'a>, finding: &'a Finding) -> Self {
        let accepted = report.decision.acceptance(finding).map(|entry| Accepted {
            reason: &entry.reason,
            owner: &entry.owner,
            expires: entry.expires.to_string(),
        });
        Self {
            id: &finding.id,
            level: finding.level,
            rust: rust(finding),
            breaks_rust: finding.rust.breaks,
            pointer: finding.new.as_ref().or(finding.old.as_ref()).map(|side| side.pointer.as_str()),
            old: finding.old.as_ref(),
            new: finding.new.as_ref(),
            operations: &finding.operations,
            text: &finding.text,
            why: finding.rule.why,
            instead: finding.rule.instead,
            fingerprint: finding.fingerprint(),
            accepted,
        }
    }
}
