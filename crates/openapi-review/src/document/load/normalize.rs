//! Writes a document in the form of OpenAPI 3.0, so that documents of both versions can be compared by their meaning.
//!
//! | OpenAPI 3.1 | the form of OpenAPI 3.0 |
//! |---|---|
//! | `type: [T, 'null']`; `anyOf` or `oneOf` with a form for null | `nullable: true` |
//! | `type: [T, U]` | `anyOf`, each form with the keywords of its type |
//! | `const: value` | `enum: [value]` |
//! | `exclusiveMaximum: 5` | `maximum: 5`, `exclusiveMaximum: true` |
//! | `$ref` next to other keywords | `allOf: [$ref]` next to them |
//! | `true`, `false` as a schema | `{}`, `{not: {}}` |
//! | `contentEncoding: base64`, `contentMediaType: application/octet-stream` | `format: byte`, `format: binary` |
//! | `unevaluatedProperties` without other schemas next to it | `additionalProperties` |
//! | `examples: [value]` in a schema | `example: value` |
//!
//! All other keywords stay. A keyword without a meaning in the version of its file is left out, with a warning.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::keywords::{self, is_annotation, is_null};
use super::references::References;
use super::roles::{Object, Role};
use super::writer::Writer;
use crate::document::{Content, Diagnostic, Document, Kind, Node, Slice, Version, Written};
use crate::number;

/// The id of a node that is not written.
const NOT_WRITTEN: u32 = u32::MAX;

/// The document in the form of OpenAPI 3.0.
pub(super) fn normalize(document: Document, references: &References) -> Document {
    let has_webhooks = document.root().get("webhooks").is_some();
    if !document.is_newer() && !references.has_newer_keywords && !has_webhooks {
        return document;
    }
    let mut normalizer = Normalizer {
        source: &document,
        references,
        writer: Writer::new(&document.nodes, document.strings.clone()),
        written: vec![NOT_WRITTEN; document.nodes.len()],
        parts: HashMap::new(),
        warnings: document.warnings.clone(),
    };
    let mut root = 0;
    while let Some(stored) = document.nodes.get(root as usize) {
        normalizer.node(Slice::default(), root);
        root = stored.end.max(root + 1);
    }
    let references = normalizer.set_targets();
    let Normalizer { writer, warnings, .. } = normalizer;
    let Writer { nodes, strings, index, origins, .. } = writer;
    let files = document.files.clone();
    let written = Some(Box::new(Written { document, origins }));
    Document { files, nodes, strings, index, references, warnings, written }
}

struct Normalizer<'s> {
    source: &'s Document,
    references: &'s References,
    writer: Writer<'s>,
    /// The written node for each node of the source.
    written: Vec<u32>,
    /// The targets in the source of written references that had other keywords next to them.
    parts: HashMap<u32, u32>,
    warnings: Vec<Diagnostic>,
}

/// A part of an `allOf` that the source has in another form.
#[derive(Clone, Copy)]
enum Part<'s> {
    /// A `$ref` next to other keywords.
    Reference(Node<'s>),
    /// A schema that is not null.
    Schema(Node<'s>),
}

/// The keywords of a schema of the source, and what they say about null.
struct Keywords<'s> {
    entries: Vec<(&'s str, Node<'s>)>,
    /// Where null is allowed in addition to a type.
    null: Option<Node<'s>>,
    parts: Vec<Part<'s>>,
}

impl<'s> Normalizer<'s> {
    fn role(&self, id: u32) -> Option<Role> {
        self.references.roles.get(id as usize).copied().flatten()
    }

