//! Which branches of two lists belong together, and which schemas say the same.

use std::collections::HashMap;

use super::{entries, items};
use crate::document::{Kind as NodeKind, Node};

/// Keywords that only describe.
const WORDS: [&str; 8] =
    ["title", "description", "example", "examples", "externalDocs", "deprecated", "$comment", "default"];

/// Those that belong together, those that came, and those that are gone.
pub(super) type Matched<'a> = (Vec<(Node<'a>, Node<'a>)>, Vec<Node<'a>>, Vec<Node<'a>>);

/// Pairs the branches of two lists: those of one identity, then those that are alike, then those that are most alike.
pub(super) fn matched<'a>(base: Option<Node<'a>>, revision: Option<Node<'a>>) -> Matched<'a> {
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
pub(super) fn alike(one: Node<'_>, other: Node<'_>) -> bool {
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
pub(super) fn is_empty(schema: Node<'_>) -> bool {
    schema.entries().all(|(key, _)| is_word(key))
}

/// Whether a schema is nothing but a choice.
pub(super) fn is_only(schema: Node<'_>, key: &str) -> bool {
    schema.entries().all(|(other, _)| other == key || other == "discriminator" || other == "type" || is_word(other))
}
