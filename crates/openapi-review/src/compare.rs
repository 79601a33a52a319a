//! The comparison: walks both documents in parallel and reports each change once.
//!
//! The targets of references are compared once for each way they are used, from a queue. So cycles end, a chain of
//! references needs no stack, and a change of a shared schema is one finding, not one for each operation.

mod annotations;
mod bodies;
mod bounds;
mod branches;
mod change;
mod comparison;
mod containment;
mod context;
mod declared_properties;
mod document;
mod effective;
mod exclusion;
mod exploded;
mod json_types;
mod keywords;
mod lifecycle;
mod matching;
mod media_types;
mod merge;
mod nodes;
mod operations;
mod parameters;
mod properties;
mod raw_finding;
mod reach;
mod renaming;
mod schemas;
mod security;
mod settings;
mod types;
mod unjudged;
mod validation;
mod values;

pub use settings::{KnownScheme, LeftOut, Settings};

use crate::document::Document;
use crate::review::Review;
use comparison::Comparison;

/// Compares `revision` with `base`.
///
/// ```
/// use openapi_review::document::Document;
/// use openapi_review::{Settings, compare};
///
/// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
/// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
/// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
/// #  ]}}}}";
/// # let (old_text, new_text) = (text, text.replace("500", "300"));
/// let base = Document::parse("main:openapi.yaml", old_text)?;
/// let revision = Document::parse("openapi.yaml", &new_text)?;
/// let review = compare(&base, &revision, &Settings { today: "2026-11-28", ..Settings::default() });
/// assert_eq!(review.findings[0].text, "`maximum` of the parameter `size` decreased from `500` to `300`");
/// assert_eq!(review.required_version.as_deref(), Some("2.0.0"));
/// # Ok::<(), openapi_review::document::Diagnostic>(())
/// ```
pub fn compare(base: &Document, revision: &Document, settings: &Settings<'_>) -> Review {
    let mut comparison = Comparison::new(base, revision, settings);
    comparison.document();
    comparison.compare_shared_pairs();
    comparison.unused_components();
    comparison.compare_shared_pairs();
    comparison.report_unexplained();
    merge::merge(comparison)
}
