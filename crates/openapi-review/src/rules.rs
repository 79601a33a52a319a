//! The rule table: for each kind of change, its level, its reason and a suggestion.
//!
//! The ids are those of oasdiff where both have the same rule.

mod calls;
mod level;
mod rule;
mod schemas;

pub(crate) use calls::*;
pub use level::Level;
pub use rule::Rule;
pub(crate) use schemas::*;

/// All rules, in the order of the table.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    calls::TABLE.iter().chain(schemas::TABLE).copied()
}
