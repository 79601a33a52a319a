//! Keywords of OpenAPI 3.1 without a form in OpenAPI 3.0, whose changes a person has to judge.

use std::collections::HashSet;

use super::change::Change;
use super::comparison::Comparison;
use super::context::SchemaContext;
use super::effective::Effective;
use super::nodes::{items, pairs};
use crate::document::{Kind, NEWER_KEYWORDS, Node};
use crate::rules;

impl<'a> Comparison<'a> {
    /// Reports a change of a keyword that only a person can judge.
    pub(super) fn unjudged_keywords(
        &mut self,
        base: &Effective<'a>,
        revision: &Effective<'a>,
        context: &SchemaContext<'_>,
    ) {
        // A document of OpenAPI 3.0 does not have them.
        if !self.base.is_newer() && !self.revision.is_newer() {
            return;
        }
        for key in NEWER_KEYWORDS {
            let [old, new]: [Vec<_>; 2] = [base, revision].map(|schema| schema.all(key).collect());
            let is_same = |(old, new): (&Node<'_>, &Node<'_>)| is_same(*old, *new, &mut HashSet::new());
            if old.len() != new.len() || !old.iter().zip(&new).all(is_same) {
                let change = Change::of_keyword(&rules::KEYWORD_NOT_JUDGED, key, [base, revision]);
                let subject = format!("`{key}` of {}", context.describe());
                self.report_at(context, Change { subject, id_part: id(key), ..change });
            }
        }
    }
}

/// A keyword in the form of ids: `prefix-items`.
fn id(key: &str) -> String {
    let mut id = String::new();
    for letter in key.trim_start_matches('$').chars() {
        if letter.is_ascii_uppercase() {
            id.push('-');
        }
        id.push(letter.to_ascii_lowercase());
    }
    id
}

/// Whether two schemas are equal together with everything that they refer to. `seen` has the pairs that are equal if the
/// rest is, because a schema may refer to itself.
fn is_same(old: Node<'_>, new: Node<'_>, seen: &mut HashSet<(u32, u32)>) -> bool {
    if !old.contains_reference() && !new.contains_reference() {
        return old.same(new);
    }
    let (old_target, new_target) = (old.target(), new.target());
    if old_target != old || new_target != new {
        return !seen.insert((old_target.id(), new_target.id())) || is_same(old_target, new_target, seen);
    }
    match (old.kind(), new.kind()) {
        (Kind::Map, Kind::Map) => pairs(Some(old), Some(new))
            .all(|(_, old, new)| old.zip(new).is_some_and(|(old, new)| is_same(old, new, seen))),
        (Kind::List, Kind::List) => {
            items(Some(old)).count() == items(Some(new)).count()
                && items(Some(old)).zip(items(Some(new))).all(|(old, new)| is_same(old, new, seen))
        }
        _ => old.same(new),
    }
}
