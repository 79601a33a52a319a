//! A node of a document.

use std::borrow::Cow;
use std::fmt;
use std::iter;
use std::ops::Range;
use std::ptr;

use serde_json::{Map, Value};

use super::diagnostic::Diagnostic;
use super::stored::{Children, Content, MISSING, StoredNode};
use super::tree::{Document, Kind};
use crate::number;

/// A node of a document. Two nodes are equal if they are the same node of the same document.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    document: &'a Document,
    id: u32,
    stored: &'a StoredNode,
}

impl Document {
    /// The root of the first file, which is a map.
    pub fn root(&self) -> Node<'_> {
        self.node(0)
    }

    /// The targets of all references.
    pub(crate) fn targets(&self) -> impl Iterator<Item = Node<'_>> {
        self.references.iter().map(|id| self.node(*id).target())
    }

    pub(crate) fn node(&self, id: u32) -> Node<'_> {
        Node { document: self, id, stored: self.nodes.get(id as usize).unwrap_or(&MISSING) }
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && ptr::eq(self.document, other.document)
    }
}

impl Eq for Node<'_> {}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{} {}", self.file(), self.line(), self.column(), self.to_json())
    }
}

impl<'a> Node<'a> {
    /// The document of the node.
    pub fn document(self) -> &'a Document {
        self.document
    }

    /// The number of the node, unique within its document. Ids increase in the order of the file.
    pub fn id(self) -> u32 {
        self.id
    }

    /// Its kind, with the value of a scalar.
    pub fn kind(self) -> Kind<'a> {
        match self.stored.content {
            Content::Map(_) => Kind::Map,
            Content::List(_) => Kind::List,
            Content::Text(slice) => Kind::Text(self.document.string(slice)),
            Content::Number(slice) => Kind::Number(self.document.string(slice)),
            Content::Bool(value) => Kind::Bool(value),
            Content::Null => Kind::Null,
        }
    }

    /// The value of `key`, if this is a map that has the key.
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        let Content::Map(children) = self.stored.content else { return None };
        match self.indexed(children) {
            None => self.children().find(|child| child.name() == key),
            Some(index) => {
                let found = index.binary_search_by(|&id| self.document.node(id).name().cmp(key)).ok()?;
                index.get(found).map(|&id| self.document.node(id))
            }
        }
    }

    /// The entries of a map in the order of the file; none for anything else.
    pub fn entries(self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let children = matches!(self.stored.content, Content::Map(_)).then(|| self.children());
        children.into_iter().flatten().map(|child| (child.name(), child))
    }

    /// The items of a list; none for anything else.
    pub fn items(self) -> impl Iterator<Item = Node<'a>> {
        let children = matches!(self.stored.content, Content::List(_)).then(|| self.children());
        children.into_iter().flatten()
    }

    /// The text of a text.
    pub fn text(self) -> Option<&'a str> {
        match self.kind() {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean.
    pub fn bool(self) -> Option<bool> {
        match self.kind() {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The node at a JSON pointer relative to this one, such as `/components/schemas/Link`. An empty pointer is this node.
    pub fn at(self, pointer: &str) -> Option<Node<'a>> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |node, step| match node.stored.content {
            Content::List(children) => node.item(children, step),
            _ if step.contains('~') => node.get(&step.replace("~1", "/").replace("~0", "~")),
            _ => node.get(step),
        })
    }

    /// Its key, if its parent is a map.
    pub fn key(self) -> Option<&'a str> {
        matches!(self.parent()?.stored.content, Content::Map(_)).then(|| self.name())
    }

    /// The map or list that contains it; none for the root of a file.
    pub fn parent(self) -> Option<Node<'a>> {
        (self.id != self.stored.parent).then(|| self.document.node(self.stored.parent))
    }

    /// The root of its file.
    pub(crate) fn file_root(self) -> Node<'a> {
        iter::successors(Some(self), |node| node.parent()).last().unwrap_or(self)
    }

    /// The name of its file.
    pub fn file(self) -> &'a str {
        &self.document.file(self.stored.file).name
    }

    /// The path of its file in its revision; empty for the first file of the document.
    pub(crate) fn file_path(self) -> &'a str {
        &self.document.file(self.stored.file).path
    }

    /// A line of its file, without its line break; lines are counted from 1.
    pub fn line_of_file(self, number: usize) -> Option<&'a str> {
        self.document.file(self.stored.file).line(number)
    }

    /// The node of the source that it comes from: `type: ['null']` for a `nullable` that OpenAPI 3.1 does not have.
    pub fn as_written(self) -> Node<'a> {
        let Some(written) = &self.document.written else { return self };
        written.origins.get(self.id as usize).map_or(self, |&origin| written.document.node(origin))
    }

    /// Its JSON pointer from the root of its file, with `~1` and `~0`; empty for the root.
    pub fn pointer(self) -> String {
        let mut steps = Vec::new();
        let mut node = self;
        while let Some(parent) = node.parent() {
            steps.push(match parent.stored.content {
                Content::List(children) => Cow::Owned(parent.position(children, node.id).to_string()),
                _ if node.name().contains(['~', '/']) => node.name().replace('~', "~0").replace('/', "~1").into(),
                _ => Cow::Borrowed(node.name()),
            });
            node = parent;
        }
        steps.iter().rev().flat_map(|step| ["/", step.as_ref()]).collect()
    }

    /// The line of its key, or of the item of a list, counted from 1.
    ///
    /// A YAML alias has the position of the alias; its descendants have positions within the anchored node.
    pub fn line(self) -> usize {
        self.stored.line as usize
    }

    /// The column of its key, or of the item of a list, counted from 1, in characters.
    pub fn column(self) -> usize {
        self.stored.column as usize
    }

    /// Its lines, including its key, counted from 1.
    pub fn lines(self) -> Range<usize> {
        self.line()..self.stored.last_line as usize + 1
    }

    /// The final target of a reference; the node itself if it has no `$ref`.
    pub fn target(self) -> Node<'a> {
        self.document.node(self.stored.target)
    }

    /// The numbers of the node and its descendants.
    pub(crate) fn ids(self) -> Range<u32> {
        self.id..self.stored.end.max(self.id + 1)
    }

    /// Whether it is a reference or contains one.
    pub(crate) fn contains_reference(self) -> bool {
        let references = &self.document.references;
        let first = references.partition_point(|&id| id < self.id);
        references.get(first).is_some_and(|&id| id < self.stored.end)
    }

    /// Whether both have the same value. The order of keys, the notation of scalars, and comments do not matter.
    pub fn same(self, other: Node<'_>) -> bool {
        match (self.stored.content, other.stored.content) {
            (Content::Map(mine), Content::Map(others)) => {
                let mut in_order = other.children();
                mine.count == others.count
                    && self.children().all(|child| {
                        // Usually the keys are in the same order.
                        let counterpart = in_order.next().filter(|next| next.name() == child.name());
                        counterpart.or_else(|| other.get(child.name())).is_some_and(|other| child.same(other))
                    })
            }
            (Content::List(mine), Content::List(others)) => {
                mine.count == others.count
                    && self.children().zip(other.children()).all(|(mine, other)| mine.same(other))
            }
            _ => match (self.kind(), other.kind()) {
                (Kind::Number(mine), Kind::Number(others)) => number::is_equal(mine, others),
                (Kind::Map | Kind::List, _) | (_, Kind::Map | Kind::List) => false,
                (mine, others) => mine == others,
            },
        }
    }

    /// The value as JSON. A number that does not fit becomes the nearest one that does, or a text.
    pub fn to_json(self) -> Value {
        match self.kind() {
            Kind::Map => {
                Value::Object(self.entries().map(|(key, node)| (key.to_owned(), node.to_json())).collect::<Map<_, _>>())
            }
            Kind::List => Value::Array(self.items().map(Node::to_json).collect()),
            Kind::Text(text) => Value::from(text),
            Kind::Number(text) => number::to_json(text),
            Kind::Bool(value) => Value::Bool(value),
            Kind::Null => Value::Null,
        }
    }

    /// A problem at the position of this node.
    pub fn diagnostic(self, reason: impl Into<String>) -> Diagnostic {
        Diagnostic { file: self.file().to_owned(), line: self.line(), column: self.column(), reason: reason.into() }
    }

    /// The depth of the node; 1 for the root.
    pub(crate) fn level(self) -> usize {
        usize::from(self.stored.level)
    }

    pub(crate) fn stored(self) -> &'a StoredNode {
        self.stored
    }

    fn name(self) -> &'a str {
        self.document.string(self.stored.key)
    }

    pub(crate) fn children(self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let mut next = self.id + 1;
        iter::from_fn(move || {
            let child = (next < self.stored.end).then(|| self.document.node(next))?;
            next = child.stored.end.max(next + 1);
            Some(child)
        })
    }

    fn indexed(self, children: Children) -> Option<&'a [u32]> {
        self.document.index.get(children.indexed()?)
    }

    /// The item of a list at a step of a JSON pointer.
    fn item(self, children: Children, step: &str) -> Option<Node<'a>> {
        let position = step.parse::<usize>().ok().filter(|position| position.to_string() == step)?;
        match self.indexed(children) {
            None => self.children().nth(position),
            Some(index) => index.get(position).map(|&id| self.document.node(id)),
        }
    }

    /// The position of the item with this id, counted from 0.
    fn position(self, children: Children, id: u32) -> usize {
        match self.indexed(children) {
            None => self.children().take_while(|child| child.id < id).count(),
            Some(index) => index.partition_point(|&other| other < id),
        }
    }
}
