//! Forms and parts: `oneOf`, `anyOf`, `allOf` and what tells forms apart. Paired by what they are, never by number.

use std::collections::HashMap;

use super::found::Change;
use super::properties::{PARTS, loss};
use super::schemas::KNOWN;
use super::spot::{Spot, Step};
use super::{Comparison, Kind, entries, items, pairs};
use crate::document::{Kind as NodeKind, Node};
use crate::place;
use crate::review::{Direction, Level};
use crate::rules;
use crate::rust_type;

/// Keywords that only describe.
const WORDS: [&str; 8] =
    ["title", "description", "example", "examples", "externalDocs", "deprecated", "$comment", "default"];

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

type Matched<'a> = (Vec<(Node<'a>, Node<'a>)>, Vec<Node<'a>>, Vec<Node<'a>>);

/// Pairs the branches of two lists: those of one identity, then those that are alike, then those that are most alike.
fn matched<'a>(base: Option<Node<'a>>, revision: Option<Node<'a>>) -> Matched<'a> {
    let (mut old, mut new): (Vec<Node<'a>>, Vec<Node<'a>>) = (items(base).collect(), items(revision).collect());
    let mut pairs = Vec::new();
    let known: HashMap<u32, String> = old.iter().filter_map(|one| Some((one.id(), identity(*one)?))).collect();
    let come: HashMap<u32, String> = new.iter().filter_map(|one| Some((one.id(), identity(*one)?))).collect();
    let identical = |one: Node<'a>, other: Node<'a>| {
        known.get(&one.id()).is_some_and(|identity| come.get(&other.id()) == Some(identity))
    };
    take(&mut old, &mut new, &mut pairs, identical);
    take(&mut old, &mut new, &mut pairs, |one, other| alike(one, other) && is_reference(one) == is_reference(other));
    take(&mut old, &mut new, &mut pairs, alike);
    // An edited branch is still the same one, but a reference to another schema is another branch, unless that schema
    // was renamed.
    take(&mut old, &mut new, &mut pairs, |one, other| match (is_reference(one), is_reference(other)) {
        (true, true) => renamed(one, other),
        (false, false) => resemble(one, other),
        _ => false,
    });
    if let ([one], [other]) = (&*old, &*new)
        && !is_reference(*one)
        && !is_reference(*other)
    {
        pairs.push((*one, *other));
        return (pairs, Vec::new(), Vec::new());
    }
    (pairs, new, old)
}

/// Moves those that belong together from both lists into `pairs`.
fn take<'a>(
    old: &mut Vec<Node<'a>>,
    new: &mut Vec<Node<'a>>,
    pairs: &mut Vec<(Node<'a>, Node<'a>)>,
    belong: impl Fn(Node<'a>, Node<'a>) -> bool,
) {
    new.retain(|other| match old.iter().position(|one| belong(*one, *other)) {
        Some(at) => {
            pairs.push((old.remove(at), *other));
            false
        }
        None => true,
    });
}

/// What a branch is known by: its reference, its title, or the one value that a property of it can have.
fn identity(branch: Node<'_>) -> Option<String> {
    let text = |key: &str| branch.get(key).and_then(Node::text);
    if let Some(reference) = text("$ref") {
        return Some(format!("reference {reference}"));
    }
    if let Some(title) = text("title") {
        return Some(format!("title {title}"));
    }
    entries(branch.get("properties")).find_map(|(name, property)| {
        let mut values = items(property.target().get("enum"));
        let value = values.next()?.text()?;
        values.next().is_none().then(|| format!("tag {name} {value}"))
    })
}

fn is_reference(node: Node<'_>) -> bool {
    node.get("$ref").is_some()
}

/// Whether a schema is gone under its name, and the other one is new.
fn renamed(one: Node<'_>, other: Node<'_>) -> bool {
    let known = |at: Node<'_>, schema: Node<'_>| {
        let schemas = at.document().root().at("/components/schemas");
        schemas.zip(schema.key()).is_some_and(|(schemas, name)| schemas.get(name).is_some())
    };
    let (old, new) = (one.target(), other.target());
    !known(other, old) && !known(one, new) && resemble(old, new)
}

/// Whether two schemas have the same type, and a property in common where they have any.
fn resemble(one: Node<'_>, other: Node<'_>) -> bool {
    let name = |node: Node<'_>| node.get("type").and_then(Node::text).map(str::to_owned);
    let [ours, theirs] = [one, other].map(|node| node.get("properties"));
    let shared = entries(ours).any(|(name, _)| theirs.is_some_and(|theirs| theirs.get(name).is_some()));
    name(one) == name(other) && (shared || (ours.is_none() && theirs.is_none()))
}

/// Whether two schemas say the same but for words, following the references that they are themselves.
fn alike(one: Node<'_>, other: Node<'_>) -> bool {
    let (one, other) = (one.target(), other.target());
    let own = |node: Node<'_>| node.entries().filter(|(key, _)| !is_word(key)).count();
    own(one) == own(other)
        && entries(Some(one)).filter(|(key, _)| !is_word(key)).all(|(key, value)| {
            other.get(key).is_some_and(|counterpart| match key {
                "properties" => {
                    let count = |schemas| entries(Some(schemas)).count();
                    count(value) == count(counterpart)
                        && entries(Some(value))
                            .all(|(name, schema)| counterpart.get(name).is_some_and(|other| alike_below(schema, other)))
                }
                "allOf" | "oneOf" | "anyOf" => {
                    let count = |schemas| items(Some(schemas)).count();
                    count(value) == count(counterpart)
                        && items(Some(value)).zip(items(Some(counterpart))).all(|(one, other)| alike_below(one, other))
                }
                "items" | "additionalProperties" | "not" => alike_below(value, counterpart),
                _ => value.same(counterpart),
            })
        })
}

/// Two references below are compared by name, or else a cycle would never end. What stands there itself does end.
fn alike_below(one: Node<'_>, other: Node<'_>) -> bool {
    match (is_reference(one), is_reference(other)) {
        (true, true) => one.same(other),
        _ => match (one.target().kind(), other.target().kind()) {
            (NodeKind::Map, NodeKind::Map) => alike(one, other),
            _ => one.same(other),
        },
    }
}

fn is_word(key: &str) -> bool {
    WORDS.contains(&key) || key.starts_with("x-")
}

/// Whether a schema says nothing that limits values.
fn is_empty(schema: Node<'_>) -> bool {
    schema.entries().all(|(key, _)| is_word(key))
}

/// Whether a schema is nothing but a choice.
fn is_only(schema: Node<'_>, key: &str) -> bool {
    schema.entries().all(|(other, _)| other == key || other == "discriminator" || other == "type" || is_word(other))
}
