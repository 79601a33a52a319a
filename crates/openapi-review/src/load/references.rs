//! Finds the references of a document and where each leads.

use std::borrow::Cow;

use crate::document::{Complaint, Document, Node};

/// The target of a reference that was found but not followed.
const UNKNOWN: u32 = u32::MAX;
/// The target of a reference that is being followed.
const FOLLOWED: u32 = u32::MAX - 1;

/// Sets the target of every reference of `document`.
pub(super) fn resolve(document: &mut Document) -> Result<(), Complaint> {
    let references = find(document)?;
    for &id in &references {
        set_target(document, id, UNKNOWN);
    }
    // What was found out once is not looked for again, so that long chains take no longer than short ones.
    let mut chain = Vec::new();
    for &id in &references {
        let mut current = id;
        let target = loop {
            match target(document, current) {
                UNKNOWN => {
                    set_target(document, current, FOLLOWED);
                    chain.push(current);
                    current = follow(document.node(current))?.id();
                }
                FOLLOWED => {
                    let reference = document.node(id);
                    return Err(complaint(reference, |to| format!("`$ref` to {to} leads back to itself")));
                }
                target => break target,
            }
        };
        for passed in chain.drain(..) {
            set_target(document, passed, target);
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

/// The node that a reference names.
fn follow(reference: Node<'_>) -> Result<Node<'_>, Complaint> {
    let target = reference.get("$ref").and_then(Node::text).unwrap_or_default();
    let Some(pointer) = target.strip_prefix('#') else {
        return Err(complaint(reference, |to| {
            format!("reference to {to}: only references within the document are supported; bundle the document first")
        }));
    };
    let found = reference.document().root().at(&percent_decoded(pointer));
    found.ok_or_else(|| complaint(reference, |to| format!("dangling `$ref`: {to} is not in the document")))
}

/// A complaint at the `$ref` key of a reference; `reason` is given its value.
fn complaint(reference: Node<'_>, reason: impl Fn(&str) -> String) -> Complaint {
    let key = reference.get("$ref").unwrap_or(reference);
    key.complaint(reason(key.text().unwrap_or_default()))
}

/// A JSON pointer as the fragment of a URI has it. What is no escape stays as it is.
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

/// What the keys of a map are, and with that, whether `$ref` and `example` below it mean what they say.
#[derive(Clone, Copy, PartialEq)]
enum Keys {
    /// Keywords of OpenAPI.
    Keywords,
    /// Names that the author chose: a schema may be called `example`.
    Names,
    /// Names, but those with `x-` are extensions.
    NamesAndExtensions,
    /// The groups of `components`.
    Components,
    /// Names of examples.
    Examples,
    /// An example that may be a reference, but holds none.
    Example,
    /// Data, which may look like anything.
    Data,
}

impl Keys {
    /// What the keys are in the value below `key`.
    fn below(self, key: &str) -> Self {
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

    /// What the keys are in an item of a list.
    fn in_list(self) -> Self {
        match self {
            Self::Examples | Self::Example | Self::Data => Self::Data,
            _ => Self::Keywords,
        }
    }
}

/// The ids of all references, in the order of the file.
fn find(document: &Document) -> Result<Vec<u32>, Complaint> {
    let mut references = Vec::new();
    // One for each level down to the current node: nodes are in the order of the file.
    let mut levels: Vec<Keys> = Vec::new();
    for id in 0..u32::try_from(document.nodes.len()).unwrap_or(u32::MAX) {
        let node = document.node(id);
        levels.truncate(node.level() - 1);
        let key = node.key();
        let keys = match (levels.last(), key) {
            (None, _) => Keys::Keywords,
            (Some(parent), Some(key)) => parent.below(key),
            (Some(parent), None) => parent.in_list(),
        };
        if key == Some("$ref") {
            match levels.last() {
                None | Some(Keys::Data) => {}
                Some(_) if node.text().is_some() => references.extend(node.parent().map(Node::id)),
                Some(Keys::Keywords | Keys::Example) => return Err(node.complaint("`$ref` is not a text")),
                // Whatever is called so.
                Some(_) => {}
            }
        }
        levels.push(keys);
    }
    Ok(references)
}
