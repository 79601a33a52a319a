//! How a document stores its nodes.

use std::ops::Range;

/// A node as stored. Its first child is the next node, and the sibling after a child is where that child ends.
#[derive(Debug, Clone)]
pub(crate) struct StoredNode {
    /// The node itself for the root of a file.
    pub(crate) parent: u32,
    /// The first node after all descendants of this one.
    pub(crate) end: u32,
    /// The final target of a reference; the node itself otherwise.
    pub(crate) target: u32,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) last_line: u32,
    /// 1 for the root.
    pub(crate) level: u16,
    /// The number of its file.
    pub(crate) file: u16,
    /// Empty unless the parent is a map.
    pub(crate) key: Slice,
    pub(crate) content: Content,
}

/// A part of `Document::strings`, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Slice {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Slice {
    pub(crate) fn shifted(self, bytes: u32) -> Self {
        Self { start: self.start + bytes, end: self.end + bytes }
    }
}

/// The value of a node. Numbers are stored as written, because a comparison through `f64` would round them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content {
    Map(Children),
    List(Children),
    Text(Slice),
    Number(Slice),
    Bool(bool),
    Null,
}

/// The children of a map or list.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Children {
    pub(crate) count: u32,
    /// Their start in `Document::index`, if there are more than [`Children::UNINDEXED`].
    pub(crate) index: u32,
}

impl Children {
    /// Up to this many children, a linear search is as fast as an index.
    pub(crate) const UNINDEXED: u32 = 16;

    /// The range in the index, if the children are indexed.
    pub(crate) fn indexed(self) -> Option<Range<usize>> {
        (self.count > Self::UNINDEXED).then(|| self.index as usize..self.index as usize + self.count as usize)
    }
}

/// Replaces a node that does not exist, so that an invalid id cannot cause a panic.
pub(super) const MISSING: StoredNode = StoredNode {
    parent: 0,
    end: 0,
    target: 0,
    line: 1,
    column: 1,
    last_line: 1,
    level: 1,
    file: 0,
    key: Slice { start: 0, end: 0 },
    content: Content::Null,
};
