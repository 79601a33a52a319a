//! Parts of OpenAPI 3.1 without a form in OpenAPI 3.0: webhooks, and keywords of schemas.

use std::collections::HashSet;

use super::change::Change;
use super::comparison::{Comparison, Operation, Scope};
use super::context::SchemaContext;
use super::effective::Effective;
use super::lifecycle;
use super::nodes::{items, pairs};
use super::operations::{CALLBACK, METHODS, find_operation};
use super::raw_finding::Origin;
use crate::document::{Kind, Node};
use crate::rules;

/// Keywords whose changes a person has to judge.
pub(super) const KEYWORDS: [&str; 17] = [
    "$dynamicRef",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

impl<'a> Comparison<'a> {
    /// A client receives the request of a webhook, as that of a callback.
    pub(super) fn webhooks(&mut self, base: Option<Node<'a>>, revision: Option<Node<'a>>) {
        for (_, old, new) in pairs(base, revision) {
            for method in METHODS {
                let operations = [find_operation(old, method), find_operation(new, method)];
                let [old, new] = operations;
                let Some(either) = new.or(old) else { continue };
                let name = format!("webhook {} {}", method.to_uppercase(), either.path);
                let id = either.operation.get("operationId").and_then(Node::text).map(str::to_owned);
                let subject = format!("the webhook `{} {}`", method.to_uppercase(), either.path);
                let is_unstable = lifecycle::is_unstable(either.operation);
                self.operations.push(Operation { name, id, is_unstable });
                let scope = Scope { origin: Origin::Operation(self.operations.len() - 1), generated: false };
                self.in_scope(scope, |comparison| match (old, new) {
                    (Some(old), Some(new)) => comparison.operation(old, new, &subject, CALLBACK),
                    (old, new) => {
                        let rule = if new.is_some() { &rules::WEBHOOK_ADDED } else { &rules::WEBHOOK_REMOVED };
                        let sides = [old, new].map(|side| side.map(|side| side.operation));
                        let change = Change::new(rule, sides[0], sides[1]);
                        comparison.report(None, Change { subject, ..change });
                    }
                });
            }
        }
    }

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
        for key in KEYWORDS {
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
