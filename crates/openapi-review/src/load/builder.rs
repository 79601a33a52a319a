//! Puts the nodes of a document together, in the order of the text.

use std::mem;

use crate::document::{Complaint, Content, Document, Group, Slice, Stored, line};

/// Levels of nesting, the topmost node being the first: whoever walks a document may do so by recursion.
pub(super) const MOST_LEVELS: usize = 256;

/// The end of a map or list that is still open.
pub(super) const OPEN: u32 = 0;

/// A place in the text; line and column are counted from 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) line: u32,
    /// In characters.
    pub(super) column: u32,
}

/// Where a text begins.
pub(super) const START: Place = Place { line: 1, column: 1 };

/// A scalar as read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scalar<'s> {
    Text(&'s str),
    Number(&'s str),
    Bool(bool),
    Null,
}

/// A map or list that is not complete.
struct Open {
    id: u32,
    is_map: bool,
    /// The key whose value is next.
    key: Option<(Slice, Place)>,
    /// The last line of its children so far.
    last_line: u32,
}

/// A document in the making.
pub(super) struct Builder<'t> {
    name: &'t str,
    text: &'t str,
    line_starts: Vec<u32>,
    pub(super) nodes: Vec<Stored>,
    strings: String,
    pub(super) index: Vec<u32>,
    open: Vec<Open>,
    /// How many nodes aliases have added.
    pub(super) copies: u32,
    /// The children of the map or list that is being closed; kept for its memory.
    children: Vec<u32>,
}

impl<'t> Builder<'t> {
    pub(super) fn new(name: &'t str, text: &'t str) -> Self {
        Self {
            name,
            text,
            line_starts: line_starts(text),
            // The strings of most texts fit; memory that stays untouched costs nothing.
            nodes: Vec::with_capacity(text.len() / 24),
            strings: String::with_capacity(text.len()),
            index: Vec::new(),
            open: Vec::new(),
            copies: 0,
            children: Vec::new(),
        }
    }

    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// A place in the text; its end for what is said to be on a line after the last.
    pub(super) fn place(&self, line_number: usize, column: usize) -> Place {
        let last = self.line_starts.len();
        if line_number <= last {
            return Place { line: small(line_number), column: small(column) };
        }
        let length = line(self.text, &self.line_starts, last).map_or(0, |line| line.chars().count());
        Place { line: small(last), column: small(length + 1) }
    }

    pub(super) fn complaint(&self, place: Place, reason: impl Into<String>) -> Complaint {
        Complaint {
            file: self.name.to_owned(),
            line: place.line as usize,
            column: place.column as usize,
            reason: reason.into(),
        }
    }

