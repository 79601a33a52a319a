//! `cargo xtask lint`: the rules that openapi/README.md sets for the document, each complaint with its place.
//!
//! Tools for OpenAPI in general find what is wrong in general. These rules are ours: they keep the generated client
//! able to read whatever the service sends, and every fact traceable to its source.

use std::collections::BTreeSet;

use crate::document::{Complaint, Content, Document, Node};

/// Keywords that become decoding failures in generated code when a response does not obey them.
const STRICT: [&str; 15] = [
    "additionalProperties",
    "anyOf",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "multipleOf",
    "oneOf",
    "pattern",
    "required",
];

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Everything in `document` that breaks a rule, in the order of its lines.
pub fn lint(document: &Document) -> Vec<Complaint> {
    let mut lint = Lint { document, complaints: Vec::new(), sources: BTreeSet::new() };
    lint.operations();
    lint.components();
    lint.schemas();
    lint.unused_components();
    lint.unused_sources();
    let mut complaints = lint.complaints;
    complaints.sort();
    complaints.dedup();
    complaints
}

struct Lint<'a> {
    document: &'a Document,
    complaints: Vec<Complaint>,
    /// The sources that something in the document names.
    sources: BTreeSet<String>,
}

impl<'a> Lint<'a> {
    fn complain(&mut self, node: &Node, reason: impl Into<String>) {
        self.complaints.push(self.document.complaint(node, reason));
    }