    /// Writes a node with its descendants.
    fn node(&mut self, key: Slice, id: u32) {
        let node = self.source.node(id);
        let role = self.role(id);
        let is_reference = self.source.references.binary_search(&id).is_ok();
        match (role, node.kind()) {
            (Some(role), Kind::Map) if role.is_schema() && !is_reference => self.schema(key, node),
            (Some(role), Kind::Bool(_))
                if role.is_schema() && !may_be_bool(node) && self.version(node) == Version::V31 =>
            {
                self.schema(key, node);
            }
            (_, Kind::Map | Kind::List) if !is_reference && (role.is_some() || self.has_roles_inside(node)) => {
                let is_map = node.kind() == Kind::Map;
                let written = self.writer.open(key, id, is_map);
                self.set_written(id, written);
                let is_document = role == Some(Role::one(Object::Document));
                let version = self.version(node);
                for child in node.children() {
                    if is_document && version == Version::V30 && child.key() == Some("webhooks") {
                        self.warn(child, "`webhooks` has no meaning in OpenAPI 3.0, so it is not compared");
                        continue;
                    }
                    self.node(child.stored().key, child.id());
                }
                self.writer.close();
            }
            _ => {
                if is_reference && role.is_some_and(Role::is_schema) && self.version(node) == Version::V30 {
                    for (key, child) in node.entries().filter(|(key, _)| keywords::is_ignored_next_to_reference(key)) {
                        self.warn(child, &format!("`{key}` next to `$ref` has no meaning in OpenAPI 3.0: use `allOf`"));
                    }
                }
                self.copy(key, id);
            }
        }
    }

    /// Whether a node without a role has descendants with one, such as a file of which references use parts.
    fn has_roles_inside(&self, node: Node<'_>) -> bool {
        let inside = node.id() as usize + 1..node.stored().end as usize;
        self.references.roles.get(inside).is_some_and(|roles| roles.iter().any(Option::is_some))
    }

    fn copy(&mut self, key: Slice, id: u32) {
        let written = &mut self.written;
        self.writer.copy_with(key, id, &mut |origin, id| {
            if let Some(slot) = written.get_mut(origin as usize) {
                *slot = id;
            }
        });
    }

    fn set_written(&mut self, origin: u32, id: u32) {
        if let Some(slot) = self.written.get_mut(origin as usize) {
            *slot = id;
        }
    }

    fn version(&self, node: Node<'_>) -> Version {
        self.source.file(node.stored().file).version
    }

    fn warn(&mut self, node: Node<'_>, reason: &str) {
        self.warnings.push(node.diagnostic(reason));
    }

    fn schema(&mut self, key: Slice, schema: Node<'s>) {
        let written = self.writer.open(key, schema.id(), true);
        self.set_written(schema.id(), written);
        match schema.bool() {
            Some(true) => {}
            Some(false) => {
                let not = self.writer.text("not");
                self.writer.open(not, schema.id(), true);
                self.writer.close();
            }
            None => self.keywords(schema),
        }
        self.writer.close();
    }

