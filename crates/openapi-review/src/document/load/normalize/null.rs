//! Takes null out of the types and forms of a schema.

use super::schema_keywords::{Keywords, Part};
use super::{NOT_WRITTEN, Normalizer};
use crate::document::load::keywords::{self, is_annotation, is_null};
use crate::document::{Kind, Node};

impl<'s> Normalizer<'s> {
    /// Takes the form for null out of `oneOf` and `anyOf`.
    pub(super) fn extract_null(&mut self, keywords: &mut Keywords<'s>) {
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
    pub(super) fn types(&mut self, keywords: &mut Keywords<'s>) -> Vec<Node<'s>> {
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
}
