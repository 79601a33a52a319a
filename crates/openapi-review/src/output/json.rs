//! JSON for programs. This is a stable interface: keys may be added, but none is removed or changes its meaning.

use std::collections::HashMap;

use serde::Serialize;

use super::report::{Changed, Report, rust_effect};
use crate::document::Diagnostic;
use crate::review::{AffectedOperation, Bump, Finding, Operations, Side};
use crate::rules::Level;

/// If the findings have more operations than this together, long lists are cut.
const MAX_LISTED: usize = 20_000;
/// The length of a list that is cut.
const MAX_OF_FINDING: usize = 20;

/// The JSON Schema of [`json`].
pub const JSON_SCHEMA: &str = include_str!("../../schema/report.schema.json");

/// A JSON object, described by [`JSON_SCHEMA`]: `verdict` with the number of findings at each level, `bump`, `versions`,
/// `findings` in the order of the review, `complaints` with the problems of the accept list, the `warnings` of both
/// documents, and the `files` that changed with the document. `rust_unknown` says why the findings do not have the effect
/// on Rust, if they do not.
///
/// `operations_count` of a finding is the number of its `operations`. In a large document, a long list has the first ones only.
/// `operation_set` is then the position of all of them in `operation_sets`: a list of ranges, each with its first and last
/// position in the `operations` of the object. Findings that affect the same operations have the same set.
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
/// let object: serde_json::Value = serde_json::from_str(&openapi_review::output::json(&report))?;
/// assert_eq!(object["verdict"]["breaking"], 1);
/// assert_eq!(object["findings"][0]["id"], "request-parameter-max-decreased");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn json(report: &Report<'_>) -> String {
    let review = report.review;
    let [old, new] = &review.versions;
    let mut sets = OperationSets::new(&review.findings);
    let findings = review.findings.iter().map(|finding| JsonFinding::new(report, finding, &mut sets)).collect();
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
        rust_unknown: review.rust_unknown,
        findings,
        operations: &sets.operations,
        operation_sets: &sets.ranges,
        complaints: &report.decision.diagnostics,
        warnings: &review.warnings,
        files: report.files,
    };
    // Cannot fail: the structures have only texts, numbers and booleans.
    serde_json::to_string_pretty(&output).unwrap_or_default() + "\n"
}

/// The operations of findings whose lists are cut.
#[derive(Default)]
struct OperationSets<'a> {
    is_large: bool,
    operations: Vec<&'a AffectedOperation>,
    ranges: Vec<Vec<[usize; 2]>>,
    /// The position in `operations` of each table, by its address.
    tables: HashMap<usize, usize>,
    /// The position in `ranges` of each set, by its address.
    positions: HashMap<usize, usize>,
}

impl<'a> OperationSets<'a> {
    fn new(findings: &[Finding]) -> Self {
        let count: usize = findings.iter().map(|finding| finding.operations.len()).sum();
        Self { is_large: count > MAX_LISTED, ..Self::default() }
    }

    /// The position of the set of a finding whose list is cut.
    fn set_of(&mut self, set: &'a Operations) -> Option<usize> {
        if !self.is_large || set.len() <= MAX_OF_FINDING {
            return None;
        }
        Some(*self.positions.entry(set.address()).or_insert_with(|| {
            let start = *self.tables.entry(set.table_address()).or_insert_with(|| {
                let start = self.operations.len();
                self.operations.extend(set.table());
                start
            });
            self.ranges.push(set.ranges().into_iter().map(|range| range.map(|at| start + at)).collect());
            self.ranges.len() - 1
        }))
    }
}

#[derive(Serialize)]
struct Output<'a> {
    verdict: Verdict,
    bump: Bump,
    versions: Versions<'a>,
    rust_unknown: Option<&'a str>,
    findings: Vec<JsonFinding<'a>>,
    operations: &'a [&'a AffectedOperation],
    operation_sets: &'a [Vec<[usize; 2]>],
    complaints: &'a [Diagnostic],
    warnings: &'a [Diagnostic],
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
    operations: Vec<&'a AffectedOperation>,
    operations_count: usize,
    operation_set: Option<usize>,
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
    fn new(report: &Report<'a>, finding: &'a Finding, sets: &mut OperationSets<'a>) -> Self {
        let operation_set = sets.set_of(&finding.operations);
        let listed = if operation_set.is_some() { MAX_OF_FINDING } else { usize::MAX };
        let accepted = report.decision.acceptance(finding).map(|entry| Accepted {
            reason: &entry.reason,
            owner: &entry.owner,
            expires: entry.expires.to_string(),
        });
        Self {
            id: &finding.id,
            level: finding.level,
            rust: if report.review.rust_unknown.is_some() { "unknown" } else { rust_effect(finding) },
            breaks_rust: finding.rust.breaks,
            pointer: finding.new.as_ref().or(finding.old.as_ref()).map(|side| side.pointer.as_str()),
            old: finding.old.as_ref(),
            new: finding.new.as_ref(),
            surviving_parent: finding.surviving_parent.as_ref(),
            annotation: finding.is_annotation(),
            operations: finding.operations.iter().take(listed).collect(),
            operations_count: finding.operations.len(),
            operation_set,
            text: &finding.text,
            why: finding.rule.reason,
            instead: finding.rule.suggestion,
            fingerprint: finding.fingerprint(),
            accepted,
        }
    }
}
