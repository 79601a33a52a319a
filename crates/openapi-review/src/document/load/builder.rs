//! Builds the nodes of a document, in the order of the text.

use std::mem;

use super::merge;
use super::parsed::{Parsed, saturating_u32};
use crate::document::{Children, Content, Diagnostic, Slice, SourceFile, StoredNode, Version, line};

/// The maximum depth of nesting, so that code may walk a document by recursion.
pub(super) const MAX_LEVELS: usize = 256;

/// The end of a map or list that is not closed yet.
pub(super) const UNFINISHED: u32 = 0;

/// A position in the text. Line and column are counted from 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position {
    pub(super) line: u32,
    /// In characters.
    pub(super) column: u32,
}

/// The start of a text.
pub(super) const START: Position = Position { line: 1, column: 1 };

/// A scalar of the text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scalar<'s> {
    Text(&'s str),
    Number(&'s str),
    Bool(bool),
    Null,
}

/// A map or list that is not closed yet.
struct OpenNode {
    id: u32,
    is_map: bool,
    /// The key of the next value.
    key: Option<(Slice, Position)>,
    /// The last line of its children so far.
    last_line: u32,
}

/// Builds a file node by node.
pub(super) struct Builder<'t> {
    name: &'t str,
    text: &'t str,
    line_starts: Vec<u32>,
    pub(super) nodes: Vec<StoredNode>,
    strings: String,
    pub(super) index: Vec<u32>,
    open: Vec<OpenNode>,
    /// The number of nodes that aliases have added.
    pub(super) copies: u32,
    /// The values of merge keys, in order.
    pub(super) merges: Vec<u32>,
    pub(super) warnings: Vec<Diagnostic>,
    /// Whether the next key is a merge key.
    is_merge: bool,
    /// Reused by [`Builder::close`], to save allocations.
    buffer: Vec<u32>,
}

impl<'t> Builder<'t> {
    pub(super) fn new(name: &'t str, text: &'t str) -> Self {
        Self {
            name,
            text,
            line_starts: line_starts(text),
            // Enough for most texts; untouched memory costs nothing.
            nodes: Vec::with_capacity(text.len() / 24),
            strings: String::with_capacity(text.len()),
            index: Vec::new(),
            open: Vec::new(),
            copies: 0,
            merges: Vec::new(),
            warnings: Vec::new(),
            is_merge: false,
            buffer: Vec::new(),
        }
    }

    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// A position in the text; its end if the line number is too large.
    pub(super) fn position(&self, line_number: usize, column: usize) -> Position {
        let last = self.line_starts.len();
        if line_number <= last {
            return Position { line: saturating_u32(line_number), column: saturating_u32(column) };
        }
        let length = line(self.text, &self.line_starts, last).map_or(0, |line| line.chars().count());
        Position { line: saturating_u32(last), column: saturating_u32(length + 1) }
    }

    pub(super) fn diagnostic(&self, position: Position, reason: impl Into<String>) -> Diagnostic {
        Diagnostic {
            file: self.name.to_owned(),
            line: position.line as usize,
            column: position.column as usize,
            reason: reason.into(),
        }
    }

