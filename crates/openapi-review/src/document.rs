//! An OpenAPI document as read from its text: a tree that knows the line and column of every node.

mod node;
mod stored;

use std::fmt;

use serde::Serialize;

pub use node::Node;
pub(crate) use stored::{Content, Group, Slice, Stored};

/// A complaint about a place in a document, shown as `file:line:column: reason`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Complaint {
    /// The document, as the user named it.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub reason: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.reason)
    }
}

impl std::error::Error for Complaint {}

/// An OpenAPI 3.0 document.
///
/// Made by [`Document::parse`]. Every `$ref` of it leads to a node of it, so [`Node::target`] cannot fail.
#[derive(Debug)]
pub struct Document {
    pub(crate) name: String,
    pub(crate) text: String,
    /// Where each line of the text begins, in bytes.
    pub(crate) line_starts: Vec<u32>,
    /// Each node before its children, and these in the order of the file: a node and all below it are one range.
    pub(crate) nodes: Vec<Stored>,
    /// The keys, texts and numbers of all nodes, one after the other.
    pub(crate) strings: String,
    /// The children of big maps, sorted by key, and of big lists, in order.
    pub(crate) index: Vec<u32>,
    /// The nodes that are references, in order.
    pub(crate) references: Vec<u32>,
}

impl Document {
    /// What complaints and findings call the document.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The topmost node, which is a map.
    pub fn root(&self) -> Node<'_> {
        self.node(0)
    }

    /// A line of the text as written, without its line break; lines are counted from 1.
    pub fn line(&self, number: usize) -> Option<&str> {
        line(&self.text, &self.line_starts, number)
    }

    pub(crate) fn node(&self, id: u32) -> Node<'_> {
        Node::new(self, id, self.nodes.get(id as usize).unwrap_or(&stored::NOTHING))
    }

    fn string(&self, slice: Slice) -> &str {
        self.strings.get(slice.start as usize..slice.end as usize).unwrap_or_default()
    }
}

/// A line of `text`, counted from 1, without its line break.
pub(crate) fn line<'t>(text: &'t str, line_starts: &[u32], number: usize) -> Option<&'t str> {
    let start = *line_starts.get(number.checked_sub(1)?)? as usize;
    let end = line_starts.get(number).map_or(text.len(), |&next| next as usize);
    Some(text.get(start..end)?.trim_end_matches(['\n', '\r']))
}

/// What a [`Node`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// Keys with values: [`Node::entries`].
    Map,
    /// A list: [`Node::items`].
    List,
    /// A text.
    Text(&'a str),
    /// A number, as written: in YAML that may be `+1`, `1.`, `.5`, `0x1F`, `0o17`, `.inf` and `.nan` too.
    Number(&'a str),
    /// A truth value.
    Bool(bool),
    /// Null.
    Null,
}
