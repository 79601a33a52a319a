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
///
/// The examples of most methods use this document:
///
#[doc = "```yaml"]
#[doc = include_str!("pets.yaml")]
#[doc = "```"]
#[derive(Clone, Copy)]
pub struct Node<'a> {
    document: &'a Document,
    id: u32,
    stored: &'a StoredNode,
}

impl Document {
    /// The root of the first file, which is a map.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Node};
    /// let document = Document::parse("openapi.yaml", "openapi: 3.0.3")?;
    /// assert_eq!(document.root().get("openapi").and_then(Node::text), Some("3.0.3"));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
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
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// let id = operation.get("operationId");
    /// // Functions that take a node need not take its document, too.
    /// assert_eq!(id.map(|id| id.document().root()), Some(document.root()));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn document(self) -> &'a Document {
        self.document
    }

    /// The number of the node, unique within its document. Ids increase in the order of the file.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// let mut nodes = [operation, document.root()];
    /// nodes.sort_by_key(|node| node.id());
    /// assert_eq!(nodes, [document.root(), operation]);
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn id(self) -> u32 {
        self.id
    }

    /// Its kind, with the value of a scalar.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// let maximum = operation.at("/parameters/0/schema/maximum");
    /// assert_eq!(maximum.map(Node::kind), Some(Kind::Number("500")));
    /// assert_eq!(operation.kind(), Kind::Map);
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
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
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// assert_eq!(operation.get("operationId").and_then(Node::text), Some("list_pets"));
    /// assert_eq!(operation.get("requestBody"), None);
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
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
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// let paths = document.root().get("paths").into_iter().flat_map(Node::entries);
    /// for (path, item) in paths {
    ///     for (method, operation) in item.entries() {
    ///         println!("{method} {path} in line {}", operation.line());
    ///     }
    /// }
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn entries(self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let children = matches!(self.stored.content, Content::Map(_)).then(|| self.children());
        children.into_iter().flatten().map(|child| (child.name(), child))
    }

    /// The items of a list; none for anything else.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// let parameters = operation.get("parameters").into_iter().flat_map(Node::items);
    /// let names: Vec<_> = parameters.filter_map(|parameter| parameter.get("name")?.text()).collect();
    /// assert_eq!(names, ["size"]);
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn items(self) -> impl Iterator<Item = Node<'a>> {
        let children = matches!(self.stored.content, Content::List(_)).then(|| self.children());
        children.into_iter().flatten()
    }

    /// The text of a text.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Node};
    /// let document = Document::parse("openapi.yaml", "{openapi: 3.0.3, info: {version: 1.0}}")?;
    /// assert_eq!(document.root().at("/openapi").and_then(Node::text), Some("3.0.3"));
    /// assert_eq!(document.root().at("/info/version").and_then(Node::text), None, "it is a number");
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn text(self) -> Option<&'a str> {
        match self.kind() {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Node};
    /// let document = Document::parse("openapi.yaml", "{openapi: 3.0.3, x-internal: true, x-public: no}")?;
    /// assert_eq!(document.root().get("x-internal").and_then(Node::bool), Some(true));
    /// assert_eq!(document.root().get("x-public").and_then(Node::bool), None, "in YAML 1.2 it is a text");
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn bool(self) -> Option<bool> {
        match self.kind() {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// A number, as written.
    pub(crate) fn number(self) -> Option<&'a str> {
        match self.kind() {
            Kind::Number(text) => Some(text),
            _ => None,
        }
    }

    /// The node at a JSON pointer relative to this one, such as `/components/schemas/Link`. An empty pointer is this node.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// let name = document.root().at("/paths/~1pets/get/parameters/0/name");
    /// assert_eq!(name.and_then(Node::text), Some("size"));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
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
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// assert_eq!(operation.key(), Some("get"));
    /// assert_eq!(operation.at("/parameters/0").and_then(Node::key), None, "it is in a list");
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn key(self) -> Option<&'a str> {
        matches!(self.parent()?.stored.content, Content::Map(_)).then(|| self.name())
    }

    /// The map or list that contains it; none for the root of a file.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// assert_eq!(operation.parent().and_then(Node::key), Some("/pets"));
    /// assert_eq!(document.root().parent(), None);
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn parent(self) -> Option<Node<'a>> {
        (self.id != self.stored.parent).then(|| self.document.node(self.stored.parent))
    }

    /// The root of its file.
    pub(crate) fn file_root(self) -> Node<'a> {
        iter::successors(Some(self), |node| node.parent()).last().unwrap_or(self)
    }

    /// The name of its file.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// assert_eq!(format!("{}:{}", operation.file(), operation.line()), "openapi.yaml:4");
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn file(self) -> &'a str {
        &self.document.file(self.stored.file).name
    }

    /// The path of its file in its revision; empty for the first file of the document.
    pub(crate) fn file_path(self) -> &'a str {
        &self.document.file(self.stored.file).path
    }

    /// A line of its file, without its line break; lines are counted from 1.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// assert_eq!(operation.line_of_file(operation.line()), Some("    get:"));
    /// assert_eq!(operation.line_of_file(100), None);
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn line_of_file(self, number: usize) -> Option<&'a str> {
        self.document.file(self.stored.file).line(number)
    }

    /// The node of the source that it comes from: `type: ['null']` for a `nullable` that OpenAPI 3.1 does not have.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Node};
    /// let text = "{openapi: 3.1.0, components: {schemas: {Name: {type: [string, 'null']}}}}";
    /// let document = Document::parse("openapi.yaml", text)?;
    /// let nullable = document.root().at("/components/schemas/Name/nullable");
    /// assert_eq!(nullable.and_then(Node::bool), Some(true));
    /// let written = nullable.map(|node| node.as_written().pointer());
    /// assert_eq!(written.as_deref(), Some("/components/schemas/Name/type/1"));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn as_written(self) -> Node<'a> {
        let Some(written) = &self.document.written else { return self };
        written.origins.get(self.id as usize).map_or(self, |&origin| written.document.node(origin))
    }

    /// Its JSON pointer from the root of its file, with `~1` and `~0`; empty for the root.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// assert_eq!(operation.pointer(), "/paths/~1pets/get");
    /// assert_eq!(document.root().at(&operation.pointer()), Some(operation));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
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
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// assert_eq!(operation.line(), 4);
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn line(self) -> usize {
        self.stored.line as usize
    }

    /// The column of its key, or of the item of a list, counted from 1, in characters.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// assert_eq!((operation.line(), operation.column()), (4, 5));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn column(self) -> usize {
        self.stored.column as usize
    }

    /// Its lines, including its key, counted from 1.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// assert_eq!(operation.lines(), 4..8);
    /// let source: Vec<_> = operation.lines().filter_map(|number| operation.line_of_file(number)).collect();
    /// assert_eq!(source[..2], ["    get:", "      operationId: list_pets"]);
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn lines(self) -> Range<usize> {
        self.line()..self.stored.last_line as usize + 1
    }

    /// The final target of a reference; the node itself if it has no `$ref`.
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// let target = operation.at("/responses/200").map(Node::target);
    /// assert_eq!(target.map(Node::pointer).as_deref(), Some("/components/responses/Pets"));
    /// assert_eq!(operation.target(), operation);
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
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
    ///
    /// ```
    /// # use openapi_review::document::Document;
    /// let yaml = Document::parse("openapi.yaml", "openapi: 3.0.3\nx-limit: 500 # per page")?;
    /// let json = Document::parse("openapi.json", r#"{"x-limit":5e2,"openapi":"3.0.3"}"#)?;
    /// assert!(yaml.root().same(json.root()));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
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
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// let schema = operation.at("/parameters/0/schema").map(Node::to_json);
    /// assert_eq!(schema, Some(serde_json::json!({"type": "integer", "maximum": 500})));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
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
    ///
    /// ```
    /// # use openapi_review::document::{Document, Kind, Node};
    /// # const PETS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/pets.yaml"));
    /// # let document = Document::parse("openapi.yaml", PETS)?;
    /// # let operation = document.root().at("/paths/~1pets/get").unwrap();
    /// let diagnostic = operation.diagnostic("the operation has no summary: add one");
    /// assert_eq!(diagnostic.to_string(), "openapi.yaml:4:5: the operation has no summary: add one");
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
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
