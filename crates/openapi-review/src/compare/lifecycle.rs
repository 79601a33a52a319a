//! Deprecation, sunset and stability: what callers were told before something goes.

use super::found::Change;
use super::{Comparison, differs, flag};
use crate::document::Node;
use crate::review::Level;
use crate::rules::{self, Rule};

impl<'a> Comparison<'a> {
    /// Deprecation with its sunset, of whatever can be deprecated. `noun` is how ids call it.
    pub(super) fn lifecycle(&mut self, base: Node<'a>, revision: Node<'a>, what: &str, noun: &str) {
        let sides = [base.get("x-sunset"), revision.get("x-sunset")];
        let dates = sides.map(|side| side.map(date));
        let readable = dates.iter().flatten().all(Option::is_some);
        let [old_date, new_date] = dates.map(Option::flatten);
        let prefix = if noun == "endpoint" { "api-".to_owned() } else { format!("{noun}-") };
        let deprecated = [base, revision].map(|node| flag(node, "deprecated"));
        let [old, new] = sides;
        let changed = differs(old, new);
        let flags = (base.get("deprecated").or(Some(base)), revision.get("deprecated").or(Some(revision)));
        let (rule, hole, nodes): (&'static Rule, _, _) = match deprecated {
            [_, true] if !readable && (changed || !deprecated[0]) => (&rules::SUNSET_UNREADABLE, prefix, (old, new)),
            [false, true] if new_date.is_some() => (&rules::DEPRECATED_WITH_SUNSET, noun.to_owned(), flags),
            [false, true] => (&rules::DEPRECATED, noun.to_owned(), flags),
            [true, false] => (&rules::REACTIVATED, noun.to_owned(), flags),
            [true, true] if changed && new.is_none() => {
                let hole = if noun == "endpoint" { String::new() } else { prefix };
                (&rules::SUNSET_DELETED, hole, (old, Some(revision)))
            }
            [true, true] if changed && old_date.is_some() && new_date < old_date => {
                (&rules::SUNSET_EARLIER, prefix, (old, new))
            }
            _ if changed => return self.word(old, new),
            _ => return,
        };
        self.note(None, Change { what: what.to_owned(), hole, ..Change::new(rule, nodes.0, nodes.1) });
    }

    /// Which of three rules a removal falls under: never deprecated, deprecated, deprecated with a sunset to come.
    pub(super) fn removal(
        &self,
        operation: Node<'a>,
        gone: Node<'a>,
        [plain, told, early]: [&'static Rule; 3],
    ) -> (&'static Rule, Option<Level>) {
        // Nobody was promised that a draft stays.
        let unstable = matches!(operation.get("x-stability-level").and_then(Node::text), Some("draft" | "alpha"));
        if unstable || !flag(gone, "deprecated") {
            return (plain, unstable.then_some(Level::Fine));
        }
        match gone.get("x-sunset").map(date) {
            None => (told, None),
            Some(Some(sunset)) if sunset > self.settings.today => (early, None),
            Some(Some(_)) => (told, None),
            // Nobody can tell whether it is time.
            Some(None) => (early, Some(Level::Check)),
        }
    }

    pub(super) fn stability(&mut self, base: Node<'a>, revision: Node<'a>, what: &str) {
        const LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];
        let (old, new) = (base.get("x-stability-level"), revision.get("x-stability-level"));
        let rank = |node: Option<Node<'a>>| match node {
            None => Some(LEVELS.len() - 1),
            Some(node) => LEVELS.iter().position(|level| node.text() == Some(*level)),
        };
        let rule = match (rank(old), rank(new)) {
            (Some(old_rank), Some(new_rank)) if new_rank < old_rank => &rules::STABILITY_DECREASED,
            (Some(_), Some(_)) => return self.word(old, new),
            _ if old.zip(new).is_some_and(|(old, new)| old.same(new)) => return,
            _ => &rules::STABILITY_INVALID,
        };
        self.note(None, Change { what: what.to_owned(), ..Change::new(rule, old, new.or(Some(revision))) });
    }
}

/// The day of a date or time, as text that sorts: `2026-01-31`.
fn date(node: Node<'_>) -> Option<&str> {
    let day = node.text()?.get(..10)?;
    let is_date = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    is_date.then_some(day)
}