    fn components_of(&self, kind: &str) -> impl Iterator<Item = (&'a str, &'a Node)> + use<'a> {
        self.document.root.at(&format!("/components/{kind}")).into_iter().flat_map(Node::entries)
    }

    fn operations(&mut self) {
        let mut ids = BTreeSet::new();
        let tags: BTreeSet<_> = self.names_at("/tags");
        for (path, item) in self.document.root.get("paths").into_iter().flat_map(Node::entries) {
            for (method, operation) in item.entries().filter(|(key, _)| METHODS.contains(key)) {
                let name = format!("{} {path}", method.to_uppercase());
                self.needs(operation, &name, &["summary", "description", "tags", "security"]);
                self.source(operation, &name);
                let Some(id) = operation.get("operationId") else {
                    self.complain(operation, format!("{name} has no operationId"));
                    continue;
                };
                let text = id.text().unwrap_or_default();
                if !is_operation_id(text) {
                    let reason =
                        format!("operationId {text}: write snake_case that begins with get_, list_ or update_");
                    self.complain(id, reason);
                }
                if !ids.insert(text) {
                    self.complain(id, format!("operationId {text} stands twice"));
                }
                for tag in operation.get("tags").into_iter().flat_map(Node::items) {
                    if !tag.text().is_some_and(|tag| tags.contains(tag)) {
                        self.complain(tag, format!("{name} has a tag that the document's `tags` do not declare"));
                    }
                }
                for status in ["400", "401", "403", "429", "500"] {
                    if operation.get("responses").is_some_and(|responses| responses.get(status).is_none()) {
                        self.complain(operation, format!("{name} does not say what a {status} looks like"));
                    }
                }
            }
        }
    }

    fn components(&mut self) {
        for (kind, what) in [("parameters", "parameter"), ("headers", "header")] {
            for (name, node) in self.components_of(kind) {
                let name = format!("{what} {name}");
                self.needs(node, &name, &["description", "example"]);
                self.source(node, &name);
            }
        }
        for (kind, what) in [("responses", "response"), ("securitySchemes", "security scheme")] {
            for (name, node) in self.components_of(kind) {
                let name = format!("{what} {name}");
                self.needs(node, &name, &["description"]);
                self.source(node, &name);
            }
        }
    }

    fn schemas(&mut self) {
        let mut read = BTreeSet::new();
        let mut sent = BTreeSet::new();
        for (_, item) in self.document.root.get("paths").into_iter().flat_map(Node::entries) {
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

    fn property(&mut self, property: &Node, name: &str) {
        self.needs(property, name, &["description"]);
        self.source(property, name);
        let of_schemas = property.get("allOf").is_some() || property.at("/items/$ref").is_some();
        if !of_schemas {
            self.needs(property, name, &["example"]);
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
    fn lenient(&mut self, node: &Node, name: &str) {
        for keyword in STRICT {
            if let Some(strict) = node.get(keyword) {
                let reason =
                    format!("{name}: `{keyword}` in a response would become a decoding failure; describe it in words");
                self.complain(strict, reason);
            }
        }
        if let Some(format) = node.get("format")
            && format.text() == Some("uuid")
        {
            let reason =
                format!("{name}: `format: uuid` in a response would become a decoding failure; describe it in words");
            self.complain(format, reason);
        }
    }

    fn needs(&mut self, node: &Node, name: &str, keys: &[&str]) {
        for key in keys {
            if node.get(key).is_none() {
                self.complain(node, format!("{name} has no `{key}`"));
            }
        }
    }

    fn source(&mut self, node: &Node, name: &str) {
        let known: BTreeSet<_> =
            self.document.root.get("x-sources").into_iter().flat_map(Node::entries).map(|(key, _)| key).collect();
        let named = node.get("x-source").map(Node::items).unwrap_or_default();
        if named.is_empty() {
            self.complain(node, format!("{name} does not say where the fact comes from: add `x-source: [key, …]`"));
        }
        for source in named {
            match source.text() {
                Some(key) if known.contains(key) => drop(self.sources.insert(key.to_owned())),
                _ => self.complain(source, format!("{name} names a source that `x-sources` does not declare")),
            }
        }
    }

    fn unused_sources(&mut self) {
        for (key, node) in self.document.root.get("x-sources").into_iter().flat_map(Node::entries) {
            if !self.sources.contains(key) {
                self.complain(node, format!("source {key} is declared and never named"));
            }
        }
    }

    fn unused_components(&mut self) {
        let mut reached = BTreeSet::new();
        self.document.root.get("paths").into_iter().for_each(|paths| reach(self.document, paths, &mut reached));
        for kind in ["schemas", "parameters", "headers", "responses", "examples"] {
            for (name, node) in self.components_of(kind) {
                if !reached.contains(&format!("#/components/{kind}/{name}")) {
                    self.complain(node, format!("component {name} is used by no operation"));
                }
            }
        }
    }

    fn names_at(&self, pointer: &str) -> BTreeSet<&'a str> {
        let list = self.document.root.at(pointer).map(Node::items).unwrap_or_default();
        list.iter().filter_map(|item| item.get("name")?.text()).collect()
    }
}

/// Collects the references that lead on from `node`, all the way.
fn reach(document: &Document, node: &Node, reached: &mut BTreeSet<String>) {
    if let Some(reference) = node.get("$ref").and_then(Node::text)
        && reached.insert(reference.to_owned())
        && let Some(target) = document.root.at(reference.trim_start_matches('#'))
    {
        reach(document, target, reached);
    }
    let children = node.entries().map(|(_, child)| child).chain(node.items());
    children.for_each(|child| reach(document, child, reached));
}

fn is_operation_id(id: &str) -> bool {
    ["get_", "list_", "update_"].iter().any(|verb| id.starts_with(verb))
        && id.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
}

fn is_true(node: Option<&Node>) -> bool {
    node.is_some_and(|node| matches!(node.content, Content::Scalar(serde_json::Value::Bool(true))))
}

fn is_required(schema: &Node, key: &str) -> bool {
    let required = schema.get("required").map(Node::items).unwrap_or_default();
    required.iter().any(|name| name.text() == Some(key))
}

/// A schema without type takes null as it is.
fn has_type(property: &Node) -> bool {
    property.get("type").is_some() || property.get("allOf").is_some()
}
