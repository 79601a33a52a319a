//! The keywords of a schema.

use std::cmp::Ordering;

use super::Normalizer;
use crate::document::load::keywords::{self, is_null};
use crate::document::{Content, Kind, Node, Slice, Version};
use crate::number;

/// A part of an `allOf` that the source has in another form.
#[derive(Clone, Copy)]
pub(super) enum Part<'s> {
    /// A `$ref` next to other keywords.
    Reference(Node<'s>),
    /// A schema that is not null.
    Schema(Node<'s>),
}

/// The keywords of a schema of the source, and what they say about null.
pub(super) struct Keywords<'s> {
    pub(super) entries: Vec<(&'s str, Node<'s>)>,
    /// Where null is allowed in addition to a type.
    pub(super) null: Option<Node<'s>>,
    pub(super) parts: Vec<Part<'s>>,
}

impl<'s> Normalizer<'s> {
    /// Writes the keywords of a schema.
    pub(super) fn keywords(&mut self, schema: Node<'s>) {
        let version = self.version(schema);
        let mut keywords = Keywords { entries: schema.entries().collect(), null: None, parts: Vec::new() };
        self.drop_meaningless(&mut keywords, version);
        if version == Version::V31 {
            if self.references.with_keywords.contains_key(&schema.id())
                && let Some(at) = keywords.position("$ref")
            {
                let (_, reference) = keywords.entries.remove(at);
                keywords.parts.push(Part::Reference(reference));
            }
            self.extract_null(&mut keywords);
        }
        let types = self.types(&mut keywords);
        let by_type = types.len() > 1;
        let entries = std::mem::take(&mut keywords.entries);
        let has = |name: &str| entries.iter().any(|(key, _)| *key == name);
        // A second `anyOf` becomes a part of its own.
        let separate_types = by_type && has("anyOf");
        for &(key, node) in &entries {
            let is_of_type = by_type && keywords::types_of(key, node).is_some();
            match key {
                _ if is_of_type => {}
                "allOf" if !keywords.parts.is_empty() || separate_types => {}
                "enum" if has("const") && version == Version::V31 => {}
                _ => self.keyword(key, node, &entries, version),
            }
        }
        match *types {
            [] => {}
            [single] => self.type_of(single),
            [first, ..] if !separate_types => self.forms(first, &types, &entries, version),
            _ => {}
        }
        let own_parts = entries.iter().find(|(key, _)| *key == "allOf").map(|(_, node)| *node);
        if !keywords.parts.is_empty() || separate_types {
            let all_of = self.writer.text("allOf");
            self.writer.open(all_of, own_parts.unwrap_or(schema).id(), false);
            for part in own_parts.into_iter().flat_map(Node::items) {
                self.node(Slice::default(), part.id());
            }
            for part in keywords.parts {
                self.part(part);
            }
            if let (true, Some(first)) = (separate_types, types.first()) {
                self.writer.open(Slice::default(), first.id(), true);
                self.forms(*first, &types, &entries, version);
                self.writer.close();
            }
            self.writer.close();
        }
        if let Some(null) = keywords.null {
            self.flag("nullable", null);
        }
    }

    /// Leaves out the keywords that the version does not have.
    pub(super) fn drop_meaningless(&mut self, keywords: &mut Keywords<'s>, version: Version) {
        keywords.entries.retain(|(key, node)| {
            let reason = match version {
                Version::V30 if !keywords::is_newer(key, *node) => return true,
                Version::V30 if *key == "type" && node.kind() == Kind::List => {
                    "a list of types has no meaning in OpenAPI 3.0, and is read as in OpenAPI 3.1: write a single type, with \
                     `nullable: true` for null, or `openapi: 3.1.0`"
                        .to_owned()
                }
                Version::V30 if *key == "type" => {
                    "the type `null` has no meaning in OpenAPI 3.0, and is read as in OpenAPI 3.1: write `nullable: true`, or \
                     `openapi: 3.1.0`"
                        .to_owned()
                }
                Version::V30 if key.starts_with("exclusive") => {
                    format!(
                        "a number as `{key}` has no meaning in OpenAPI 3.0, and is read as in OpenAPI 3.1: write `{key}: \
                         true` next to `{}`, or `openapi: 3.1.0`",
                        inclusive(key)
                    )
                }
                Version::V30 => format!(
                    "`{key}` has no meaning in OpenAPI 3.0, so it is not compared: remove it, or write `openapi: 3.1.0`"
                ),
                Version::V31 if *key == "nullable" => {
                    "`nullable` has no meaning in OpenAPI 3.1, so it is not compared: write `type: [T, 'null']`".to_owned()
                }
                Version::V31 if key.starts_with("exclusive") && node.bool().is_some() => {
                    format!("a boolean as `{key}` has no meaning in OpenAPI 3.1, and is read as in OpenAPI 3.0: write a number")
                }
                Version::V31 => return true,
            };
            self.warnings.push(node.diagnostic(reason));
            // The value of these has a meaning in the other version only, so it is clear.
            *key == "type" || key.starts_with("exclusive")
        });
    }

    fn type_of(&mut self, name: Node<'s>) {
        let key = self.writer.text("type");
        // A missing value instead of the text `null` is a common mistake.
        if keywords::is_null_type(name) {
            let null = self.writer.text("null");
            self.writer.scalar(key, name.id(), Content::Text(null));
        } else {
            self.writer.copy(key, name.id());
        }
    }

