//! Keywords of schemas that only one of the versions 3.0 and 3.1 of OpenAPI has.

use crate::document::{Kind, Node};

/// Keywords that may stand next to `$ref` in OpenAPI 3.0 without effect, and are not missed.
const ANNOTATIONS: [&str; 11] = [
    "$ref",
    "$comment",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "readOnly",
    "summary",
    "title",
    "writeOnly",
];

/// Keywords without a form in OpenAPI 3.0, whose changes a person has to judge.
pub(crate) const NEWER_KEYWORDS: [&str; 17] = [
    "$dynamicRef",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Whether a schema of OpenAPI 3.0 has something that only OpenAPI 3.1 gives a meaning to.
pub(super) fn has_newer(schema: Node<'_>) -> bool {
    let is_reference = schema.get("$ref").is_some_and(|reference| reference.text().is_some());
    schema.entries().any(
        |(key, node)| {
            if is_reference { is_ignored_next_to_reference(key) } else { is_newer(key, node) }
        },
    )
}

/// Whether a keyword, or the form of its value, has no meaning in OpenAPI 3.0.
pub(super) fn is_newer(key: &str, node: Node<'_>) -> bool {
    match key {
        "type" => matches!(node.kind(), Kind::List | Kind::Text("null")),
        "exclusiveMaximum" | "exclusiveMinimum" => matches!(node.kind(), Kind::Number(_)),
        _ => key == "const" || NEWER_KEYWORDS.contains(&key),
    }
}

pub(super) fn is_ignored_next_to_reference(key: &str) -> bool {
    !ANNOTATIONS.contains(&key) && !key.starts_with("x-")
}

/// The types whose values a keyword restricts; none if it applies to all values.
pub(super) fn types_of(key: &str, value: Node<'_>) -> Option<&'static [&'static str]> {
    const NUMBERS: &[&str] = &["integer", "number"];
    Some(match key {
        "maximum" | "minimum" | "exclusiveMaximum" | "exclusiveMinimum" | "multipleOf" => NUMBERS,
        "maxLength" | "minLength" | "pattern" | "contentEncoding" | "contentMediaType" | "contentSchema" => &["string"],
        "format" => match value.text() {
            Some("int32" | "int64" | "float" | "double") => NUMBERS,
            _ => &["string"],
        },
        "items" | "prefixItems" | "contains" | "maxContains" | "minContains" | "maxItems" | "minItems"
        | "uniqueItems" | "unevaluatedItems" => &["array"],
        "properties"
        | "patternProperties"
        | "additionalProperties"
        | "unevaluatedProperties"
        | "required"
        | "propertyNames"
        | "maxProperties"
        | "minProperties"
        | "dependentRequired"
        | "dependentSchemas" => &["object"],
        _ => return None,
    })
}

/// Whether a keyword describes values without restricting them.
pub(super) fn is_annotation(key: &str) -> bool {
    ANNOTATIONS.contains(&key) || key == "default" || key.starts_with("x-")
}

/// Whether an entry of `type` is that of null.
pub(super) fn is_null_type(name: Node<'_>) -> bool {
    matches!(name.kind(), Kind::Text("null") | Kind::Null)
}

/// Whether a schema allows null and nothing else.
pub(super) fn is_null(schema: Node<'_>) -> bool {
    let only =
        |node: Node<'_>, is_value: &dyn Fn(Node<'_>) -> bool| node.items().count() == 1 && node.items().all(is_value);
    let is_null_value = |node: Node<'_>| node.kind() == Kind::Null;
    let mut found = false;
    schema.entries().all(|(key, node)| match key {
        "type" => {
            found = true;
            node.text() == Some("null") || only(node, &is_null_type)
        }
        "const" => {
            found = true;
            is_null_value(node)
        }
        "enum" => {
            found = true;
            only(node, &is_null_value)
        }
        _ => is_annotation(key) && key != "$ref",
    }) && found
}
