//! Finds the references of a document and resolves their targets.

use std::borrow::Cow;

use crate::document::{Diagnostic, Document, Node};

/// The target of a reference that is not resolved yet.
const UNRESOLVED: u32 = u32::MAX;
/// The target of a reference in the current chain.
const IN_CHAIN: u32 = u32::MAX - 1;

/// Sets the final target of every reference of `document`.
pub(super) fn resolve(document: &mut Document) -> Result<(), Diagnostic> {
    let references = find(document)?;
    for &id in &references {
        set_target(document, id, UNRESOLVED);
    }
    // Each reference is resolved once, so the time is linear even for long chains.
    let mut chain = Vec::new();
    for &id in &references {
        let mut current = id;
        let target = loop {
            match target(document, current) {
                UNRESOLVED => {
                    set_target(document, current, IN_CHAIN);
                    chain.push(current);
                    current = follow(document.node(current))?.id();
                }
                IN_CHAIN => {
                    let reference = document.node(id);
                    return Err(diagnostic(reference, |to| format!("circular `$ref`: {to} refers back to itself")));
                }
                target => break target,
            }
        };
        for link in chain.drain(..) {
            set_target(document, link, target);
        }
    }
    document.references = references;
    document.references.sort_unstable();
    Ok(())
}

fn target(document: &Document, id: u32) -> u32 {
    document.nodes.get(id as usize).map_or(id, |stored| stored.target)
}

fn set_target(document: &mut Document, id: u32, target: u32) {
    if let Some(stored) = document.nodes.get_mut(id as usize) {
        stored.target = target;
    }
}

/// The node that a reference refers to, which may be a reference again.
fn follow(reference: Node<'_>) -> Result<Node<'_>, Diagnostic> {
    let target = reference.get("$ref").and_then(Node::text).unwrap_or_default();
    let Some(pointer) = target.strip_prefix('#') else {
        return Err(diagnostic(reference, |to| {
            format!("external `$ref`: {to} is in another document; bundle the document first")
        }));
    };
    let found = reference.document().root().at(&percent_decoded(pointer));
    found.ok_or_else(|| diagnostic(reference, |to| format!("dangling `$ref`: {to} is not in the document")))
}

/// A diagnostic at the `$ref` key of a reference. The argument of `reason` is the value of the key.
fn diagnostic(reference: Node<'_>, reason: impl Fn(&str) -> String) -> Diagnostic {
    let key = reference.get("$ref").unwrap_or(reference);
    key.diagnostic(reason(key.text().unwrap_or_default()))
}

/// Decodes a JSON pointer in a URI fragment. Invalid escapes stay as they are.
fn percent_decoded(fragment: &str) -> Cow<'_, str> {
    if !fragment.contains('%') {
        return Cow::Borrowed(fragment);
    }
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let [first, after @ ..] = rest {
        let digit = |at: usize| after.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// The meaning of the keys of a map, which decides whether `$ref` and `example` are keywords there.
#[derive(Clone, Copy, PartialEq)]
enum Keys {
    /// Keywords of OpenAPI.
    Keywords,
    /// Names chosen by the author: a schema may be called `example`.
    Names,
    /// Names, except for extensions, which start with `x-`.
    NamesAndExtensions,
    /// The groups of `components`.
    Components,
    /// Names of examples.
    Examples,
    /// An example, which may be a reference but contains none.
    Example,
    /// Arbitrary data.
    Data,
}

impl Keys {
    /// The meaning of the keys in the value of `key`.
    fn in_value(self, key: &str) -> Self {
        match self {
            Self::Names => Self::Keywords,
            Self::Examples => Self::Example,
            Self::Example | Self::Data => Self::Data,
            Self::Keywords | Self::NamesAndExtensions | Self::Components if key.starts_with("x-") => Self::Data,
            Self::NamesAndExtensions => Self::Keywords,
            Self::Components => match key {
                "examples" => Self::Examples,
                _ => Self::Names,
            },
            Self::Keywords => match key {
                "example" | "default" | "enum" => Self::Data,
                "examples" => Self::Examples,
                "components" => Self::Components,
                "paths" | "responses" | "callbacks" => Self::NamesAndExtensions,
                "content" | "encoding" | "headers" | "links" | "parameters" | "patternProperties" | "properties"
                | "variables" => Self::Names,
                _ => Self::Keywords,
            },
        }
    }

    /// The meaning of the keys in the items of a list.
    fn in_items(self) -> Self {
        match self {
            Self::Examples | Self::Example | Self::Data => Self::Data,
            _ => Self::Keywords,
        }
    }
}

/// The ids of all references, in the order of the file.
fn find(document: &Document) -> Result<Vec<u32>, Diagnostic> {
    let mut references = Vec::new();
    // One for each ancestor of the current node.
    let mut levels: Vec<Keys> = Vec::new();
    for id in 0..u32::try_from(document.nodes.len()).unwrap_or(u32::MAX) {
        let node = document.node(id);
        levels.truncate(node.level() - 1);
        let key = node.key();
        let keys = match (levels.last(), key) {
            (None, _) => Keys::Keywords,
            (Some(parent), Some(key)) => parent.in_value(key),
            (Some(parent), None) => parent.in_items(),
        };
        if key == Some("$ref") {
            match levels.last() {
                None | Some(Keys::Data) => {}
                Some(_) if node.text().is_some() => references.extend(node.parent().map(Node::id)),
                Some(Keys::Keywords | Keys::Example) => return Err(node.diagnostic("`$ref` is not a text")),
                // A property or component with the name `$ref`.
                Some(_) => {}
            }
        }
        levels.push(keys);
    }
    Ok(references)
}
