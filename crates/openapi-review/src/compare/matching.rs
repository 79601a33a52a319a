//! Matches the items of two lists of schemas, and decides which schemas are equivalent.

use std::collections::HashMap;

use super::effective::Effective;
use super::nodes::{entries, items};
use crate::document::{Kind, Node};

/// Keywords without an effect on the allowed values.
const ANNOTATIONS: [&str; 8] =
    ["title", "description", "example", "examples", "externalDocs", "deprecated", "$comment", "default"];

/// The items of two lists: matched, only in the new list, only in the old list.
pub(super) struct ListMatch<'a> {
    pub(super) pairs: Vec<(Node<'a>, Node<'a>)>,
    pub(super) added: Vec<Node<'a>>,
    pub(super) removed: Vec<Node<'a>>,
}

/// Matches the items of two lists.
pub(super) fn match_lists<'a>(base: Option<Node<'a>>, revision: Option<Node<'a>>) -> ListMatch<'a> {
    match_schemas(items(base).collect(), items(revision).collect())
}

/// Matches schemas: first by identity, then equivalent ones, then similar ones.
pub(super) fn match_schemas<'a>(mut old: Vec<Node<'a>>, mut new: Vec<Node<'a>>) -> ListMatch<'a> {
    let mut pairs = Vec::new();
    let old_identities: HashMap<u32, String> = old.iter().filter_map(|one| Some((one.id(), identity(*one)?))).collect();
    let new_identities: HashMap<u32, String> = new.iter().filter_map(|one| Some((one.id(), identity(*one)?))).collect();
    let has_same_identity = |one: Node<'a>, other: Node<'a>| {
        old_identities.get(&one.id()).is_some_and(|identity| new_identities.get(&other.id()) == Some(identity))
    };
    take_pairs(&mut old, &mut new, &mut pairs, has_same_identity);
    take_pairs(&mut old, &mut new, &mut pairs, |one, other| {
        is_equivalent(one, other) && is_reference(one) == is_reference(other)
    });
    take_pairs(&mut old, &mut new, &mut pairs, is_equivalent);
    // An edited inline schema is still the same item. A reference to another schema is another item, unless the schema
    // was renamed.
    take_pairs(&mut old, &mut new, &mut pairs, |one, other| match (is_reference(one), is_reference(other)) {
        (true, true) => is_renamed(one, other),
        (false, false) => is_similar(one, other),
        _ => false,
    });
    if let ([one], [other]) = (&*old, &*new)
        && !is_reference(*one)
        && !is_reference(*other)
    {
        pairs.push((*one, *other));
        return ListMatch { pairs, added: Vec::new(), removed: Vec::new() };
    }
    ListMatch { pairs, added: new, removed: old }
}

/// Moves matching items from both lists into `pairs`.
fn take_pairs<'a>(
    old: &mut Vec<Node<'a>>,
    new: &mut Vec<Node<'a>>,
    pairs: &mut Vec<(Node<'a>, Node<'a>)>,
    is_match: impl Fn(Node<'a>, Node<'a>) -> bool,
) {
    new.retain(|other| match old.iter().position(|one| is_match(*one, *other)) {
        Some(at) => {
            pairs.push((old.remove(at), *other));
            false
        }
        None => true,
    });
}

/// The identity of a schema in a list: its reference, its title, or the only value of an enum property.
fn identity(schema: Node<'_>) -> Option<String> {
    let text = |key: &str| schema.get(key).and_then(Node::text);
    if let Some(reference) = text("$ref") {
        return Some(format!("reference {reference}"));
    }
    if let Some(title) = text("title") {
        return Some(format!("title {title}"));
    }
    entries(schema.get("properties")).find_map(|(name, property)| {
        let mut values = items(property.target().get("enum"));
        let value = values.next()?.text()?;
        values.next().is_none().then(|| format!("tag {name} {value}"))
    })
}

fn is_reference(node: Node<'_>) -> bool {
    node.get("$ref").is_some()
}

/// Whether the name of one schema was removed, the name of the other was added, and both are similar.
fn is_renamed(one: Node<'_>, other: Node<'_>) -> bool {
    let (old, new) = (one.target(), other.target());
    !has_schema_of_name(other, old) && !has_schema_of_name(one, new) && is_similar(old, new)
}

/// Whether the document of a node has a component with the name of a schema.
pub(super) fn has_schema_of_name(side: Node<'_>, schema: Node<'_>) -> bool {
    let schemas = side.document().root().at("/components/schemas");
    schemas.zip(schema.key()).is_some_and(|(schemas, name)| schemas.get(name).is_some())
}

/// Whether two schemas have the same type, and a common property if they have any.
fn is_similar(one: Node<'_>, other: Node<'_>) -> bool {
    let name = |node: Node<'_>| node.get("type").and_then(Node::text).map(str::to_owned);
    let [ours, theirs] = [one, other].map(|node| node.get("properties"));
    let shared = entries(ours).any(|(name, _)| theirs.is_some_and(|theirs| theirs.get(name).is_some()));
    name(one) == name(other) && (shared || (ours.is_none() && theirs.is_none()))
}

/// Whether two schemas are equal except for annotations. If they are references, their targets are compared.
pub(super) fn is_equivalent(one: Node<'_>, other: Node<'_>) -> bool {
    let (one, other) = (one.target(), other.target());
    let count = |node: Node<'_>| node.entries().filter(|(key, _)| !is_annotation(key)).count();
    count(one) == count(other)
        && entries(Some(one)).filter(|(key, _)| !is_annotation(key)).all(|(key, value)| {
            other.get(key).is_some_and(|counterpart| match key {
                "properties" => {
                    let count = |schemas| entries(Some(schemas)).count();
                    count(value) == count(counterpart)
                        && entries(Some(value)).all(|(name, schema)| {
                            counterpart.get(name).is_some_and(|other| is_equivalent_child(schema, other))
                        })
                }
                "allOf" | "oneOf" | "anyOf" => {
                    let count = |schemas| items(Some(schemas)).count();
                    count(value) == count(counterpart)
                        && items(Some(value))
                            .zip(items(Some(counterpart)))
                            .all(|(one, other)| is_equivalent_child(one, other))
                }
                "items" | "additionalProperties" | "not" => is_equivalent_child(value, counterpart),
                _ => value.same(counterpart),
            })
        })
}

/// Nested references are compared by name, because their targets may contain cycles.
fn is_equivalent_child(one: Node<'_>, other: Node<'_>) -> bool {
    match (is_reference(one), is_reference(other)) {
        (true, true) => one.same(other),
        _ => match (one.target().kind(), other.target().kind()) {
            (Kind::Map, Kind::Map) => is_equivalent(one, other),
            _ => one.same(other),
        },
    }
}

fn is_annotation(key: &str) -> bool {
    ANNOTATIONS.contains(&key) || key.starts_with("x-")
}

/// Whether a schema allows all values.
pub(super) fn is_unlimited(schema: &Effective<'_>) -> bool {
    schema.parts().all(|part| part.entries().all(|(key, _)| is_annotation(key)))
}

/// Whether a schema contains only the choice `key`.
pub(super) fn is_only_choice(schema: Node<'_>, key: &str) -> bool {
    schema
        .entries()
        .all(|(other, _)| other == key || other == "discriminator" || other == "type" || is_annotation(other))
}
