//! What the walk notes, and how that becomes a review.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Comparison, Owner, Spot};
use crate::document::Node;
use crate::place::{self, Stable};
use crate::review::{Direction, Effect, Finding, Level, Review, Use};
use crate::rules::{Rule, Rust};
use crate::version;

/// A change to note.
pub(super) struct Change<'a> {
    pub(super) rule: &'static Rule,
    pub(super) old: Option<Node<'a>>,
    pub(super) new: Option<Node<'a>>,
    /// What changed, such as "`Link.uri`".
    pub(super) what: String,
    /// Fills `{}` of the rule's id.
    pub(super) hole: String,
    /// How the values read; the nodes' own text where not given.
    pub(super) values: [Option<String>; 2],
    /// The Rust types of the place on both sides, for rules whose effect depends on them.
    pub(super) types: Option<[String; 2]>,
    /// A level other than the rule's.
    pub(super) level: Option<Level>,
}

impl<'a> Change<'a> {
    pub(super) fn new(rule: &'static Rule, old: Option<Node<'a>>, new: Option<Node<'a>>) -> Self {
        let (what, hole) = (String::new(), String::new());
        Self { rule, old, new, what, hole, values: [None, None], types: None, level: None }
    }

    /// A change of a keyword: shown where the keyword stands, or else at what it is missing from.
    pub(super) fn of_keyword(rule: &'static Rule, key: &str, [base, revision]: [Node<'a>; 2]) -> Self {
        let (old, new) = (base.get(key), revision.get(key));
        let values = [old, new].map(|node| Some(node.map_or_else(|| "nothing".to_owned(), place::brief)));
        Self { values, ..Self::new(rule, old.or(Some(base)), new.or(Some(revision))) }
    }
}

/// A change as noted, at one place and in one direction.
pub(super) struct Found<'a> {
    rule: &'static Rule,
    id: String,
    level: Level,
    effect: Effect,
    text: String,
    pub(super) old: Option<Node<'a>>,
    pub(super) new: Option<Node<'a>>,
    owner: Owner,
    direction: Option<Direction>,
}

impl<'a> Comparison<'a> {
    /// Notes a change at a spot.
    pub(super) fn at(&mut self, spot: &Spot<'_>, change: Change<'a>) {
        let what = if change.what.is_empty() { spot.what() } else { change.what };
        let level = if spot.direction.is_none() { Some(Level::Fine) } else { change.level };
        let hole = change.hole;
        let id = change.rule.id.replace('*', spot.place.id()).replace("{}", &hole);
        let types = if spot.generated { change.types } else { Some(Default::default()) };
        self.push(spot.direction, id, Change { what, level, hole, types, ..change });
    }

    /// Notes a change that is at no place of a schema.
    pub(super) fn note(&mut self, direction: Option<Direction>, change: Change<'a>) {
        let id = change.rule.id.replace("{}", &change.hole);
        let types = if self.generated { change.types } else { Some(Default::default()) };
        self.push(direction, id, Change { types, ..change });
    }

