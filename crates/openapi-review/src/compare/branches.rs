//! Forms and parts: `oneOf`, `anyOf`, `allOf` and what tells forms apart. Paired by what they are, never by number.

use super::found::Change;
use super::matching::{alike, is_empty, is_only, matched};
use super::properties::{PARTS, loss};
use super::schemas::KNOWN;
use super::spot::{Spot, Step};
use super::{Comparison, Kind, entries, items, pairs};
use crate::document::Node;
use crate::place;
use crate::review::{Direction, Level};
use crate::rules;
use crate::rust_type;

impl<'a> Comparison<'a> {
    /// Whether one side is a schema and the other a choice of forms, which is one change.
    pub(super) fn wrapped(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) -> bool {
        let chooses = |schema: Node<'_>| schema.get("oneOf").is_some() || schema.get("anyOf").is_some();
        if chooses(base) == chooses(revision) {
            return false;
        }
        for (key, hole) in [("oneOf", "one-of"), ("anyOf", "any-of")] {
            let (old, new) = (base.get(key), revision.get(key));
            let (rule, forms, single) = match (old, new) {
                (None, Some(forms)) if is_only(revision, key) && !is_empty(base) => (&rules::WRAPPED, forms, base),
                (Some(forms), None) if is_only(base, key) && !is_empty(revision) => {
                    (&rules::UNWRAPPED, forms, revision)
                }
                _ => continue,
            };
            // Where no form is what was there alone, clients in either direction have to look.
            let kept = items(Some(forms)).find(|form| alike(*form, single));
            let level = kept.is_none().then_some(Level::Check).filter(|_| spot.direction.is_some());
            let level = level.map(|level| level.max(rule_level(rule, spot)));
            let types = [base, revision].map(|schema| rust_type::of(schema, !spot.optional));
            let change = Change::new(rule, old.or(Some(base)), new.or(Some(revision)));
            self.at(spot, Change { hole: hole.to_owned(), level, types: Some(types), ..change });
            self.words_of_wrapping([base, revision], single, kept);
            return true;
        }
        false
    }

