//! The OpenAPI document as read from its file: a JSON value for whoever uses it, and a tree that knows the line
//! of every node for whoever complains about it.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use serde_json::{Map, Value};

/// A complaint about a place in a document: `path:line: reason`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// File of the document, as the user named it.
    pub file: PathBuf,
    /// Line, counted from 1; 0 where only the file is known.
    pub line: usize,
    /// What is wrong and what to do.
    pub reason: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file.display(), self.reason),
            line => write!(f, "{}:{line}: {}", self.file.display(), self.reason),
        }
    }
}

impl std::error::Error for Complaint {}

/// A node of the document with its line and its value.
#[derive(Debug)]
pub struct Node {
    /// Line of the node's key, or of the node itself in a list, counted from 1.
    pub line: usize,
    /// What stands there.
    pub content: Content,
}

/// What a [`Node`] holds.
#[derive(Debug)]
pub enum Content {
    /// Keys with their values, in the order of the file.
    Map(Vec<(String, Node)>),
    /// A list.
    List(Vec<Node>),
    /// A text, number, boolean or null.
    Scalar(Value),
}

impl Node {
    /// The value below `key`, where this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().find(|(name, _)| *name == key).map(|(_, node)| node)
    }

    /// The entries of a map; none for anything else.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Node)> {
        let entries = match &self.content {
            Content::Map(entries) => entries.as_slice(),
            _ => &[],
        };
        entries.iter().map(|(name, node)| (name.as_str(), node))
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a text scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The node at a JSON pointer such as `/components/schemas/Link`.
    pub fn at(&self, pointer: &str) -> Option<&Node> {
        pointer.split('/').skip(1).try_fold(self, |node, step| {
            let step = step.replace("~1", "/").replace("~0", "~");
            match &node.content {
                Content::List(items) => items.get(step.parse::<usize>().ok()?),
                _ => node.get(&step),
            }
        })
    }

    /// The same as JSON.
    pub fn to_json(&self) -> Value {
        match &self.content {
            Content::Map(entries) => {
                let pairs = entries.iter().map(|(name, node)| (name.clone(), node.to_json()));
                Value::Object(pairs.collect::<Map<_, _>>())
            }
            Content::List(items) => Value::Array(items.iter().map(Node::to_json).collect()),
            Content::Scalar(value) => value.clone(),
        }
    }
}

/// An OpenAPI 3.0 document that was read from a file.
#[derive(Debug)]
pub struct Document {
    /// Where it was read from.
    pub file: PathBuf,
    /// Its content.
    pub root: Node,
}

impl Document {
    /// Reads the document in `file`.
    ///
    /// # Errors
    ///
    /// A missing file, invalid YAML, a version other than OpenAPI 3.0 and a `$ref` that leads nowhere.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(file)
            .with_context(|| format!("failed to read the OpenAPI document {}", file.display()))?;
        let parsed = MarkedYaml::load_from_str(&text).map_err(|error| Complaint {
            file: file.to_owned(),
            line: error.marker().line(),
            reason: format!("invalid YAML: {}", error.info()),
        })?;
        let [root] = parsed.as_slice() else {
            bail!("{}: expected one YAML document, found {}", file.display(), parsed.len());
        };
        let document = Self { file: file.to_owned(), root: convert(file, root, root.span.start.line())? };
        document.check_version()?;
        document.check_refs(&document.root)?;
        Ok(document)
    }

    /// A complaint about `node`.
    pub fn complaint(&self, node: &Node, reason: impl Into<String>) -> Complaint {
        Complaint { file: self.file.clone(), line: node.line, reason: reason.into() }
    }

    fn check_version(&self) -> anyhow::Result<()> {
        let Some(version) = self.root.get("openapi") else {
            bail!(self.complaint(&self.root, "no `openapi` key: this is not an OpenAPI 3.0 document"));
        };
        match version.text() {
            Some(text) if text.starts_with("3.0.") => Ok(()),
            _ => {
                bail!(self.complaint(
                    version,
                    format!("OpenAPI {} is not supported: write `openapi: 3.0.3`", version.to_json()),
                ))
            }
        }
    }

    fn check_refs(&self, node: &Node) -> Result<(), Complaint> {
        if let Some(reference) = node.get("$ref") {
            self.follow(reference)?;
        }
        node.entries().map(|(_, child)| child).chain(node.items()).try_for_each(|child| self.check_refs(child))
    }

    /// Checks that a reference leads to something that is not a reference itself, however far it has to be followed.
    fn follow(&self, reference: &Node) -> Result<(), Complaint> {
        let mut passed = Vec::new();
        let mut current = reference;
        loop {
            let Some(target) = current.text() else {
                return Err(self.complaint(reference, "`$ref` is not a text"));
            };
            let Some(pointer) = target.strip_prefix('#') else {
                let reason = format!("`$ref` to {target}: only references within the document are supported");
                return Err(self.complaint(reference, reason));
            };
            let Some(found) = self.root.at(pointer) else {
                return Err(self.complaint(reference, format!("dangling `$ref`: {target} is not in the document")));
            };
            if passed.contains(&pointer) {
                return Err(self.complaint(reference, format!("`$ref` to {target} leads back to itself")));
            }
            passed.push(pointer);
            match found.get("$ref") {
                Some(next) => current = next,
                None => return Ok(()),
            }
        }
    }
}

fn convert(file: &Path, yaml: &MarkedYaml<'_>, line: usize) -> Result<Node, Complaint> {
    let complaint = |reason: &str| Complaint { file: file.to_owned(), line, reason: reason.to_owned() };
    let content = match &yaml.data {
        YamlData::Mapping(entries) => {
            let mut converted = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                let line = key.span.start.line();
                let name = match &key.data {
                    YamlData::Value(Scalar::String(text)) => text.to_string(),
                    YamlData::Value(Scalar::Integer(number)) => number.to_string(),
                    _ => return Err(complaint("a key that is neither a text nor a number")),
                };
                converted.push((name, convert(file, value, line)?));
            }
            Content::Map(converted)
        }
        YamlData::Sequence(items) => Content::List(
            items.iter().map(|item| convert(file, item, item.span.start.line())).collect::<Result<_, _>>()?,
        ),
        YamlData::Value(scalar) => Content::Scalar(match scalar {
            Scalar::Null => Value::Null,
            Scalar::Boolean(value) => Value::Bool(*value),
            Scalar::Integer(value) => Value::from(*value),
            Scalar::FloatingPoint(value) => Value::from(value.into_inner()),
            Scalar::String(text) => Value::String(text.to_string()),
        }),
        YamlData::Tagged(..) => return Err(complaint("YAML tags have no place in an OpenAPI document")),
        YamlData::Alias(_) => return Err(complaint("a YAML alias without its anchor")),
        YamlData::Representation(..) | YamlData::BadValue => return Err(complaint("a value that is not valid YAML")),
    };
    Ok(Node { line, content })
}
