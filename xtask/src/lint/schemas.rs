//! The rules for schemas: what is read must be readable whatever the service sends, and what is sent must really be sent.

use std::collections::BTreeSet;

use super::{Lint, METHODS, reach};
use openapi_review::document::Node;

/// What the schema of a response may say. Everything else, from `enum` to `maxLength`, becomes a decoding failure in
/// generated code on the day the service sends something else.
const LENIENT: [&str; 12] = [
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

/// The formats that a response may have: decimals are our own type, dates stay text, and integers are that wide.
const LENIENT_FORMATS: [&str; 4] = ["date-time", "decimal", "int32", "int64"];

impl Lint<'_> {
    pub(super) fn schemas(&mut self) {
        let mut read = BTreeSet::new();
        let mut sent = BTreeSet::new();
        for (_, item) in self.document.root().get("paths").into_iter().flat_map(Node::entries) {
            for (_, operation) in item.entries().filter(|(key, _)| METHODS.contains(key)) {
                operation.get("responses").into_iter().for_each(|node| reach(self.document, node, &mut read));
                operation.get("requestBody").into_iter().for_each(|node| reach(self.document, node, &mut sent));
            }
        }
        for (name, schema) in self.components_of("schemas") {
            self.needs(schema, name, &["description", "properties"]);
            self.source(schema, name);
            let is_read = read.contains(&format!("#/components/schemas/{name}"));
            if is_read {
                self.lenient(schema, name);
            }
            for (key, property) in schema.get("properties").into_iter().flat_map(Node::entries) {
                let name = format!("{name}.{key}");
                self.property(property, &name);
                if is_read {
                    self.lenient(property, &name);
                    if !is_true(property.get("nullable")) && has_type(property) {
                        self.complain(
                            property,
                            format!("{name}: the service may send null, so write `nullable: true`"),
                        );
                    }
                } else if is_true(property.get("nullable")) && !is_required(schema, key) {
                    let reason =
                        format!("{name}: an optional nullable property is never sent as null; make it required");
                    self.complain(property, reason);
                }
            }
        }
    }

    fn property(&mut self, property: Node<'_>, name: &str) {
        self.needs(property, name, &["description"]);
        self.source(property, name);
        let of_schemas = property.get("allOf").is_some() || property.at("/items/$ref").is_some();
        if !of_schemas {
            self.needs(property, name, &["example"]);
        }
        // Every part of `allOf` has to hold, so null is refused where one part refuses it.
        let refuses_null = |part: &Node<'_>| part.get("$ref").is_some() && !is_true(part.target().get("nullable"));
        if is_true(property.get("nullable")) {
            for part in property.get("allOf").into_iter().flat_map(Node::items).filter(refuses_null) {
                self.complain(
                    part,
                    format!("{name}: null is refused by the schema referred to; write `nullable: true` there too"),
                );
            }
        }
        let format = property.get("format").and_then(Node::text);
        match property.get("type").and_then(Node::text) {
            Some("number") if format != Some("decimal") => {
                self.complain(property, format!("{name}: money and quantities are exact, so write `format: decimal`"));
            }
            Some("integer") if format.is_none() => {
                self.complain(property, format!("{name}: say how wide the integer is with `format: int64`"));
            }
            _ => {}
        }
    }

    /// What is read must not be refused over details: the service changes, and its answers still have to be read.
    fn lenient(&mut self, schema: Node<'_>, name: &str) {
        for (keyword, node) in schema.entries().filter(|(keyword, _)| !LENIENT.contains(keyword)) {
            let reason =
                format!("{name}: `{keyword}` in a response would become a decoding failure; describe it in words");
            self.complain(node, reason);
        }
        if let Some(format) = schema.get("format")
            && !format.text().is_some_and(|format| LENIENT_FORMATS.contains(&format))
        {
            let reason =
                format!("{name}: this format in a response would become a decoding failure; describe it in words");
            self.complain(format, reason);
        }
        schema.get("items").into_iter().for_each(|items| self.lenient(items, &format!("{name}[]")));
        schema.get("allOf").into_iter().flat_map(Node::items).for_each(|part| self.lenient(part, name));
        for (key, property) in schema.get("properties").into_iter().flat_map(Node::entries) {
            self.lenient(property, &format!("{name}.{key}"));
        }
    }
}

fn is_true(node: Option<Node<'_>>) -> bool {
    node.and_then(Node::bool) == Some(true)
}

fn is_required(schema: Node<'_>, key: &str) -> bool {
    schema.get("required").into_iter().flat_map(Node::items).any(|name| name.text() == Some(key))
}

/// A schema without type takes null as it is.
fn has_type(property: Node<'_>) -> bool {
    property.get("type").is_some() || property.get("allOf").is_some()
}
