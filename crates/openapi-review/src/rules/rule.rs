use super::level::Level;
use crate::progenitor_effect::RuleEffect;

/// A row of the rule table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// `*` stands for the position, such as `request-body` or `response-property`, and `{}` for the subject of the rule.
    pub id: &'static str,
    /// Level in a request, and outside of requests and responses.
    pub request: Level,
    /// Level in a response.
    pub response: Level,
    /// The change in a sentence, with the placeholders `{subject}`, `{old}` and `{new}`.
    pub message: &'static str,
    /// Which clients are affected, and how.
    pub reason: &'static str,
    /// A compatible alternative; empty if none is needed.
    pub suggestion: &'static str,
    /// The effect on the Rust code that progenitor generates.
    pub rust: RuleEffect,
}

macro_rules! rules {
    ($($name:ident: $id:literal, $request:ident / $response:ident, $rust:expr,
        $message:literal, $reason:literal, $suggestion:literal;)*) => {
        $(pub(crate) static $name: Rule = Rule {
            id: $id,
            request: Level::$request,
            response: Level::$response,
            message: $message,
            reason: $reason,
            suggestion: $suggestion,
            rust: $rust,
        };)*
        pub(super) static TABLE: &[&Rule] = &[$(&$name),*];
    };
}
pub(super) use rules;