    /// Whether the innermost open node is a map and the next token is a key.
    pub(super) fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_map && open.key.is_none())
    }

    /// Whether the innermost open node is a map; none if no node is open.
    pub(super) fn is_in_map(&self) -> Option<bool> {
        self.open.last().map(|open| open.is_map)
    }

    /// Sets the key of the next node.
    pub(super) fn key(&mut self, key: &str, position: Position) {
        let key = self.store(key);
        if let Some(open) = self.open.last_mut() {
            open.key = Some((key, position));
        }
    }

    /// Sets a merge key (`<<`) as the key of the next node.
    pub(super) fn merge_key(&mut self, position: Position) {
        self.key("<<", position);
        self.is_merge = true;
    }

    pub(super) fn scalar(&mut self, scalar: Scalar<'_>, position: Position, last_line: u32) -> Result<u32, Diagnostic> {
        let content = match scalar {
            Scalar::Text(text) => Content::Text(self.store(text)),
            Scalar::Number(text) => Content::Number(self.store(text)),
            Scalar::Bool(value) => Content::Bool(value),
            Scalar::Null => Content::Null,
        };
        self.push(content, position, last_line)
    }

    /// Opens a map or list. The next nodes are its children, until [`Builder::close`].
    pub(super) fn open(&mut self, is_map: bool, position: Position) -> Result<u32, Diagnostic> {
        let content = if is_map { Content::Map(Children::default()) } else { Content::List(Children::default()) };
        let id = self.push(content, position, position.line)?;
        if let Some(stored) = self.nodes.get_mut(id as usize) {
            stored.end = UNFINISHED;
        }
        self.open.push(OpenNode { id, is_map, key: None, last_line: 0 });
        Ok(id)
    }

    /// Closes the innermost open node. `last_line` is the line of its bracket; 0 if it has none.
    pub(super) fn close(&mut self, last_line: u32) -> Result<(), Diagnostic> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let end = saturating_u32(self.nodes.len());
        let mut ids = mem::take(&mut self.buffer);
        ids.clear();
        let mut next = open.id + 1;
        while let Some(child) = self.nodes.get(next as usize) {
            ids.push(next);
            next = child.end.max(next + 1);
        }
        let children = Children { count: saturating_u32(ids.len()), index: saturating_u32(self.index.len()) };
        if open.is_map {
            self.sort_keys(&mut ids)?;
        }
        if children.indexed().is_some() {
            self.index.extend_from_slice(&ids);
        }
        self.buffer = ids;
        let last_line = last_line.max(open.last_line);
        if let Some(stored) = self.nodes.get_mut(open.id as usize) {
            stored.end = end;
            stored.last_line = stored.last_line.max(last_line);
            stored.content = if open.is_map { Content::Map(children) } else { Content::List(children) };
        }
        self.extend_to(last_line);
        Ok(())
    }

    pub(super) fn too_deep(&self, position: Position) -> Diagnostic {
        self.diagnostic(position, format!("nested more than {MAX_LEVELS} levels deep"))
    }

    /// The last line of a block scalar, without the blank lines after it.
    pub(super) fn without_blank_lines(&self, first_line: u32, mut last_line: u32) -> u32 {
        let blank =
            |number| line(self.text, &self.line_starts, number as usize).is_none_or(|line| line.trim().is_empty());
        while last_line > first_line && blank(last_line) {
            last_line -= 1;
        }
        last_line
    }

    pub(super) fn finish(self) -> Result<Parsed, Diagnostic> {
        if self.nodes.is_empty() {
            return Err(self.diagnostic(START, "the document is empty"));
        }
        let Self { name, text, line_starts, nodes, strings, index, merges, warnings, .. } = self;
        let (name, path, text) = (name.to_owned(), String::new(), text.to_owned());
        let file = SourceFile { name, path, text, line_starts, version: Version::V30 };
        let parsed = Parsed { file, nodes, strings, index, warnings };
        if merges.is_empty() { Ok(parsed) } else { merge::expand(parsed, &merges) }
    }

    pub(super) fn push(&mut self, content: Content, position: Position, last_line: u32) -> Result<u32, Diagnostic> {
        let id = saturating_u32(self.nodes.len());
        let level = self.open.len() + 1;
        let (parent, key) = self.open.last_mut().map_or((0, None), |open| (open.id, open.key.take()));
        let (key, position) = key.unwrap_or((Slice::default(), position));
        if level > MAX_LEVELS {
            return Err(self.too_deep(position));
        }
        let Position { line, column } = position;
        let last_line = last_line.max(line);
        let level = u16::try_from(level).unwrap_or(u16::MAX);
        if mem::take(&mut self.is_merge) {
            self.merges.push(id);
        }
        let end = id + 1;
        self.nodes.push(StoredNode { parent, end, target: id, line, column, last_line, level, file: 0, key, content });
        self.extend_to(last_line);
        Ok(id)
    }

    /// The innermost open node extends at least to `last_line`.
    fn extend_to(&mut self, last_line: u32) {
        if let Some(open) = self.open.last_mut() {
            open.last_line = open.last_line.max(last_line);
        }
    }

    fn store(&mut self, text: &str) -> Slice {
        let start = saturating_u32(self.strings.len());
        self.strings.push_str(text);
        Slice { start, end: saturating_u32(self.strings.len()) }
    }

    /// The text of a scalar, as a key; none for a map or list.
    pub(super) fn scalar_text(&self, id: u32) -> Option<String> {
        Some(match self.nodes.get(id as usize)?.content {
            Content::Map(_) | Content::List(_) => return None,
            Content::Text(text) | Content::Number(text) => {
                self.strings.get(text.start as usize..text.end as usize)?.to_owned()
            }
            Content::Bool(value) => value.to_string(),
            Content::Null => "null".to_owned(),
        })
    }

    fn key_of(&self, id: u32) -> &str {
        let key = self.nodes.get(id as usize).map(|stored| stored.key).unwrap_or_default();
        self.strings.get(key.start as usize..key.end as usize).unwrap_or_default()
    }

    /// Sorts the children of a map by their keys, which must be unique.
    fn sort_keys(&self, children: &mut [u32]) -> Result<(), Diagnostic> {
        children.sort_unstable_by(|&a, &b| self.key_of(a).cmp(self.key_of(b)).then(a.cmp(&b)));
        let duplicates = children.windows(2).filter_map(|pair| match *pair {
            [first, second] if self.key_of(first) == self.key_of(second) => Some((second, first)),
            _ => None,
        });
        let Some((second, first)) = duplicates.min() else { return Ok(()) };
        let node = |id: u32| self.nodes.get(id as usize);
        let (Some(first_node), Some(node)) = (node(first), node(second)) else { return Ok(()) };
        let reason = format!("duplicate key `{}`, first on line {}", self.key_of(second), first_node.line);
        Err(self.diagnostic(Position { line: node.line, column: node.column }, reason))
    }
}

/// The byte at which each line starts. As in YAML, a single carriage return ends a line too.
fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
            starts.push(saturating_u32(at + 1));
        }
    }
    starts
}
