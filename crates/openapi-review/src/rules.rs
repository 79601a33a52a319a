//! The rule table: for each kind of change, its level, its reason and a suggestion.
//!
//! The ids are those of oasdiff where both have the same rule.

mod calls;
mod example;
mod level;
mod rule;
mod schemas;

use crate::pattern::{have_common_text, matches};

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

/// The rule with this id, which may be the id of a finding, such as `request-property-became-required`.
///
/// ```
/// use openapi_review::rules;
///
/// let rule = rules::find("request-property-became-required").unwrap();
/// assert_eq!((rule.id, rule.suggestion), ("*-became-required", "keep it optional, with a default"));
/// assert_eq!(rules::find("*-became-required"), Some(rule));
/// ```
pub fn find(id: &str) -> Option<&'static Rule> {
    let of_finding = || {
        let matching = all().filter(|rule| matches(&pattern(rule), id));
        // The most specific one: `*-enum-removed` before `{}-removed`.
        matching.max_by_key(|rule| rule.id.len())
    };
    all().find(|rule| rule.id == id).or_else(of_finding)
}

/// Whether a rule can have a finding with this id, in which `*` stands for any text.
pub(crate) fn is_known(id: &str) -> bool {
    all().any(|rule| rule.id == id || have_common_text(&pattern(rule), id))
}

impl Rule {
    /// Whether its changes only affect readers: descriptions, examples, extensions and the notation of a value. Neither
    /// requests nor responses change.
    ///
    /// ```
    /// use openapi_review::rules;
    ///
    /// // The rules about requests and responses.
    /// for rule in rules::all().filter(|rule| !rule.is_annotation()) {
    ///     println!("{}: {}", rule.id, rule.reason);
    /// }
    /// ```
    #[must_use]
    pub fn is_annotation(&self) -> bool {
        self.id == ANNOTATION.id
    }
}

/// The id of a rule with `*` for each placeholder.
fn pattern(rule: &Rule) -> String {
    rule.id.replace("{}", "*")
}
