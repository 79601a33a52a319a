//! A node of a document and what can be asked of it.

use std::borrow::Cow;
use std::fmt;
use std::iter;
use std::ops::Range;
use std::ptr;

use serde_json::{Map, Value};

use super::{Complaint, Content, Document, Group, Kind, Stored};
use crate::number;

/// A node of a document. Two are equal if they are the same node of the same document.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    document: &'a Document,
    id: u32,
    stored: &'a Stored,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && ptr::eq(self.document, other.document)
    }
}

impl Eq for Node<'_> {}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{} {}", self.document.name, self.line(), self.column(), self.to_json())
    }
}

impl<'a> Node<'a> {
    pub(super) fn new(document: &'a Document, id: u32, stored: &'a Stored) -> Self {
        Self { document, id, stored }
    }

    /// The document that it belongs to.
    pub fn document(self) -> &'a Document {
        self.document
    }

    /// A number that is this node's only, within its document. Ids grow in the order of the file.
    pub fn id(self) -> u32 {
        self.id
    }

    /// What it is.
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

    /// The value below `key`, where this is a map that has it.
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        let Content::Map(group) = self.stored.content else { return None };
        match self.indexed(group) {
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

    /// The value of a truth value.
    pub fn bool(self) -> Option<bool> {
        match self.kind() {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The node at a JSON pointer relative to this one, such as `/components/schemas/Link`; the empty one is this one.
    pub fn at(self, pointer: &str) -> Option<Node<'a>> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |node, step| match node.stored.content {
            Content::List(group) => node.item(group, step),
            _ if step.contains('~') => node.get(&step.replace("~1", "/").replace("~0", "~")),
            _ => node.get(step),
        })
    }

    /// The key under which it stands, where its parent is a map.
    pub fn key(self) -> Option<&'a str> {
        matches!(self.parent()?.stored.content, Content::Map(_)).then(|| self.name())
    }

    /// The map or list that it stands in; none for the topmost node.
    pub fn parent(self) -> Option<Node<'a>> {
        (self.id != 0).then(|| self.document.node(self.stored.parent))
    }

    /// Its JSON pointer from the root, with `~1` and `~0`; empty for the root.
    pub fn pointer(self) -> String {
        let mut steps = Vec::new();
        let mut node = self;
        while let Some(parent) = node.parent() {
            steps.push(match parent.stored.content {
                Content::List(group) => Cow::Owned(parent.position(group, node.id).to_string()),
                _ if node.name().contains(['~', '/']) => node.name().replace('~', "~0").replace('/', "~1").into(),
                _ => Cow::Borrowed(node.name()),
            });
            node = parent;
        }
        steps.iter().rev().flat_map(|step| ["/", step.as_ref()]).collect()
    }

    /// Line of its key, or of the node itself in a list, counted from 1.
    ///
    /// What an alias of YAML stands for is at the place of the alias; what is below it, at the place of the anchor.
    pub fn line(self) -> usize {
        self.stored.line as usize
    }

    /// Column of the same, counted from 1, in characters.
    pub fn column(self) -> usize {
        self.stored.column as usize
    }

    /// The lines it covers, with its key; counted from 1, end exclusive.
    pub fn lines(self) -> Range<usize> {
        self.line()..self.stored.last_line as usize + 1
    }

    /// Where its `$ref` leads in the end; itself where it is no reference.
    pub fn target(self) -> Node<'a> {
        self.document.node(self.stored.target)
    }

    /// Whether it is a reference, or one stands anywhere below it.
    pub(crate) fn refers(self) -> bool {
        let references = &self.document.references;
        let first = references.partition_point(|&id| id < self.id);
        references.get(first).is_some_and(|&id| id < self.stored.end)
    }

    /// Whether both say the same: order of keys, notation of numbers and texts, and comments do not count.
    pub fn same(self, other: Node<'_>) -> bool {
        match (self.stored.content, other.stored.content) {
            (Content::Map(mine), Content::Map(others)) => {
                let mut in_order = other.children();
                mine.count == others.count
                    && self.children().all(|child| {
                        // Keys are in the same order more often than not.
                        let counterpart = in_order.next().filter(|next| next.name() == child.name());
                        counterpart.or_else(|| other.get(child.name())).is_some_and(|other| child.same(other))
                    })
            }
            (Content::List(mine), Content::List(others)) => {
                mine.count == others.count
                    && self.children().zip(other.children()).all(|(mine, other)| mine.same(other))
            }
            _ => match (self.kind(), other.kind()) {
                (Kind::Number(mine), Kind::Number(others)) => number::same(mine, others),
                (Kind::Map | Kind::List, _) | (_, Kind::Map | Kind::List) => false,
                (mine, others) => mine == others,
            },
        }
    }

    /// The same as JSON. A number that JSON or 64 bits cannot hold is the nearest that they can, or its text.
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

    /// A complaint about this node.
    pub fn complaint(self, reason: impl Into<String>) -> Complaint {
        Complaint { file: self.document.name.clone(), line: self.line(), column: self.column(), reason: reason.into() }
    }

    /// How deep it stands; 1 for the topmost node.
    pub(crate) fn level(self) -> usize {
        usize::from(self.stored.level)
    }

    fn name(self) -> &'a str {
        self.document.string(self.stored.key)
    }

    fn children(self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let mut next = self.id + 1;
        iter::from_fn(move || {
            let child = (next < self.stored.end).then(|| self.document.node(next))?;
            next = child.stored.end.max(next + 1);
            Some(child)
        })
    }

    fn indexed(self, group: Group) -> Option<&'a [u32]> {
        self.document.index.get(group.indexed()?)
    }

    /// The item of a list at a step of a JSON pointer.
    fn item(self, group: Group, step: &str) -> Option<Node<'a>> {
        let position = step.parse::<usize>().ok().filter(|position| position.to_string() == step)?;
        match self.indexed(group) {
            None => self.children().nth(position),
            Some(index) => index.get(position).map(|&id| self.document.node(id)),
        }
    }

    /// Which item of a list has this id, counted from 0.
    fn position(self, group: Group, id: u32) -> usize {
        match self.indexed(group) {
            None => self.children().take_while(|child| child.id < id).count(),
            Some(index) => index.partition_point(|&other| other < id),
        }
    }
}