    /// Whether a map is open and what comes next is a key.
    pub(super) fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_map && open.key.is_none())
    }

    /// Whether the innermost open node is a map; none where nothing is open.
    pub(super) fn in_map(&self) -> Option<bool> {
        self.open.last().map(|open| open.is_map)
    }

    /// The key of the next node.
    pub(super) fn key(&mut self, key: &str, place: Place) {
        let key = self.store(key);
        if let Some(open) = self.open.last_mut() {
            open.key = Some((key, place));
        }
    }

    pub(super) fn scalar(&mut self, scalar: Scalar<'_>, place: Place, last_line: u32) -> Result<u32, Complaint> {
        let content = match scalar {
            Scalar::Text(text) => Content::Text(self.store(text)),
            Scalar::Number(text) => Content::Number(self.store(text)),
            Scalar::Bool(value) => Content::Bool(value),
            Scalar::Null => Content::Null,
        };
        self.push(content, place, last_line)
    }

    /// Opens a map or list: all that follows is in it, up to [`Builder::close`].
    pub(super) fn open(&mut self, is_map: bool, place: Place) -> Result<u32, Complaint> {
        let content = if is_map { Content::Map(Group::default()) } else { Content::List(Group::default()) };
        let id = self.push(content, place, place.line)?;
        if let Some(stored) = self.nodes.get_mut(id as usize) {
            stored.end = OPEN;
        }
        self.open.push(Open { id, is_map, key: None, last_line: 0 });
        Ok(id)
    }

    /// Closes the innermost open node. `last_line` is where its bracket stands; 0 where it has none.
    pub(super) fn close(&mut self, last_line: u32) -> Result<(), Complaint> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let end = small(self.nodes.len());
        let mut children = mem::take(&mut self.children);
        children.clear();
        let mut next = open.id + 1;
        while let Some(child) = self.nodes.get(next as usize) {
            children.push(next);
            next = child.end.max(next + 1);
        }
        let group = Group { count: small(children.len()), index: small(self.index.len()) };
        if open.is_map {
            self.check_keys(&mut children)?;
        }
        if group.indexed().is_some() {
            self.index.extend_from_slice(&children);
        }
        self.children = children;
        let last_line = last_line.max(open.last_line);
        if let Some(stored) = self.nodes.get_mut(open.id as usize) {
            stored.end = end;
            stored.last_line = stored.last_line.max(last_line);
            stored.content = if open.is_map { Content::Map(group) } else { Content::List(group) };
        }
        self.reach(last_line);
        Ok(())
    }

    pub(super) fn too_deep(&self, place: Place) -> Complaint {
        self.complaint(place, format!("nested more than {MOST_LEVELS} levels deep"))
    }

    /// The last line of a block scalar that seems to end on `last_line`: blank lines after it belong to nothing.
    pub(super) fn without_blank_lines(&self, first_line: u32, mut last_line: u32) -> u32 {
        let blank =
            |number| line(self.text, &self.line_starts, number as usize).is_none_or(|line| line.trim().is_empty());
        while last_line > first_line && blank(last_line) {
            last_line -= 1;
        }
        last_line
    }

    pub(super) fn finish(self) -> Result<Document, Complaint> {
        if self.nodes.is_empty() {
            return Err(self.complaint(START, "the document is empty"));
        }
        Ok(Document {
            name: self.name.to_owned(),
            text: self.text.to_owned(),
            line_starts: self.line_starts,
            nodes: self.nodes,
            strings: self.strings,
            index: self.index,
            references: Vec::new(),
        })
    }

    pub(super) fn push(&mut self, content: Content, place: Place, last_line: u32) -> Result<u32, Complaint> {
        let id = small(self.nodes.len());
        let level = self.open.len() + 1;
        let (parent, key) = self.open.last_mut().map_or((0, None), |open| (open.id, open.key.take()));
        let (key, place) = key.unwrap_or((Slice::default(), place));
        if level > MOST_LEVELS {
            return Err(self.too_deep(place));
        }
        if level == 1 && !matches!(content, Content::Map(_)) {
            return Err(self.complaint(place, "no `openapi` key: this is not an OpenAPI 3.0 document"));
        }
        let Place { line, column } = place;
        let last_line = last_line.max(line);
        let level = u16::try_from(level).unwrap_or(u16::MAX);
        self.nodes.push(Stored { parent, end: id + 1, target: id, line, column, last_line, level, key, content });
        self.reach(last_line);
        Ok(id)
    }

    /// Notes that the innermost open node goes on to `last_line` at least.
    fn reach(&mut self, last_line: u32) {
        if let Some(open) = self.open.last_mut() {
            open.last_line = open.last_line.max(last_line);
        }
    }

    fn store(&mut self, text: &str) -> Slice {
        let start = small(self.strings.len());
        self.strings.push_str(text);
        Slice { start, end: small(self.strings.len()) }
    }

    fn key_of(&self, id: u32) -> &str {
        let key = self.nodes.get(id as usize).map(|stored| stored.key).unwrap_or_default();
        self.strings.get(key.start as usize..key.end as usize).unwrap_or_default()
    }

    /// Sorts the children of a map by their keys and complains about a key that stands twice.
    fn check_keys(&self, children: &mut [u32]) -> Result<(), Complaint> {
        children.sort_unstable_by(|&a, &b| self.key_of(a).cmp(self.key_of(b)).then(a.cmp(&b)));
        let twice = children.windows(2).filter_map(|pair| match *pair {
            [first, second] if self.key_of(first) == self.key_of(second) => Some((second, first)),
            _ => None,
        });
        let Some((second, first)) = twice.min() else { return Ok(()) };
        let line_of = |id: u32| self.nodes.get(id as usize);
        let (Some(first), Some(place)) = (line_of(first), line_of(second)) else { return Ok(()) };
        let reason = format!("duplicate key `{}`, first on line {}", self.key_of(second), first.line);
        Err(self.complaint(Place { line: place.line, column: place.column }, reason))
    }
}

/// For ids, lines, columns and offsets: the greatest text has far fewer than 2³² of each.
pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Where each line begins, in bytes. As YAML has it, a carriage return alone ends a line too.
fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
            starts.push(small(at + 1));
        }
    }
    starts
}
