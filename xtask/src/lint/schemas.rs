//! Rules for schemas: every response must be readable, and every property of a request must be sendable.

use std::collections::BTreeSet;

use openapi_review::document::Node;

use super::{Lint, collect_references};

/// The keywords that the schema of a response may use. With any other, from `enum` to `maxLength`, generated code would
/// fail to decode a response as soon as the service sends another value.
const RESPONSE_KEYWORDS: [&str; 12] = [
    "$ref",
    "allOf",
    "deprecated",
    "description",
    "example",
    "format",
    "items",
    "nullable",
    "properties",
    "type",
    "x-identified-by",
    "x-source",
];

/// The formats that the schema of a response may have: a type of ours, text, and integers of a fixed width.
const RESPONSE_FORMATS: [&str; 4] = ["date-time", "decimal", "int32", "int64"];

impl Lint<'_> {
    /// Checks the parts that determine the generated types.
    pub(super) fn check_schemas(&mut self) {
        let mut in_responses = BTreeSet::new();
        for (_, operation) in self.operations() {
            if let Some(responses) = operation.get("responses") {
                collect_references(self.document, responses, &mut in_responses);
            }
        }
        for (name, schema) in self.components_of("schemas") {
            self.require_keys(schema, name, &["properties"]);
            let is_in_responses = in_responses.contains(&format!("#/components/schemas/{name}"));
            if is_in_responses {
                self.check_response_schema(schema, name);
            }
            for (key, property) in properties(schema) {
                let name = format!("{name}.{key}");
                self.check_type(property, &name);
                let is_nullable = is_true(property.get("nullable"));
                if is_in_responses && !is_nullable && has_type(property) {
                    self.report(property, format!("{name}: the service may send null, so write `nullable: true`"));
                }
                if !is_in_responses && is_nullable && !is_required(schema, key) {
                    let why = "an optional nullable property is never sent as null; make it required";
                    self.report(property, format!("{name}: {why}"));
                }
            }
        }
    }

    fn check_type(&mut self, property: Node<'_>, name: &str) {
        // All parts of `allOf` must accept null.
        let rejects_null = |part: &Node<'_>| part.get("$ref").is_some() && !is_true(part.target().get("nullable"));
        if is_true(property.get("nullable")) {
            for part in property.get("allOf").into_iter().flat_map(Node::items).filter(rejects_null) {
                let why = "the schema of this `$ref` rejects null; write `nullable: true` there too";
                self.report(part, format!("{name}: {why}"));
            }
        }
        let format = property.get("format").and_then(Node::text);
        match property.get("type").and_then(Node::text) {
            Some("number") if format != Some("decimal") => {
                self.report(property, format!("{name}: amounts and quantities are exact, so write `format: decimal`"));
            }
            Some("integer") if format.is_none() => {
                self.report(property, format!("{name}: set the width of the integer with `format: int64`"));
            }
            _ => {}
        }
    }

    /// The service may change its values, and generated code must still be able to decode them.
    fn check_response_schema(&mut self, schema: Node<'_>, name: &str) {
        const WHY: &str = "in a response would become a decoding failure; write it in the description";
        for (keyword, node) in schema.entries().filter(|(keyword, _)| !RESPONSE_KEYWORDS.contains(keyword)) {
            self.report(node, format!("{name}: `{keyword}` {WHY}"));
        }
        if let Some(format) = schema.get("format")
            && !format.text().is_some_and(|format| RESPONSE_FORMATS.contains(&format))
        {
            self.report(format, format!("{name}: this format {WHY}"));
        }
        schema.get("items").into_iter().for_each(|items| self.check_response_schema(items, &format!("{name}[]")));
        schema.get("allOf").into_iter().flat_map(Node::items).for_each(|part| self.check_response_schema(part, name));
        properties(schema).for_each(|(key, property)| self.check_response_schema(property, &format!("{name}.{key}")));
    }

    /// Checks the parts for readers and other tools.
    pub(super) fn check_schema_texts(&mut self) {
        for (name, schema) in self.components_of("schemas") {
            self.require_keys(schema, name, &["description"]);
            for (key, property) in properties(schema) {
                let refers = property.get("allOf").is_some() || property.at("/items/$ref").is_some();
                let keys: &[_] = if refers { &["description"] } else { &["description", "example"] };
                self.require_keys(property, &format!("{name}.{key}"), keys);
            }
        }
    }
}

fn properties(schema: Node<'_>) -> impl Iterator<Item = (&str, Node<'_>)> {
    schema.get("properties").into_iter().flat_map(Node::entries)
}

fn is_true(node: Option<Node<'_>>) -> bool {
    node.and_then(Node::bool) == Some(true)
}

fn is_required(schema: Node<'_>, key: &str) -> bool {
    schema.get("required").into_iter().flat_map(Node::items).any(|name| name.text() == Some(key))
}

/// A schema without a type accepts null.
fn has_type(property: Node<'_>) -> bool {
    property.get("type").is_some() || property.get("allOf").is_some()
}
