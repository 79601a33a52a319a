//! The result of a comparison.

mod operations;

use serde::Serialize;

pub(crate) use self::operations::OperationTable;
pub use self::operations::{Iter, Operations};
use crate::document::Diagnostic;
use crate::progenitor_effect::Effect;
use crate::rules::{Level, Rule};

/// One side of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The name of the document, as given by the caller.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column, counted from 1.
    pub column: usize,
    /// JSON pointer.
    pub pointer: String,
    /// The value there, as compact JSON.
    pub value: String,
    /// The lines of the source, at most eight, without their common indentation.
    #[serde(skip)]
    pub snippet: String,
}

/// The direction of a value, as a client sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The client sends it.
    Request,
    /// The client receives it.
    Response,
}

impl Direction {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// An operation that a finding affects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct AffectedOperation {
    /// Method and path template, such as `GET /v1/customers`.
    pub operation: String,
    /// Its `operationId`.
    pub id: Option<String>,
    /// Whether the change is in its request or its response.
    #[serde(rename = "as")]
    pub direction: Direction,
}

impl AffectedOperation {
    /// Its `operationId`; method and path if it has none.
    ///
    /// ```
    /// use openapi_review::review::{AffectedOperation, Direction};
    ///
    /// let mut operation =
    ///     AffectedOperation { operation: "GET /pets".to_owned(), id: None, direction: Direction::Response };
    /// assert_eq!(operation.name(), "GET /pets");
    /// operation.id = Some("list_pets".to_owned());
    /// assert_eq!(operation.name(), "list_pets");
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.operation)
    }
}

/// A change. A change of a shared schema is one finding, however many operations it affects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule with its placeholders filled in, such as `request-property-became-required`.
    pub id: String,
    /// The row of the rule table.
    pub rule: &'static Rule,
    /// How severe the change is.
    pub level: Level,
    /// The effect on generated Rust code; none if [`Review::rust_unknown`].
    pub rust: Effect,
    /// A path that stays the same when the change moves in the document; part of the fingerprint.
    pub stable_path: String,
    /// The old and the new value without annotations, as canonical JSON; part of the fingerprint.
    pub canonical_values: [Option<String>; 2],
    /// The position in the old document; none for an addition.
    pub old: Option<Side>,
    /// The position in the new document; none for a removal.
    pub new: Option<Side>,
    /// Where a removal would be in the new document: the nearest parent that still exists. None for other changes.
    pub surviving_parent: Option<Side>,
    /// The affected operations; empty if there are none.
    pub operations: Operations,
    /// The change in a sentence without a full stop: "property `amount` is now required".
    pub text: String,
}

/// A semver bump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// Nothing changed.
    None,
    /// No program is affected.
    Patch,
    /// A compatible addition; below 1.0.0, a breaking change.
    Minor,
    /// A breaking change, on the wire or in generated code.
    Major,
}

/// The result of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Worst first, then in the order of the document.
    pub findings: Vec<Finding>,
    /// The bump that the findings require: below 1.0.0, minor for breaking changes and patch for all others.
    pub bump: Bump,
    /// `info.version` of both documents.
    pub versions: [String; 2],
    /// The lowest version that has the bump; none if nothing changed or the old version is no semantic version.
    pub required_version: Option<String>,
    /// Whether the new `info.version` is at least the required one.
    pub version_suffices: bool,
    /// The warnings of both documents.
    pub warnings: Vec<Diagnostic>,
    /// Why the effect on generated Rust code is unknown; none if the findings have it.
    pub rust_unknown: Option<&'static str>,
}

/// The keys of a document besides `components`.
const DOCUMENT_KEYS: [&str; 9] =
    ["openapi", "info", "jsonSchemaDialect", "servers", "paths", "webhooks", "security", "tags", "externalDocs"];

impl Finding {
    /// Whether the change only affects readers of the document: see [`Rule::is_annotation`].
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
    /// let revision = Document::parse("openapi.yaml", &text.replace("description: Pets", "description: All pets"))?;
    /// let review = compare(&base, &revision, &Settings::default());
    /// assert!(review.findings[0].is_annotation());
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    #[must_use]
    pub fn is_annotation(&self) -> bool {
        self.level == Level::Fine && self.rule.is_annotation() && !self.rust.breaks
    }

    /// Whether the change is part of requests or responses. An operation itself, its `security` or a server is not.
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
    /// assert!(review.findings[0].has_direction(), "clients send the parameter");
    ///
    /// # let revision = Document::parse("openapi.yaml", "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {}}")?;
    /// // Without the operation.
    /// let review = compare(&base, &revision, &Settings::default());
    /// assert!(!review.findings[0].has_direction());
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    #[must_use]
    pub fn has_direction(&self) -> bool {
        [&self.old, &self.new].into_iter().flatten().any(|side| {
            let steps: Vec<&str> = side.pointer.split('/').skip(1).take(4).collect();
            match &*steps {
                ["components", kind, ..] => *kind != "securitySchemes",
                ["paths", _, "parameters", ..] => true,
                ["paths", _, _, part, ..] => ["parameters", "requestBody", "responses", "callbacks"].contains(part),
                // A schema in another file.
                [first, ..] => !first.starts_with("x-") && !DOCUMENT_KEYS.contains(first),
                [] => false,
            }
        })
    }
}

impl Review {
    /// The number of findings at `level`.
    ///
    /// ```
    /// # use openapi_review::rules::Level;
    /// # use openapi_review::document::Document;
    /// # use openapi_review::{Settings, compare};
    /// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
    /// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
    /// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
    /// #  ]}}}}";
    /// # let base = Document::parse("main:openapi.yaml", text)?;
    /// # let revision = Document::parse("openapi.yaml", &text.replace("500", "300"))?;
    /// # let review = compare(&base, &revision, &Settings::default());
    /// assert_eq!(review.count(Level::Breaking), 1);
    /// assert_eq!(review.count(Level::Check), 0);
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }
}