    /// The words of a schema, which now stand beside the choice or in the form that is what it was, or did so before.
    fn words_of_wrapping(&mut self, [base, revision]: [Node<'a>; 2], single: Node<'a>, kept: Option<Node<'a>>) {
        let choice = if single == base { revision } else { base };
        let kept = kept.map(Node::target);
        let mut keys: Vec<&str> = Vec::new();
        for (key, _) in [Some(single), Some(choice), kept].into_iter().flat_map(entries) {
            if !KNOWN.contains(&key) && !keys.contains(&key) {
                keys.push(key);
            }
        }
        for key in keys {
            let one = single.get(key);
            let other = choice.get(key).or_else(|| kept?.get(key));
            let (old, new) = if single == base { (one, other) } else { (other, one) };
            self.word(old, new);
        }
    }

    pub(super) fn branches(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        for (key, hole) in [("oneOf", "one-of"), ("anyOf", "any-of")] {
            let (old, new) = (base.get(key), revision.get(key));
            let rule = match (old, new) {
                (Some(_), Some(_)) => {
                    self.forms(old, new, hole, spot);
                    continue;
                }
                (None, None) => continue,
                (None, _) => &rules::CHOICE_SET,
                (_, None) => &rules::CHOICE_UNSET,
            };
            let change = Change::new(rule, old.or(Some(base)), new.or(Some(revision)));
            self.at(spot, Change { hole: hole.to_owned(), ..change });
        }
        let (matched, added, removed) = matched(base.get("allOf"), revision.get("allOf"));
        let below = spot.below(Step::Part);
        for (old, new) in matched {
            self.schemas(old, new, &below);
        }
        for part in added {
            let rule = if is_empty(part.target()) { &rules::PART_ADDED_WORDS } else { &rules::PART_ADDED };
            let types = [base, revision].map(|schema| rust_type::of(schema, !spot.optional));
            let types = Some(types).filter(|[old, new]| old != new);
            self.at(spot, Change { types, ..Change::new(rule, None, Some(part)) });
        }
        for part in removed {
            let rule = if is_empty(part.target()) { &rules::PART_REMOVED_WORDS } else { &rules::PART_REMOVED };
            // Who receives it loses the properties that no other part has.
            let received = spot.direction == Some(Direction::Response);
            let level = received.then(|| loss(part, revision, PARTS));
            self.at(spot, Change { level, ..Change::new(rule, Some(part), None) });
        }
    }

    fn forms(&mut self, old: Option<Node<'a>>, new: Option<Node<'a>>, hole: &str, spot: &Spot<'_>) {
        let (matched, added, removed) = matched(old, new);
        let below = spot.below(Step::Part);
        // In the order of the new list the old ones must go up.
        let mut in_order = matched.clone();
        in_order.sort_unstable_by_key(|(_, new)| new.id());
        let moved = in_order.windows(2).find(|pair| matches!(pair, [(one, _), (next, _)] if one.id() > next.id()));
        if let Some([(old, new), _]) = moved {
            let change = Change::new(&rules::BRANCH_ORDER, Some(*old), Some(*new));
            self.at(spot, Change { hole: hole.to_owned(), ..change });
        }
        for (old, new) in matched {
            self.schemas(old, new, &below);
        }
        // A form that says the same as another one lets nothing new in.
        let level = |form: Node<'a>, others| items(others).any(|other| alike(other, form)).then_some(Level::Fine);
        for form in added {
            let change = Change::new(&rules::BRANCH_ADDED, None, Some(form));
            // A struct of forms that is only read may have another field.
            let same = hole == "any-of" && spot.direction == Some(Direction::Response);
            let types = same.then(|| [String::new(), String::new()]);
            self.at(spot, Change { hole: hole.to_owned(), level: level(form, old), types, ..change });
        }
        for form in removed {
            let change = Change::new(&rules::BRANCH_REMOVED, Some(form), None);
            self.at(spot, Change { hole: hole.to_owned(), ..change });
        }
    }

    pub(super) fn discriminator(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        let (old, new) = (base.get("discriminator"), revision.get("discriminator"));
        let (old, new) = match (old, new) {
            (Some(old), Some(new)) => (old, new),
            (None, None) => return,
            (None, _) => return self.at(spot, Change::new(&rules::DISCRIMINATOR_ADDED, Some(base), new)),
            (_, None) => return self.at(spot, Change::new(&rules::DISCRIMINATOR_REMOVED, old, Some(revision))),
        };
        let names = [old, new].map(|node| node.get("propertyName"));
        if super::differs(names[0], names[1]) {
            self.at(spot, Change::of_keyword(&rules::DISCRIMINATOR_CHANGED, "propertyName", [old, new]));
        }
        for (name, from, to) in pairs(old.get("mapping"), new.get("mapping")) {
            let (rule, what) = match (from, to) {
                (Some(from), Some(to))
                    if from.same(to) || mapped_name(from).is_some_and(|name| mapped_name(to) == Some(name)) =>
                {
                    // Whoever gets the general form gets these.
                    if let (Some(from), Some(to)) = (mapped(from), mapped(to)) {
                        self.pair(Kind::Schema, from, to, &spot.below(Step::Part));
                    }
                    self.spelling(Some(from), Some(to), from, to);
                    continue;
                }
                (Some(_), Some(_)) => (&rules::MAPPING_CHANGED, format!("the name `{name}` of {}", spot.what())),
                (None, _) => (&rules::MAPPING_ADDED, spot.what()),
                (_, None) => (&rules::MAPPING_REMOVED, spot.what()),
            };
            let values = if from.is_some() && to.is_some() {
                [from, to].map(|side| side.map(place::brief))
            } else {
                [Some(format!("`{name}`")), Some(format!("`{name}`"))]
            };
            // Another schema that says the same is the same form.
            let schemas = [from, to].map(|side| side.and_then(mapped));
            let level = matches!(schemas, [Some(from), Some(to)] if alike(from, to)).then_some(Level::Fine);
            self.at(spot, Change { what, values, level, ..Change::new(rule, from, to) });
        }
        self.words(old, new, &["propertyName", "mapping"]);
    }
}

fn mapped_name(value: Node<'_>) -> Option<&str> {
    mapped(value)?.key()
}

/// The schema that a name of a mapping leads to.
fn mapped(value: Node<'_>) -> Option<Node<'_>> {
    let root = value.document().root();
    let text = value.text()?;
    // A name alone is that of a schema.
    text.strip_prefix('#').and_then(|pointer| root.at(pointer)).or_else(|| root.at("/components/schemas")?.get(text))
}

fn rule_level(rule: &rules::Rule, spot: &Spot<'_>) -> Level {
    match spot.direction {
        Some(Direction::Response) => rule.response,
        _ => rule.request,
    }
}
