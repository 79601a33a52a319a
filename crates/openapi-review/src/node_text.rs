//! The value of a node as text: a summary for sentences, JSON for programs, canonical JSON for fingerprints.

use crate::document::{Kind, Node};

/// The maximum length of a value in a sentence, in characters.
const MAX_SUMMARY: usize = 80;
/// The maximum length of a value of a side, in characters.
const MAX_VALUE: usize = 2_000;
/// The maximum length of the identity of a list item, in characters.
const MAX_IDENTITY: usize = 200;

/// A value in a sentence: `` `value` ``, shortened.
pub(crate) fn summary(node: Node<'_>) -> String {
    // A schema is shown as its author wrote it.
    let node = Some(node.as_written()).filter(|written| written.kind() == Kind::Map).unwrap_or(node);
    let text = match node.kind() {
        Kind::Text(text) => shorten(text, MAX_SUMMARY),
        Kind::Map => match (node.get("$ref").and_then(Node::text), node.get("title").and_then(Node::text)) {
            (Some(reference), _) => shorten(reference.rsplit('/').next().unwrap_or_default(), MAX_SUMMARY),
            (None, Some(title)) => shorten(title, MAX_SUMMARY),
            (None, None) => json(node, MAX_SUMMARY),
        },
        _ => json(node, MAX_SUMMARY),
    };
    format!("`{text}`")
}

/// A node as compact JSON, shortened.
pub(crate) fn value(node: Node<'_>) -> String {
    json(node, MAX_VALUE)
}

/// A node as JSON with sorted keys and without annotations. Fingerprints depend on it, so it is never shortened.
pub(crate) fn canonical(node: Node<'_>) -> String {
    canonical_until(node, usize::MAX)
}

/// A text that distinguishes an item of a list from the others, independent of its position in the list.
pub(crate) fn identity(item: Node<'_>) -> String {
    let text = |key: &str| item.get(key).and_then(Node::text);
    match (text("$ref"), text("name"), text("title"), text("url")) {
        (Some(reference), ..) => reference.to_owned(),
        (_, Some(name), ..) => format!("{} {name}", text("in").unwrap_or_default()),
        (_, _, Some(name), _) | (_, _, _, Some(name)) => name.to_owned(),
        _ => shorten(&canonical_until(item, MAX_IDENTITY), MAX_IDENTITY),
    }
}

fn json(node: Node<'_>, max_length: usize) -> String {
    let mut text = String::new();
    // A character has at most four bytes.
    write_json(node, &mut text, 4 * max_length, false, &|_| true);
    shorten(&text, max_length)
}

fn canonical_until(node: Node<'_>, max_bytes: usize) -> String {
    let mut text = String::new();
    write_json(node, &mut text, max_bytes, true, &|entry| !is_annotation(entry));
    text
}

/// Whether an entry is an annotation. In a map of names, `description` and the like are names.
fn is_annotation(entry: Node<'_>) -> bool {
    let names = ["properties", "schemas", "parameters", "headers", "responses", "mapping", "variables", "examples"];
    let is_name = entry.parent().and_then(Node::key).is_some_and(|key| names.contains(&key));
    let annotations = ["description", "summary", "title", "example", "examples", "externalDocs"];
    !is_name && entry.key().is_some_and(|key| annotations.contains(&key) || key.starts_with("x-"))
}

/// Writes JSON with numbers as written in the document. Stops when the text has more than `max_bytes`.
fn write_json(
    node: Node<'_>,
    text: &mut String,
    max_bytes: usize,
    sorted: bool,
    is_written: &dyn Fn(Node<'_>) -> bool,
) {
    if text.len() > max_bytes {
        return;
    }
    let quoted = |value: &str| serde_json::Value::from(value).to_string();
    match node.kind() {
        Kind::Map => {
            let entries = node.entries().filter(|(_, entry)| is_written(*entry));
            text.push('{');
            let mut write = |number: usize, (key, value): (&str, Node<'_>)| {
                text.push_str(if number == 0 { "" } else { "," });
                text.extend([quoted(key).as_str(), ":"]);
                write_json(value, text, max_bytes, sorted, is_written);
                text.len() <= max_bytes
            };
            if sorted {
                let mut entries: Vec<_> = entries.collect();
                entries.sort_by_key(|(key, _)| *key);
                let _ = entries.into_iter().enumerate().all(|(number, entry)| write(number, entry));
            } else {
                let _ = entries.enumerate().all(|(number, entry)| write(number, entry));
            }
            text.push('}');
        }
        Kind::List => {
            text.push('[');
            for (number, item) in node.items().enumerate() {
                if text.len() > max_bytes {
                    break;
                }
                text.push_str(if number == 0 { "" } else { "," });
                write_json(item, text, max_bytes, sorted, is_written);
            }
            text.push(']');
        }
        Kind::Text(value) => text.push_str(&quoted(value)),
        Kind::Number(value) => text.push_str(value),
        Kind::Bool(value) => text.push_str(if value { "true" } else { "false" }),
        Kind::Null => text.push_str("null"),
    }
}

fn shorten(text: &str, max_length: usize) -> String {
    let text = text.trim();
    let mut characters = text.chars();
    let mut short: String = characters.by_ref().take(max_length).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}
