use std::sync::Arc;

use super::diagnostic::Diagnostic;
use super::stored::{Slice, StoredNode};

/// An OpenAPI document of version 3.0 or 3.1, parsed by [`Document::parse`] or [`Document::load`].
///
/// The tree has the form of OpenAPI 3.0, in whatever version the document is written, and
/// [`Node::as_written`](super::Node::as_written) is the node of the source. The files that it refers to belong to it: each
/// has a root of its own, and every `$ref` that something uses refers to a node of the same document.
#[derive(Debug)]
pub struct Document {
    /// The file of the document, and those that it refers to.
    pub(crate) files: Vec<Arc<SourceFile>>,
    /// Each node before its children, and these in the order of the file: a node and its descendants are one range.
    pub(crate) nodes: Vec<StoredNode>,
    /// The keys, texts and numbers of all nodes, concatenated.
    pub(crate) strings: String,
    /// The children of large maps, sorted by key, and of large lists, in order.
    pub(crate) index: Vec<u32>,
    /// The nodes that are references, in order.
    pub(crate) references: Vec<u32>,
    /// Problems that do not prevent a comparison.
    pub(crate) warnings: Vec<Diagnostic>,
    /// The document as written, if its form is another one.
    pub(crate) written: Option<Box<Written>>,
}

/// A document as written, of which another one has the form of OpenAPI 3.0.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) document: Document,
    /// For each node of the other document, the node of this one that it comes from.
    pub(crate) origins: Vec<u32>,
}

/// A file of a document.
#[derive(Debug, Default)]
pub(crate) struct SourceFile {
    /// The name in diagnostics and findings.
    pub(crate) name: String,
    /// The path in its revision; empty for the first file, whose path has no influence.
    pub(crate) path: String,
    pub(crate) text: String,
    /// The byte at which each line of the text starts.
    pub(crate) line_starts: Vec<u32>,
    pub(crate) version: Version,
}

/// The version of OpenAPI that decides about the meaning of keywords.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Version {
    #[default]
    V30,
    V31,
}

impl Document {
    /// The name in diagnostics and findings.
    ///
    /// ```
    /// # use openapi_review::document::Document;
    /// let document = Document::parse("main:openapi.yaml", "openapi: 3.0.3")?;
    /// assert_eq!(document.name(), "main:openapi.yaml");
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn name(&self) -> &str {
        self.files.first().map_or("", |file| &file.name)
    }

    /// A line of the first file, without its line break; lines are counted from 1.
    ///
    /// ```
    /// # use openapi_review::document::Document;
    /// let document = Document::parse("openapi.yaml", "openapi: 3.0.3\npaths: {}\n")?;
    /// assert_eq!(document.line(2), Some("paths: {}"));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn line(&self, number: usize) -> Option<&str> {
        self.files.first()?.line(number)
    }

    /// Problems that do not prevent a comparison, such as a keyword that has no meaning in this version of OpenAPI.
    ///
    /// ```
    /// # use openapi_review::document::Document;
    /// let text = "{openapi: 3.0.3, components: {schemas: {Kind: {const: pet}}}}";
    /// let document = Document::parse("openapi.yaml", text)?;
    /// assert!(document.warnings()[0].to_string().starts_with("openapi.yaml:1:48: `const`"));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Why progenitor does not read the document as it is; none if it does.
    #[cfg(feature = "review")]
    pub(crate) fn progenitor_obstacle(&self) -> Option<&'static str> {
        match (self.files.first().map(|file| file.version), self.files.len()) {
            (Some(Version::V31), _) => Some("progenitor does not read OpenAPI 3.1"),
            (_, 2..) => Some("progenitor does not read a document of several files"),
            _ => None,
        }
    }

    /// Whether a file is written in OpenAPI 3.1.
    pub(crate) fn is_newer(&self) -> bool {
        self.files.iter().any(|file| file.version == Version::V31)
    }

    pub(crate) fn file(&self, number: u16) -> &SourceFile {
        const MISSING: &SourceFile = &SourceFile {
            name: String::new(),
            path: String::new(),
            text: String::new(),
            line_starts: Vec::new(),
            version: Version::V30,
        };
        self.files.get(usize::from(number)).map_or(MISSING, |file| file)
    }

    pub(crate) fn string(&self, slice: Slice) -> &str {
        self.strings.get(slice.start as usize..slice.end as usize).unwrap_or_default()
    }
}

impl SourceFile {
    /// A line of the text, counted from 1, without its line break.
    pub(crate) fn line(&self, number: usize) -> Option<&str> {
        line(&self.text, &self.line_starts, number)
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