    fn push(&mut self, direction: Option<Direction>, id: String, change: Change<'a>) {
        let Change { rule, old, new, what, hole, values: [old_value, new_value], types, level } = change;
        let value = |given: Option<String>, node: Option<Node<'_>>| {
            given.or_else(|| node.map(place::brief)).unwrap_or_else(|| "nothing".to_owned())
        };
        let [old_value, new_value] = [value(old_value, old), value(new_value, new)];
        let fillings = [("{what}", &*what), ("{}", &*hole), ("{old}", &*old_value), ("{new}", &*new_value)];
        let text = fill(rule.says, &fillings);
        let level = level.unwrap_or(match direction {
            Some(Direction::Response) => rule.response,
            _ => rule.request,
        });
        let effect = match (rule.rust, types) {
            (Rust::Nothing, _) => Effect::default(),
            (_, Some([old, new])) if old == new => Effect::default(),
            (_, Some([old, new])) => Effect { breaks: true, text: format!("`{old}` becomes `{new}`") },
            (Rust::Sent(_), None) if direction == Some(Direction::Response) => Effect::default(),
            (Rust::Received(_), None) if direction != Some(Direction::Response) => Effect::default(),
            (Rust::Breaks(how) | Rust::Sent(how) | Rust::Received(how), None) => {
                Effect { breaks: true, text: how.to_owned() }
            }
            (Rust::Type, None) => Effect::default(),
        };
        self.found.push(Found { rule, id, level, effect, text, old, new, owner: self.owner, direction });
    }

    /// Puts together what is one change: seen as request and as response, or from several places.
    pub(super) fn review(mut self) -> Review {
        let found = std::mem::take(&mut self.found);
        let mut merged: Vec<(Finding, [Option<u32>; 2])> = Vec::new();
        let mut index = HashMap::new();
        let mut places = [Stable::default(), Stable::default()];
        let mut reached: HashMap<(Owner, Option<Direction>), BTreeSet<Use>> = HashMap::new();
        for found in found {
            let nodes = [found.old.map(Node::id), found.new.map(Node::id)];
            // What came or went is one change, whatever the direction calls it.
            let aspect = if found.old.is_some() && found.new.is_some() { found.rule.id } else { "" };
            let uses = reached
                .entry((found.owner, found.direction))
                .or_insert_with(|| self.uses(found.owner, found.direction));
            let at = *index.entry((nodes, aspect)).or_insert_with(|| {
                merged.push((finding(&found, &mut places), nodes));
                merged.len() - 1
            });
            let (finding, _) = &mut merged[at];
            if found.level > finding.level {
                let operations = std::mem::take(&mut finding.operations);
                let rust = std::mem::take(&mut finding.rust);
                *finding = self::finding(&found, &mut places);
                finding.operations = operations;
                if rust.breaks {
                    finding.rust = rust;
                }
            } else if found.effect.breaks && !finding.rust.breaks {
                finding.rust = found.effect;
            }
            finding.operations.extend(uses.iter().cloned());
        }
        for (finding, _) in &mut merged {
            finding.operations.sort();
            finding.operations.dedup();
        }
        // Worst first, then in the order of the new document, with what is gone at its end.
        merged.sort_by_key(|(finding, [old, new])| {
            (
                Reverse(finding.level),
                Reverse(finding.rust.breaks),
                new.is_none(),
                new.unwrap_or_default(),
                old.unwrap_or_default(),
            )
        });
        let findings: Vec<Finding> = merged.into_iter().map(|(finding, _)| finding).collect();
        let versions = [self.base, self.revision].map(version::of);
        version::judge(findings, versions)
    }

    /// The operations that reach `owner`, and as what.
    fn uses(&self, owner: Owner, direction: Option<Direction>) -> BTreeSet<Use> {
        let mut uses = BTreeMap::new();
        let mut seen = HashSet::from([(owner, direction)]);
        let mut open = vec![(owner, direction)];
        while let Some((owner, direction)) = open.pop() {
            match owner {
                Owner::Document => {}
                Owner::Operation(number) => {
                    uses.insert((number, direction.unwrap_or(Direction::Request)), ());
                }
                Owner::Unit(unit) => {
                    open.extend(self.units[unit].users.iter().filter(|user| seen.insert(**user)));
                }
            }
        }
        uses.into_keys()
            .map(|(number, direction)| {
                let operation = &self.operations[number];
                Use { operation: operation.name.clone(), id: operation.id.clone(), direction }
            })
            .collect()
    }
}

fn stable_place(found: &Found<'_>, [olds, news]: &mut [Stable; 2]) -> String {
    let (old, new) = match (found.old, found.new) {
        (Some(old), Some(new)) => (old, new),
        (old, new) => return new.map(|new| news.of(new)).or(old.map(|old| olds.of(old))).unwrap_or_default(),
    };
    let (from, to) = (olds.of(old), news.of(new));
    let [left, right] = [old, new].map(Node::pointer);
    let listed = |node: Node<'_>| node.parent().and_then(Node::key) == Some("required");
    // Where what stood at one place is a shared schema now, other places may be that schema now too.
    if !left.split('/').take(4).eq(right.split('/').take(4)) {
        format!("{from} -> {to}")
    } else if to.starts_with(&from) || listed(old) {
        to
    } else if from.starts_with(&to) || listed(new) {
        // A keyword that one side lacks is shown there at what it is missing from, which is no place to tell it by.
        from
    } else {
        format!("{from} -> {to}")
    }
}

/// What both sides say. A schema that merely lacks the keyword of the other side says nothing of the change.
fn substance(found: &Found<'_>) -> [Option<String>; 2] {
    // What is fine is never accepted: the beginning of its values is enough to tell it by.
    let say = if found.level == Level::Fine { place::value } else { place::substance };
    let depth = |node: Option<Node<'_>>| node.map_or(0, Node::level);
    let deepest = depth(found.old).max(depth(found.new));
    [found.old, found.new].map(|side| side.filter(|side| side.level() == deepest).map(say))
}

fn finding(found: &Found<'_>, places: &mut [Stable; 2]) -> Finding {
    Finding {
        id: found.id.clone(),
        rule: found.rule,
        level: found.level,
        rust: found.effect.clone(),
        stable_place: stable_place(found, places),
        substance: substance(found),
        old: found.old.map(place::side),
        new: found.new.map(place::side),
        operations: Vec::new(),
        text: found.text.clone(),
    }
}

/// Fills the holes of a template in one pass: what fills them may look like a hole itself.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let (mut filled, mut rest) = (String::new(), template);
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        match values.iter().find(|(hole, _)| rest.starts_with(hole)) {
            Some((hole, value)) => {
                filled.push_str(value);
                rest = &rest[hole.len()..];
            }
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}
