use crate::document::Node;
use crate::pattern::matches;

/// The inputs of a comparison besides the documents.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings<'a> {
    /// The current day, such as `2026-01-31`, which decides whether a sunset date has passed.
    pub today: &'a str,
    /// Names of header parameters that the generator omits from methods, so that they do not affect generated code.
    pub omitted_headers: &'a [&'a str],
    /// A security scheme that the generated code knows; none if it treats all credentials alike.
    pub known_scheme: Option<KnownScheme<'a>>,
    /// Operations that are not compared.
    pub left_out: LeftOut<'a>,
}

/// A security scheme of which the generated code knows whether an operation accepts it.
#[derive(Debug, Clone, Copy)]
pub struct KnownScheme<'a> {
    /// The name in `components.securitySchemes`.
    pub name: &'a str,
    /// How the generated code treats an operation that accepts it, such as "called with an API key".
    pub accepted: &'a str,
    /// How it treats an operation that does not, such as "called with a user's token only".
    pub rejected: &'a str,
}

/// Operations that are not compared, by path and by tag.
#[derive(Debug, Clone, Copy, Default)]
pub struct LeftOut<'a> {
    /// Path templates. A `*` stands for any text: `/internal/*`.
    pub paths: &'a [String],
    /// Tags. An operation that has one of them in either document is left out.
    pub tags: &'a [String],
}

impl LeftOut<'_> {
    pub(super) fn has_path(&self, path: &str) -> bool {
        self.paths.iter().any(|pattern| matches(pattern, path))
    }

    pub(super) fn has_tag_of(&self, operation: Node<'_>) -> bool {
        let mut tags = operation.get("tags").into_iter().flat_map(Node::items).filter_map(Node::text);
        tags.any(|tag| self.tags.iter().any(|left_out| left_out == tag))
    }
}
