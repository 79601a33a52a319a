//! How a place of a document is shown, and how it is told again after it moved.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::document::{Kind, Node};
use crate::review::Side;

/// Longest text of a value within a sentence, in characters.
const BRIEF: usize = 80;
/// Longest value of a side, in characters.
const VALUE: usize = 2_000;
/// Longest text that tells an item of a list from the others, in characters.
const IDENTITY: usize = 200;
/// Most lines of a snippet, and most characters of each.
const SNIPPET: (usize, usize) = (8, 160);

/// A value within a sentence: `` `value` ``, cut where it is long.
pub(crate) fn brief(node: Node<'_>) -> String {
    let text = match node.kind() {
        Kind::Text(text) => cut(text, BRIEF),
        Kind::Map => match (node.get("$ref").and_then(Node::text), node.get("title").and_then(Node::text)) {
            (Some(reference), _) => cut(reference.rsplit('/').next().unwrap_or_default(), BRIEF),
            (None, Some(title)) => cut(title, BRIEF),
            (None, None) => json(node, BRIEF),
        },
        _ => json(node, BRIEF),
    };
    format!("`{text}`")
}

/// A node as one side of a finding.
pub(crate) fn side(node: Node<'_>) -> Side {
    Side {
        file: node.document().name().to_owned(),
        line: node.line(),
        column: node.column(),
        pointer: node.pointer(),
        value: value(node),
        snippet: snippet(node),
    }
}

/// Places that do not move, for the nodes of one document.
#[derive(Default)]
pub(crate) struct Stable {
    /// Many places lie below the same items, and what tells a large item takes a while to write.
    identities: HashMap<u32, String>,
}

impl Stable {
    /// The place of a node, with what identifies an item of a list instead of its number:
    /// `/parameters/query size/schema`.
    pub(crate) fn of(&mut self, node: Node<'_>) -> String {
        let mut place = match node.parent() {
            None => return String::new(),
            Some(parent) => self.of(parent),
        };
        place.push('/');
        match node.key() {
            Some(key) => place.push_str(key),
            None => place.push_str(self.identities.entry(node.id()).or_insert_with(|| identity(node))),
        }
        place
    }
}

/// How a sentence calls a node: `` `description` of `GET /v1/customers` ``, `` `example` of `Link.uri` ``.
pub(crate) fn name(node: Node<'_>) -> String {
    let mut steps = Vec::new();
    let mut above = Some(node);
    while let Some(node) = above.filter(|node| node.parent().is_some()) {
        steps.push(node.key().map_or_else(|| "[]".to_owned(), str::to_owned));
        above = node.parent();
    }
    steps.reverse();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let (owner, rest) = match &*steps {
        ["paths", path, method, rest @ ..] if !rest.is_empty() && *method != "parameters" => {
            (format!("{} {path}", method.to_uppercase()), rest)
        }
        ["paths", path, rest @ ..] if !rest.is_empty() => ((*path).to_owned(), rest),
        ["components", _, name, rest @ ..] if !rest.is_empty() => ((*name).to_owned(), rest),
        rest => (String::new(), rest),
    };
    let mut place = owner;
    let mut key = String::new();
    for (at, step) in rest.iter().enumerate() {
        match *step {
            "properties" if at + 1 < rest.len() => {}
            _ if at + 1 == rest.len() || !key.is_empty() || step.starts_with("x-") => {
                key.push_str(if key.is_empty() || *step == "[]" { "" } else { "." });
                key.push_str(step);
            }
            "[]" => place.push_str("[]"),
            _ => {
                place.push_str(if place.is_empty() {
                    ""
                } else if place.contains('/') {
                    " "
                } else {
                    "."
                });
                place.push_str(step);
            }
        }
    }
    if place.is_empty() { format!("`{key}`") } else { format!("`{key}` of `{place}`") }
}

/// Whether a node belongs to what an operation answers.
pub(crate) fn is_answer(node: Node<'_>) -> bool {
    let mut above = Some(node);
    while let Some(node) = above {
        if matches!(node.key(), Some("responses" | "headers")) {
            return true;
        }
        above = node.parent();
    }
    false
}

