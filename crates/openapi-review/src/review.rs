//! What a comparison finds.

use serde::Serialize;

use crate::rules::Rule;

/// How much a finding matters on the wire, to a client that was made for the old document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// No client notices.
    Fine,
    /// Some clients may break: somebody has to look.
    Check,
    /// Clients break.
    Breaking,
}

/// What a finding does to generated Rust code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// Whether code that uses the generated types stops compiling or behaves differently.
    pub breaks: bool,
    /// What changes in the generated code; empty where nothing does.
    pub text: String,
}

/// One side of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The document, as the user named it.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column, counted from 1.
    pub column: usize,
    /// JSON pointer.
    pub pointer: String,
    /// The value that stands there, as compact JSON.
    pub value: String,
    /// The lines of the source, at most eight, without their common indentation.
    #[serde(skip)]
    pub snippet: String,
}

/// Which side of a call a change is seen from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The client sends it.
    Request,
    /// The client receives it.
    Response,
}

/// An operation that a finding reaches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Use {
    /// Method and path template, such as `GET /v1/customers`.
    pub operation: String,
    /// Its `operationId`.
    pub id: Option<String>,
    /// As what the operation has it.
    #[serde(rename = "as")]
    pub direction: Direction,
}

/// One change, once, however many operations it reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule found it, filled in: `request-property-became-required`.
    pub id: String,
    /// The row of the rule table.
    pub rule: &'static Rule,
    /// How much it matters.
    pub level: Level,
    /// What it does to generated Rust code.
    pub rust: Effect,
    /// Its place in a form that moving and reordering do not change; part of the fingerprint.
    pub stable_place: String,
    /// What the values say, without words; part of the fingerprint.
    pub substance: [Option<String>; 2],
    /// Where it was; none for what was added.
    pub old: Option<Side>,
    /// Where it is; none for what was removed.
    pub new: Option<Side>,
    /// The operations that it reaches; empty where none does.
    pub operations: Vec<Use>,
    /// What changed, in a sentence without a full stop: "property `amount` is now required".
    pub text: String,
}

/// The semver bump that a change asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// Nothing changed.
    None,
    /// Nothing that a program notices.
    Patch,
    /// Something new; below 1.0.0, something that breaks.
    Minor,
    /// Something that breaks clients, on the wire or in generated code.
    Major,
}

/// The result of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Worst first, then in the order of the document.
    pub findings: Vec<Finding>,
    /// The bump that the findings ask for: below 1.0.0, minor for what breaks and patch for the rest.
    pub bump: Bump,
    /// `info.version` of both sides.
    pub versions: [String; 2],
    /// The least version that the bump leads to; none where nothing changed or the old one is not a semver version.
    pub asked_version: Option<String>,
    /// Whether the new `info.version` is at least the one asked for.
    pub version_suffices: bool,
}

impl Review {
    /// How many findings are at `level`.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }
}
