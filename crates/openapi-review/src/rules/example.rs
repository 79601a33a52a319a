use serde::{Deserialize, Serialize};

/// An example of a change that a rule reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The id of the rule.
    pub rule: String,
    /// Ids of findings of the rule; the first one is that of the example.
    pub ids: Vec<String>,
    /// The text of the finding.
    pub text: String,
    /// The change of the document, as lines that begin with `-`, `+` or a space.
    pub diff: String,
}

/// The examples, at most one for each rule. A test writes them from the findings that the rules have in other tests.
///
/// ```
/// for example in openapi_review::rules::examples() {
///     println!("{}\n{}", example.text, example.diff);
/// }
/// ```
#[must_use]
pub fn examples() -> Vec<Example> {
    // Cannot fail: a test reads the file, too.
    serde_json::from_str(include_str!("examples.json")).unwrap_or_default()
}
