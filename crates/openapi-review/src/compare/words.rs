//! Whatever no rule of its own looks at: descriptions, examples, extensions. It never breaks anybody, and is shown.

use super::found::Change;
use super::{Comparison, items, pairs};
use crate::document::{Kind, Node};
use crate::place;
use crate::review::Direction;
use crate::rules;

impl<'a> Comparison<'a> {
    /// What differs between two maps beside the `known` keys.
    pub(super) fn words(&mut self, base: Node<'a>, revision: Node<'a>, known: &[&str]) {
        for (_, old, new) in pairs(Some(base), Some(revision)).filter(|(key, ..)| !known.contains(key)) {
            self.word(old, new);
        }
    }

    /// What differs between two values, each difference at its own place.
    pub(super) fn word(&mut self, old: Option<Node<'a>>, new: Option<Node<'a>>) {
        match (old, new) {
            (None, None) => {}
            (Some(old), Some(new)) if old.same(new) => {}
            (Some(old), Some(new)) => match (old.kind(), new.kind()) {
                (Kind::Map, Kind::Map) => self.words(old, new, &[]),
                (Kind::List, Kind::List) => self.word_list(old, new),
                _ => self.note_word(Some(old), Some(new)),
            },
            _ => self.note_word(old, new),
        }
    }

    /// Lists for readers have no order.
    fn word_list(&mut self, base: Node<'a>, revision: Node<'a>) {
        let mut left: Vec<(String, Node<'a>)> = items(Some(base)).map(|item| (place::identity(item), item)).collect();
        for item in items(Some(revision)) {
            let identity = place::identity(item);
            match left.iter().position(|(other, _)| *other == identity) {
                Some(at) => {
                    let (_, original) = left.swap_remove(at);
                    self.word(Some(original), Some(item));
                }
                None => self.note_word(None, Some(item)),
            }
        }
        for (_, gone) in left {
            self.note_word(Some(gone), None);
        }
    }

    fn note_word(&mut self, old: Option<Node<'a>>, new: Option<Node<'a>>) {
        let Some(node) = new.or(old) else { return };
        let hole = category(node);
        let how = match (old, new) {
            (None, _) => "was added",
            (_, None) => "was removed",
            _ => "changed",
        };
        let (what, hole, values) = (place::name(node), hole.to_owned(), [None, Some(how.to_owned())]);
        let change = Change { what, hole, values, ..Change::new(&rules::WORDS, old, new) };
        self.note(place::is_answer(node).then_some(Direction::Response), change);
    }
}

/// What kind of words a node belongs to, by the nearest key that tells.
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
