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

mod null;
mod schema_keywords;

use std::collections::HashMap;

use super::keywords;
use super::references::References;
use super::roles::{Object, Role};
use super::writer::Writer;
use crate::document::{Content, Diagnostic, Document, Kind, Node, Slice, Version, Written};

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

/// Whether a schema may be a boolean in the form of OpenAPI 3.0 too.
fn may_be_bool(node: Node<'_>) -> bool {
    matches!(node.key(), Some("additionalProperties" | "unevaluatedProperties" | "unevaluatedItems"))
}
