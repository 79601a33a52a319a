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
mod document;
mod effective;
mod lifecycle;
mod matching;
mod merge;
mod newer;
mod nodes;
mod operations;
mod parameters;
mod properties;
mod raw_finding;
mod reach;
mod schemas;
mod security;
mod types;
mod values;

pub(crate) use comparison::matches;
pub use comparison::{KnownScheme, LeftOut, Settings};

use crate::document::Document;
use crate::review::Review;
use comparison::Comparison;

/// Compares `revision` with `base`.
pub fn compare(base: &Document, revision: &Document, settings: &Settings<'_>) -> Review {
    let mut comparison = Comparison::new(base, revision, settings);
    comparison.document();
    comparison.shared_pairs();
    comparison.unused_components();
    comparison.shared_pairs();
    comparison.unexplained();
    merge::merge(comparison)
}