/// What tells an item of a list from the others.
pub(crate) fn identity(item: Node<'_>) -> String {
    let named = |key: &str| item.get(key).and_then(Node::text);
    match (named("$ref"), named("name"), named("title"), named("url")) {
        (Some(reference), ..) => reference.to_owned(),
        (_, Some(name), ..) => format!("{} {name}", named("in").unwrap_or_default()),
        (_, _, Some(name), _) | (_, _, _, Some(name)) => name.to_owned(),
        _ => {
            let mut text = String::new();
            write_json(item, &mut text, IDENTITY, true, &|entry| !is_word(entry));
            cut(&text, IDENTITY)
        }
    }
}

fn json(node: Node<'_>, limit: usize) -> String {
    let mut text = String::new();
    // A character has at most four bytes.
    write_json(node, &mut text, 4 * limit, false, &|_| true);
    cut(&text, limit)
}

/// A node as compact JSON, cut where it is long.
pub(crate) fn value(node: Node<'_>) -> String {
    json(node, VALUE)
}

/// What a node says, without words: a fingerprint rests on it, so it is not cut.
pub(crate) fn substance(node: Node<'_>) -> String {
    let mut text = String::new();
    write_json(node, &mut text, usize::MAX, true, &|entry| !is_word(entry));
    text
}

/// Whether an entry is there for readers. Below a map of names even `description` is a name.
fn is_word(entry: Node<'_>) -> bool {
    let names = ["properties", "schemas", "parameters", "headers", "responses", "mapping", "variables", "examples"];
    let of_names = entry.parent().and_then(Node::key).is_some_and(|key| names.contains(&key));
    let words = ["description", "summary", "title", "example", "examples", "externalDocs"];
    !of_names && entry.key().is_some_and(|key| words.contains(&key) || key.starts_with("x-"))
}

/// JSON with numbers as they stand, and with sorted keys where it is compared, until it is `enough` bytes long.
fn write_json(node: Node<'_>, text: &mut String, enough: usize, sorted: bool, shown: &dyn Fn(Node<'_>) -> bool) {
    if text.len() > enough {
        return;
    }
    let quoted = |value: &str| serde_json::Value::from(value).to_string();
    match node.kind() {
        Kind::Map => {
            let entries = node.entries().filter(|(_, entry)| shown(*entry));
            text.push('{');
            let mut write = |number: usize, (key, value): (&str, Node<'_>)| {
                text.push_str(if number == 0 { "" } else { "," });
                text.extend([quoted(key).as_str(), ":"]);
                write_json(value, text, enough, sorted, shown);
                text.len() <= enough
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
                if text.len() > enough {
                    break;
                }
                text.push_str(if number == 0 { "" } else { "," });
                write_json(item, text, enough, sorted, shown);
            }
            text.push(']');
        }
        Kind::Text(value) => text.push_str(&quoted(value)),
        Kind::Number(value) => text.push_str(value),
        Kind::Bool(value) => text.push_str(if value { "true" } else { "false" }),
        Kind::Null => text.push_str("null"),
    }
}

fn cut(text: &str, limit: usize) -> String {
    let text = text.trim();
    let mut characters = text.chars();
    let mut kept: String = characters.by_ref().take(limit).collect();
    if characters.next().is_some() {
        kept.push('…');
    }
    kept
}

fn snippet(node: Node<'_>) -> String {
    let lines: Vec<&str> = node.lines().take(SNIPPET.0 + 1).map_while(|line| node.document().line(line)).collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let mut snippet = String::new();
    for line in lines.iter().take(SNIPPET.0) {
        let line = line.get(common..).unwrap_or_default().trim_end();
        let _ = writeln!(snippet, "{}", cut_end(line, SNIPPET.1));
    }
    if lines.len() > SNIPPET.0 {
        snippet.push_str("…\n");
    }
    snippet
}

/// Cuts the end only: what a line begins with is its indentation.
fn cut_end(line: &str, limit: usize) -> String {
    match line.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
