//! Deprecation, sunset dates and stability levels.

use super::change::Change;
use super::comparison::Comparison;
use super::nodes::{differs, flag};
use super::raw_finding::Origin;
use crate::document::Node;
use crate::review::Direction;
use crate::rules::Level;
use crate::rules::{self, Rule};

impl<'a> Comparison<'a> {
    /// Compares deprecation and sunset date. `noun` is the name of the node in rule ids.
    pub(super) fn lifecycle(
        &mut self,
        base: Node<'a>,
        revision: Node<'a>,
        direction: Option<Direction>,
        subject: &str,
        noun: &str,
    ) {
        let sides = [base.get("x-sunset"), revision.get("x-sunset")];
        let dates = sides.map(|side| side.map(day));
        let readable = dates.iter().flatten().all(Option::is_some);
        let [old_date, new_date] = dates.map(Option::flatten);
        let prefix = if noun == "endpoint" { "api-".to_owned() } else { format!("{noun}-") };
        let deprecated = [base, revision].map(|node| flag(node, "deprecated"));
        let [old, new] = sides;
        let changed = differs(old, new);
        let flags = (base.get("deprecated").or(Some(base)), revision.get("deprecated").or(Some(revision)));
        let (rule, id_part, nodes): (&'static Rule, _, _) = match deprecated {
            [_, true] if !readable && (changed || !deprecated[0]) => (&rules::SUNSET_UNREADABLE, prefix, (old, new)),
            [false, true] if new_date.is_some() => (&rules::DEPRECATED_WITH_SUNSET, noun.to_owned(), flags),
            [false, true] => (&rules::DEPRECATED, noun.to_owned(), flags),
            [true, false] => (&rules::REACTIVATED, noun.to_owned(), flags),
            [true, true] if changed && new.is_none() => {
                let id_part = if noun == "endpoint" { String::new() } else { prefix };
                (&rules::SUNSET_DELETED, id_part, (old, Some(revision)))
            }
            [true, true] if changed && old_date.is_some() && new_date < old_date => {
                (&rules::SUNSET_EARLIER, prefix, (old, new))
            }
            _ if changed => return self.annotation(old, new),
            _ => return,
        };
        self.report(direction, Change { subject: subject.to_owned(), id_part, ..Change::new(rule, nodes.0, nodes.1) });
    }

    /// The rule of a removal: not deprecated, deprecated, or deprecated with a sunset date in the future.
    pub(super) fn removal_rule(
        &self,
        operation: Node<'a>,
        removed: Node<'a>,
        [plain, deprecated, early]: [&'static Rule; 3],
    ) -> (&'static Rule, Option<Level>) {
        // A draft may be removed at any time.
        let unstable = is_unstable(operation);
        if unstable || !flag(removed, "deprecated") {
            return (plain, unstable.then_some(Level::Fine));
        }
        match removed.get("x-sunset").map(day) {
            None => (deprecated, None),
            Some(Some(sunset)) if sunset > self.settings.today => (early, None),
            Some(Some(_)) => (deprecated, None),
            // The date is invalid, so it may not have passed.
            Some(None) => (early, Some(Level::Check)),
        }
    }

    /// Compares stability levels. `noun` is the name of the node in rule ids.
    pub(super) fn stability(
        &mut self,
        base: Node<'a>,
        revision: Node<'a>,
        direction: Option<Direction>,
        subject: &str,
        noun: &str,
    ) {
        const LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];
        let (old, new) = (base.get("x-stability-level"), revision.get("x-stability-level"));
        if !differs(old, new) {
            return;
        }
        let rank = |node: Option<Node<'a>>| match node {
            None => Some(LEVELS.len() - 1),
            Some(node) => LEVELS.iter().position(|level| node.text() == Some(*level)),
        };
        let rule = match (rank(old), rank(new)) {
            (Some(old_rank), Some(new_rank)) if new_rank < old_rank => &rules::STABILITY_DECREASED,
            (Some(_), Some(_)) => return self.annotation(old, new),
            _ => &rules::STABILITY_INVALID,
        };
        let (subject, id_part) = (subject.to_owned(), noun.to_owned());
        // A property of an unstable operation is not more stable than the operation.
        let unstable = matches!(self.scope().origin, Origin::Operation(number) if self.operations[number].is_unstable);
        let level = (unstable && noun != "api").then_some(Level::Fine);
        self.report(
            direction,
            Change { subject, id_part, level, ..Change::new(rule, old.or(Some(base)), new.or(Some(revision))) },
        );
    }
}

/// Whether an operation may change at any time.
pub(super) fn is_unstable(operation: Node<'_>) -> bool {
    matches!(operation.get("x-stability-level").and_then(Node::text), Some("draft" | "alpha"))
}

/// The day of a date or a timestamp, as text: `2026-01-31`.
fn day(node: Node<'_>) -> Option<&str> {
    let day = node.text()?.get(..10)?;
    let is_date = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    is_date.then_some(day)
}