    /// Writes the keywords of a schema.
    fn keywords(&mut self, schema: Node<'s>) {
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
    fn drop_meaningless(&mut self, keywords: &mut Keywords<'s>, version: Version) {
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

    /// Takes the form for null out of `oneOf` and `anyOf`.
    fn extract_null(&mut self, keywords: &mut Keywords<'s>) {
        while let Some(at) = keywords.entries.iter().position(|(key, node)| {
            matches!(*key, "oneOf" | "anyOf") && node.items().any(is_null) && node.items().any(|form| !is_null(form))
        }) {
            let (_, list) = keywords.entries[at];
            let forms: Vec<Node<'s>> = list.items().filter(|form| !is_null(*form)).collect();
            let allows_null = match keywords.get("type") {
                None => true,
                Some(own) => keywords::is_null_type(own) || own.items().any(keywords::is_null_type),
            };
            keywords.null = keywords.null.or(list.items().find(|form| is_null(*form)).filter(|_| allows_null));
            let &[form] = &*forms else {
                // The list stays, without the form for null.
                break;
            };
            keywords.entries.remove(at);
            let is_plain = form.kind() == Kind::Map
                && form.get("$ref").is_none()
                && keywords.entries.iter().all(|(key, _)| is_annotation(key) && form.get(key).is_none())
                && keywords.parts.is_empty();
            if is_plain {
                self.set_written(form.id(), self.writer_id());
                let mut own: Vec<_> = form.entries().collect();
                std::mem::swap(&mut own, &mut keywords.entries);
                keywords.entries.extend(own);
                let version = self.version(form);
                self.drop_meaningless(keywords, version);
            } else {
                keywords.parts.push(Part::Schema(form));
            }
        }
    }

    /// The id of the schema that is being written.
    fn writer_id(&self) -> u32 {
        self.writer.innermost().unwrap_or(NOT_WRITTEN)
    }

    /// Takes the types out of the keywords, other than null.
    fn types(&mut self, keywords: &mut Keywords<'s>) -> Vec<Node<'s>> {
        let Some(at) = keywords.position("type") else { return Vec::new() };
        let (_, node) = keywords.entries[at];
        if node.kind() != Kind::List {
            return Vec::new();
        }
        keywords.entries.remove(at);
        let (null, types): (Vec<_>, Vec<_>) = node.items().partition(|name| keywords::is_null_type(*name));
        match (null.first(), types.is_empty()) {
            (Some(null), true) => vec![*null],
            (null, _) => {
                keywords.null = keywords.null.or(null.copied());
                types
            }
        }
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
                if get(inclusive(key)).and_then(number_of).is_none_or(|other| is_stricter(key, bound, other)) {
                    let bound = self.writer.text(inclusive(key));
                    self.writer.copy(bound, node.id());
                    self.flag(key, node);
                }
            }
            ("maximum" | "minimum", Kind::Number(bound)) => {
                let exclusive = if key == "maximum" { "exclusiveMaximum" } else { "exclusiveMinimum" };
                if get(exclusive).and_then(number_of).is_none_or(|other| !is_stricter(exclusive, other, bound)) {
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

    /// Sets the targets of all written references, and returns these.
    fn set_targets(&mut self) -> Vec<u32> {
        // A node that is not written is represented by the schema that contains it.
        for id in 0..self.written.len() {
            if self.written.get(id) == Some(&NOT_WRITTEN) {
                let parent = self.source.nodes.get(id).map_or(0, |stored| stored.parent);
                let container = self.written.get(parent as usize).copied().unwrap_or_default();
                self.set_written(u32::try_from(id).unwrap_or(u32::MAX), container);
            }
        }
        let mut references = Vec::new();
        for (id, &origin) in (0u32..).zip(&self.writer.origins) {
            let Some(stored) = self.writer.nodes.get_mut(id as usize) else { break };
            let source_target = self.source.node(origin).stored().target;
            let target = match self.parts.get(&id) {
                Some(target) => *target,
                None if source_target != origin && self.written.get(origin as usize) == Some(&id) => source_target,
                None => continue,
            };
            stored.target = self.written.get(target as usize).copied().unwrap_or(id);
            if matches!(stored.content, Content::Map(_)) {
                references.push(id);
            }
        }
        references
    }
}

impl<'s> Keywords<'s> {
    fn position(&self, name: &str) -> Option<usize> {
        self.entries.iter().position(|(key, _)| *key == name)
    }

    fn get(&self, name: &str) -> Option<Node<'s>> {
        self.entries.iter().find(|(key, _)| *key == name).map(|(_, node)| *node)
    }
}

/// The keyword for the bound that an exclusive bound excludes.
fn inclusive(key: &str) -> &'static str {
    if key == "exclusiveMaximum" { "maximum" } else { "minimum" }
}

fn number_of(node: Node<'_>) -> Option<&str> {
    match node.kind() {
        Kind::Number(text) => Some(text),
        _ => None,
    }
}

/// Whether an exclusive bound excludes at least as much as an inclusive one.
fn is_stricter(exclusive_key: &str, exclusive: &str, bound: &str) -> bool {
    let weaker = if exclusive_key == "exclusiveMaximum" { Ordering::Greater } else { Ordering::Less };
    number::compare(exclusive, bound) != Some(weaker)
}

fn entries_of_parent(node: Node<'_>) -> impl Iterator<Item = (&str, Node<'_>)> {
    node.parent().into_iter().flat_map(Node::entries)
}

/// Whether a schema may be a boolean in the form of OpenAPI 3.0 too.
fn may_be_bool(node: Node<'_>) -> bool {
    matches!(node.key(), Some("additionalProperties" | "unevaluatedProperties" | "unevaluatedItems"))
}

/// Whether a keyword applies other schemas to the same value.
fn applies_schemas(key: &str) -> bool {
    let keywords =
        ["$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "additionalProperties"];
    keywords.contains(&key)
}
