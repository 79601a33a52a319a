//! Writes the nodes of a tree in another form.

use crate::document::{Children, Content, Slice, StoredNode};

use super::parsed::saturating_u32;

/// Writes a tree whose nodes have the positions of nodes of another tree, their origins.
pub(super) struct Writer<'s> {
    source: &'s [StoredNode],
    pub(super) nodes: Vec<StoredNode>,
    /// The texts of the other tree, and new ones.
    pub(super) strings: String,
    pub(super) index: Vec<u32>,
    /// The origin of each node.
    pub(super) origins: Vec<u32>,
    /// The maps and lists that are not closed yet.
    open: Vec<u32>,
}

impl<'s> Writer<'s> {
    pub(super) fn new(source: &'s [StoredNode], strings: String) -> Self {
        Self {
            source,
            nodes: Vec::with_capacity(source.len()),
            strings,
            index: Vec::new(),
            origins: Vec::with_capacity(source.len()),
            open: Vec::new(),
        }
    }

    pub(super) fn text(&mut self, text: &str) -> Slice {
        let start = saturating_u32(self.strings.len());
        self.strings.push_str(text);
        Slice { start, end: saturating_u32(self.strings.len()) }
    }

    /// The innermost map or list that is not closed yet.
    pub(super) fn innermost(&self) -> Option<u32> {
        self.open.last().copied()
    }

    pub(super) fn open(&mut self, key: Slice, origin: u32, is_map: bool) -> u32 {
        let content = if is_map { Content::Map(Children::default()) } else { Content::List(Children::default()) };
        let id = self.scalar(key, origin, content);
        self.open.push(id);
        id
    }

    pub(super) fn close(&mut self) {
        let Some(id) = self.open.pop() else { return };
        let end = saturating_u32(self.nodes.len());
        let mut ids = Vec::new();
        let mut next = id + 1;
        while let Some(child) = self.nodes.get(next as usize) {
            ids.push(next);
            next = child.end.max(next + 1);
        }
        let children = Children { count: saturating_u32(ids.len()), index: saturating_u32(self.index.len()) };
        let is_map = self.nodes.get(id as usize).is_some_and(|stored| matches!(stored.content, Content::Map(_)));
        if children.indexed().is_some() {
            if is_map {
                ids.sort_unstable_by_key(|&id| (self.written_key(id), id));
            }
            self.index.extend_from_slice(&ids);
        }
        if let Some(stored) = self.nodes.get_mut(id as usize) {
            stored.end = end;
            stored.content = if is_map { Content::Map(children) } else { Content::List(children) };
        }
    }

    pub(super) fn scalar(&mut self, key: Slice, origin: u32, content: Content) -> u32 {
        let id = saturating_u32(self.nodes.len());
        let parent = self.open.last().copied().unwrap_or(id);
        let level = u16::try_from(self.open.len() + 1).unwrap_or(u16::MAX);
        if let Some(stored) = self.source.get(origin as usize) {
            self.nodes.push(StoredNode { parent, end: id + 1, target: id, level, key, content, ..stored.clone() });
            self.origins.push(origin);
        }
        id
    }

    /// Copies a node with its descendants.
    pub(super) fn copy(&mut self, key: Slice, origin: u32) -> u32 {
        self.copy_with(key, origin, &mut |_, _| {})
    }

    /// Copies a node with its descendants. `copied` receives the origin and the id of each.
    pub(super) fn copy_with(&mut self, key: Slice, origin: u32, copied: &mut dyn FnMut(u32, u32)) -> u32 {
        let Some(stored) = self.source.get(origin as usize) else { return origin };
        let is_map = match stored.content {
            Content::Map(_) => true,
            Content::List(_) => false,
            scalar => {
                let id = self.scalar(key, origin, scalar);
                copied(origin, id);
                return id;
            }
        };
        let id = self.open(key, origin, is_map);
        copied(origin, id);
        let mut next = origin + 1;
        while next < stored.end {
            let Some(child) = self.source.get(next as usize) else { break };
            self.copy_with(child.key, next, copied);
            next = child.end.max(next + 1);
        }
        self.close();
        id
    }

    fn written_key(&self, id: u32) -> &str {
        let key = self.nodes.get(id as usize).map(|stored| stored.key).unwrap_or_default();
        self.strings.get(key.start as usize..key.end as usize).unwrap_or_default()
    }
}
