//! Annotations: descriptions, examples, extensions and all other keys without a rule. A change never breaks clients.

use super::change::Change;
use super::comparison::Comparison;
use super::nodes::{differs, items, pairs};
use crate::document::{Kind, Node};
use crate::review::Direction;
use crate::{location, node_text, rules};

impl<'a> Comparison<'a> {
    /// Reports the differences of two maps, except for the `handled` keys.
    pub(super) fn annotations(&mut self, base: Node<'a>, revision: Node<'a>, handled: &[&str]) {
        for (_, old, new) in pairs(Some(base), Some(revision)).filter(|(key, ..)| !handled.contains(key)) {
            self.annotation(old, new);
        }
    }

    /// Reports the differences of two values, each at its own position.
    pub(super) fn annotation(&mut self, old: Option<Node<'a>>, new: Option<Node<'a>>) {
        match (old, new) {
            (None, None) => {}
            (Some(old), Some(new)) if old.same(new) => {}
            (Some(old), Some(new)) => match (old.kind(), new.kind()) {
                (Kind::Map, Kind::Map) => self.annotations(old, new, &[]),
                (Kind::List, Kind::List) => self.annotation_list(old, new),
                _ => self.report_annotation(Some(old), Some(new)),
            },
            _ => self.report_annotation(old, new),
        }
    }

    /// The order of a list of annotations does not matter.
    fn annotation_list(&mut self, base: Node<'a>, revision: Node<'a>) {
        let mut unmatched: Vec<(String, Node<'a>)> =
            items(Some(base)).map(|item| (node_text::identity(item), item)).collect();
        for item in items(Some(revision)) {
            let identity = node_text::identity(item);
            match unmatched.iter().position(|(other, _)| *other == identity) {
                Some(at) => {
                    let (_, original) = unmatched.swap_remove(at);
                    self.annotation(Some(original), Some(item));
                }
                None => self.report_annotation(None, Some(item)),
            }
        }
        for (_, removed) in unmatched {
            self.report_annotation(Some(removed), None);
        }
    }

    /// Reports an equivalent value in another notation, such as an explicit default, unless it has another finding.
    pub(super) fn notation(
        &mut self,
        old: Option<Node<'a>>,
        new: Option<Node<'a>>,
        base: Node<'a>,
        revision: Node<'a>,
    ) {
        if differs(old, new) {
            let Some(subject) = new.or(old).map(location::describe) else { return };
            let verb = match (old, new) {
                (None, _) => "was added, which changes nothing",
                (_, None) => "was removed, which changes nothing",
                _ => "is written differently, with the same meaning",
            };
            let values = [None, Some(verb.to_owned())];
            let change = Change::new(&rules::ANNOTATION, old.or(Some(base)), new.or(Some(revision)));
            self.report_if_unexplained(Change { subject, values, id_part: "spelling".to_owned(), ..change });
        }
    }

    fn report_annotation(&mut self, old: Option<Node<'a>>, new: Option<Node<'a>>) {
        let Some(node) = new.or(old) else { return };
        let verb = match (old, new) {
            (None, _) => "was added",
            (_, None) => "was removed",
            _ => "changed",
        };
        let change = Change {
            subject: location::describe(node),
            id_part: category(node).to_owned(),
            values: [None, Some(verb.to_owned())],
            ..Change::new(&rules::ANNOTATION, old, new)
        };
        self.report(location::is_in_response(node).then_some(Direction::Response), change);
    }
}

/// The category of an annotation, by the nearest ancestor with a category.
fn category(node: Node<'_>) -> &'static str {
    let mut current = Some(node);
    while let Some(node) = current {
        match node.key() {
            Some("description" | "summary" | "title") => return "description",
            Some("example" | "examples") => return "example",
            Some("info") => return "info",
            Some("links") => return "link",
            Some("tags") => return "tag",
            Some("externalDocs") => return "external-docs",
            Some(key) if key.starts_with("x-") => return "extension",
            _ => current = node.parent(),
        }
    }
    "other"
}
