//! How a document keeps its nodes.

use std::ops::Range;

/// A node as stored. Its first child is the next node, and the sibling after a child is where that child ends.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) parent: u32,
    /// The first node after all that is below this one.
    pub(crate) end: u32,
    /// Where it leads in the end, if it is a reference; itself if not.
    pub(crate) target: u32,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) last_line: u32,
    /// 1 for the topmost node.
    pub(crate) level: u16,
    /// Empty where the parent is no map.
    pub(crate) key: Slice,
    pub(crate) content: Content,
}

/// A part of `Document::strings`, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Slice {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// What a node holds. Numbers are as written: they are compared digit by digit, never through a binary fraction.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content {
    Map(Group),
    List(Group),
    Text(Slice),
    Number(Slice),
    Bool(bool),
    Null,
}

/// The children of a map or list.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Group {
    pub(crate) count: u32,
    /// Where they begin in `Document::index`, if there are more of them than [`Group::SMALL`].
    pub(crate) index: u32,
}

impl Group {
    /// Up to this many children, going through them is as quick as an index.
    pub(crate) const SMALL: u32 = 16;

    /// Its part of the index, if it has one.
    pub(crate) fn indexed(self) -> Option<Range<usize>> {
        (self.count > Self::SMALL).then(|| self.index as usize..self.index as usize + self.count as usize)
    }
}

/// Stands in for a node that does not exist. No id leads there, but a library that others call must not panic.
pub(super) const NOTHING: Stored = Stored {
    parent: 0,
    end: 0,
    target: 0,
    line: 1,
    column: 1,
    last_line: 1,
    level: 1,
    key: Slice { start: 0, end: 0 },
    content: Content::Null,
};
