use super::stored::{Slice, StoredNode};

/// An OpenAPI 3.0 document, parsed by [`Document::parse`].
///
/// Every `$ref` refers to a node of the same document, so [`Node::target`](super::Node::target) cannot fail.
#[derive(Debug)]
pub struct Document {
    pub(crate) name: String,
    pub(crate) text: String,
    /// The byte at which each line of the text starts.
    pub(crate) line_starts: Vec<u32>,
    /// Each node before its children, and these in the order of the file: a node and its descendants are one range.
    pub(crate) nodes: Vec<StoredNode>,
    /// The keys, texts and numbers of all nodes, concatenated.
    pub(crate) strings: String,
    /// The children of large maps, sorted by key, and of large lists, in order.
    pub(crate) index: Vec<u32>,
    /// The nodes that are references, in order.
    pub(crate) references: Vec<u32>,
}

impl Document {
    /// The name in diagnostics and findings.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A line of the text, without its line break; lines are counted from 1.
    pub fn line(&self, number: usize) -> Option<&str> {
        line(&self.text, &self.line_starts, number)
    }

    pub(super) fn string(&self, slice: Slice) -> &str {
        self.strings.get(slice.start as usize..slice.end as usize).unwrap_or_default()
    }
}

/// A line of `text`, counted from 1, without its line break.
pub(crate) fn line<'t>(text: &'t str, line_starts: &[u32], number: usize) -> Option<&'t str> {
    let start = *line_starts.get(number.checked_sub(1)?)? as usize;
    let end = line_starts.get(number).map_or(text.len(), |&next| next as usize);
    Some(text.get(start..end)?.trim_end_matches(['\n', '\r']))
}

/// The kind of a [`Node`](super::Node), with the value of a scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// A map: see [`Node::entries`](super::Node::entries).
    Map,
    /// A list: see [`Node::items`](super::Node::items).
    List,
    /// A text.
    Text(&'a str),
    /// A number, as written. In YAML that includes `+1`, `1.`, `.5`, `0x1F`, `0o17`, `.inf` and `.nan`.
    Number(&'a str),
    /// A boolean.
    Bool(bool),
    /// Null.
    Null,
}