    /// Writes an `anyOf` with a form for each type.
    fn forms(&mut self, first: Node<'s>, types: &[Node<'s>], entries: &[(&'s str, Node<'s>)], version: Version) {
        let key = self.writer.text("anyOf");
        self.writer.open(key, first.parent().unwrap_or(first).id(), false);
        for name in types {
            self.writer.open(Slice::default(), name.id(), true);
            self.type_of(*name);
            for &(key, node) in entries {
                let types = keywords::types_of(key, node);
                if types.is_some_and(|types| types.iter().any(|own| Some(*own) == name.text())) {
                    self.keyword(key, node, entries, version);
                }
            }
            self.writer.close();
        }
        self.writer.close();
    }

    fn part(&mut self, part: Part<'s>) {
        match part {
            Part::Schema(schema) => self.node(Slice::default(), schema.id()),
            Part::Reference(reference) => {
                let Some(schema) = reference.parent() else { return };
                let id = self.writer.open(Slice::default(), reference.id(), true);
                self.copy(reference.stored().key, reference.id());
                self.writer.close();
                if let Some(target) = self.references.with_keywords.get(&schema.id()) {
                    self.parts.insert(id, *target);
                }
            }
        }
    }

    /// Writes a keyword. `entries` are all keywords of the schema.
    fn keyword(&mut self, key: &'s str, node: Node<'s>, entries: &[(&'s str, Node<'s>)], version: Version) {
        let get = |name: &str| entries.iter().find(|(key, _)| *key == name).map(|(_, node)| *node);
        match (key, node.kind()) {
            ("exclusiveMaximum" | "exclusiveMinimum", Kind::Number(bound)) => {
                if get(inclusive(key)).and_then(Node::number).is_none_or(|other| is_stricter(key, bound, other)) {
                    let bound = self.writer.text(inclusive(key));
                    self.writer.copy(bound, node.id());
                    self.flag(key, node);
                }
            }
            ("maximum" | "minimum", Kind::Number(bound)) => {
                let exclusive = if key == "maximum" { "exclusiveMaximum" } else { "exclusiveMinimum" };
                if get(exclusive).and_then(Node::number).is_none_or(|other| !is_stricter(exclusive, other, bound)) {
                    self.copy(node.stored().key, node.id());
                }
            }
            _ if version == Version::V30 => self.node(node.stored().key, node.id()),
            ("const", _) => {
                let values = self.writer.text("enum");
                self.writer.open(values, node.id(), false);
                self.writer.copy(Slice::default(), node.id());
                self.writer.close();
            }
            ("examples", Kind::List) if get("example").is_none() && node.items().count() == 1 => {
                let example = self.writer.text("example");
                for item in node.items() {
                    self.writer.copy(example, item.id());
                }
            }
            ("contentEncoding", Kind::Text("base64")) if get("format").is_none() => self.format("byte", node),
            ("contentMediaType", Kind::Text("application/octet-stream"))
                if get("format").is_none() && get("contentEncoding").is_none() =>
            {
                self.format("binary", node);
            }
            ("unevaluatedProperties", _) if !entries_of_parent(node).any(|(key, _)| applies_schemas(key)) => {
                let additional = self.writer.text("additionalProperties");
                self.node(additional, node.id());
            }
            ("oneOf" | "anyOf", Kind::List) if node.items().any(is_null) && node.items().any(|form| !is_null(form)) => {
                let list = self.writer.open(node.stored().key, node.id(), false);
                self.set_written(node.id(), list);
                for form in node.items().filter(|form| !is_null(*form)) {
                    self.node(Slice::default(), form.id());
                }
                self.writer.close();
            }
            _ => self.node(node.stored().key, node.id()),
        }
    }

    fn flag(&mut self, key: &str, origin: Node<'s>) {
        let key = self.writer.text(key);
        self.writer.scalar(key, origin.id(), Content::Bool(true));
    }

    fn format(&mut self, format: &str, origin: Node<'s>) {
        let (key, format) = (self.writer.text("format"), self.writer.text(format));
        self.writer.scalar(key, origin.id(), Content::Text(format));
    }
}

impl<'s> Keywords<'s> {
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.entries.iter().position(|(key, _)| *key == name)
    }

    pub(super) fn get(&self, name: &str) -> Option<Node<'s>> {
        self.entries.iter().find(|(key, _)| *key == name).map(|(_, node)| *node)
    }
}

/// The keyword for the bound that an exclusive bound excludes.
fn inclusive(key: &str) -> &'static str {
    if key == "exclusiveMaximum" { "maximum" } else { "minimum" }
}

/// Whether an exclusive bound excludes at least as much as an inclusive one.
fn is_stricter(exclusive_key: &str, exclusive: &str, bound: &str) -> bool {
    let weaker = if exclusive_key == "exclusiveMaximum" { Ordering::Greater } else { Ordering::Less };
    number::compare(exclusive, bound) != Some(weaker)
}

fn entries_of_parent(node: Node<'_>) -> impl Iterator<Item = (&str, Node<'_>)> {
    node.parent().into_iter().flat_map(Node::entries)
}

/// Whether a keyword applies other schemas to the same value.
fn applies_schemas(key: &str) -> bool {
    let keywords =
        ["$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "additionalProperties"];
    keywords.contains(&key)
}
