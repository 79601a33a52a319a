//! The rule table: for each kind of change, its level, its reason and a suggestion.
//!
//! The ids are those of oasdiff where both have the same rule.

mod calls;
mod example;
mod level;
mod rule;
mod schemas;

use crate::compare::matches;

pub(crate) use calls::*;
pub use example::{Example, examples};
pub use level::Level;
pub use rule::Rule;
pub(crate) use schemas::*;

/// All rules, in the order of the table.
///
/// ```
/// use openapi_review::rules::{self, Level};
///
/// for rule in rules::all().filter(|rule| rule.request == Level::Breaking) {
///     println!("{}: {}", rule.id, rule.reason);
/// }
/// ```
pub fn all() -> impl Iterator<Item = &'static Rule> {
    calls::TABLE.iter().chain(schemas::TABLE).copied()
}

/// The rules with this id, which may be the id of a finding, such as `request-property-became-required`. If several
/// match, the most specific ones.
///
/// ```
/// use openapi_review::rules;
///
/// let found = rules::find("request-property-became-required");
/// assert_eq!((found.len(), found[0].id), (1, "*-became-required"));
/// assert_eq!(found[0].suggestion, "keep it optional, with a default");
/// ```
pub fn find(id: &str) -> Vec<&'static Rule> {
    let exact: Vec<_> = all().filter(|rule| rule.id == id).collect();
    if !exact.is_empty() {
        return exact;
    }
    let matching = |rule: &&Rule| matches(&pattern(rule), id);
    let length = |rule: &Rule| pattern(rule).len();
    let longest = all().filter(matching).map(length).max();
    all().filter(matching).filter(|rule| Some(length(rule)) == longest).collect()
}

/// Whether a rule can have a finding with this id, in which `*` stands for any text.
pub(crate) fn is_known(id: &str) -> bool {
    all().any(|rule| rule.id == id || have_common_text(pattern(rule).as_bytes(), id.as_bytes()))
}

/// The id of a rule with `*` for each placeholder.
fn pattern(rule: &Rule) -> String {
    match rule.id {
        // The id has no fixed part, but all its findings are about properties.
        "{}" => "*-property*".to_owned(),
        id => id.replace("{}", "*"),
    }
}

/// Whether a text matches both patterns.
fn have_common_text(one: &[u8], other: &[u8]) -> bool {
    match (one, other) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => {
            have_common_text(rest, other)
                || other.split_first().is_some_and(|(_, shorter)| have_common_text(one, shorter))
        }
        (_, [b'*', ..]) => have_common_text(other, one),
        ([a, one @ ..], [b, other @ ..]) => a == b && have_common_text(one, other),
        _ => false,
    }
}
