//! JSON for programs. This is a stable interface: keys may be added, but none is removed or changes its meaning.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::report::{Changed, Report, rust_effect};
use crate::document::Diagnostic;
use crate::review::{AffectedOperation, Bump, Finding, Operations, Side};
use crate::rules::Level;

/// If the findings have more operations than this together, long lists are cut.
const MAX_LISTED: usize = 20_000;
/// The length of a list that is cut.
const MAX_OF_FINDING: usize = 20;

/// A JSON object: `verdict` with the number of findings at each level, `bump`, `versions`, `findings` in the order of the
/// review, `complaints` with the problems of the accept list, the `warnings` of both documents, and the `files` that changed with the
/// document. `rust_unknown` says why the findings do not have the effect on Rust, if they do not.
///
/// `operations_count` of a finding is the number of its `operations`. In a large document, a long list has the first ones only.
/// `operation_set` is then the position of all of them in `operation_sets`: a list of ranges, each with its first and last
/// position in the `operations` of the object. Findings that affect the same operations have the same set.
#[must_use]
pub fn json(report: &Report<'_>) -> String {
    let review = report.review;
    let [old, new] = &review.versions;
    let mut sets = OperationSets::new(review.findings.iter().map(|finding| &finding.operations));
    let findings = review.findings.iter().map(|finding| JsonFinding::new(report, finding, &mut sets)).collect();
    let output = Output {
        verdict: Verdict {
            breaking: review.count(Level::Breaking),
            check: review.count(Level::Check),
            fine: review.count(Level::Fine),
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
struct OperationSets<'a> {
    /// Sorted; empty if no list is cut.
    operations: Vec<&'a AffectedOperation>,
    ranges: Vec<Vec<[usize; 2]>>,
    /// The position of each set in `ranges`, by its address.
    positions: HashMap<usize, usize>,
}

impl<'a> OperationSets<'a> {
    fn new(all: impl Iterator<Item = &'a Operations> + Clone) -> Self {
        let is_large = all.clone().map(Operations::len).sum::<usize>() > MAX_LISTED;
        let mut addresses = HashSet::new();
        let long = all.filter(|set| is_large && set.len() > MAX_OF_FINDING && addresses.insert(set.address()));
        let operations: BTreeSet<&AffectedOperation> = long.flatten().collect();
        Self { operations: operations.into_iter().collect(), ranges: Vec::new(), positions: HashMap::new() }
    }

    /// The position of the set of a finding whose list is cut.
    fn set_of(&mut self, set: &'a Operations) -> Option<usize> {
        if self.operations.is_empty() || set.len() <= MAX_OF_FINDING {
            return None;
        }
        Some(*self.positions.entry(set.address()).or_insert_with(|| {
            let mut ranges: Vec<[usize; 2]> = Vec::new();
            for at in set.iter().filter_map(|operation| self.operations.binary_search(&operation).ok()) {
                match ranges.last_mut() {
                    Some([_, last]) if *last + 1 == at => *last = at,
                    _ => ranges.push([at, at]),
                }
            }
            self.ranges.push(ranges);
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
