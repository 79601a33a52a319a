//! Helpers for nodes that may be missing on one side.

use crate::document::Node;

/// The entries of two maps by key, in the order of the new map, then those that only the old map has.
pub(super) fn pairs<'a>(
    base: Option<Node<'a>>,
    revision: Option<Node<'a>>,
) -> impl Iterator<Item = (&'a str, Option<Node<'a>>, Option<Node<'a>>)> {
    let both = entries(revision).map(move |(name, node)| (name, base.and_then(|base| base.get(name)), Some(node)));
    let removed = entries(base)
        .filter(move |(name, _)| revision.and_then(|revision| revision.get(name)).is_none())
        .map(|(name, node)| (name, Some(node), None));
    both.chain(removed)
}

pub(super) fn entries<'a>(node: Option<Node<'a>>) -> impl Iterator<Item = (&'a str, Node<'a>)> {
    node.into_iter().flat_map(Node::entries)
}

pub(super) fn items<'a>(node: Option<Node<'a>>) -> impl Iterator<Item = Node<'a>> {
    node.into_iter().flat_map(Node::items)
}

/// The boolean at `key`; false if it is missing.
pub(super) fn flag(node: Node<'_>, key: &str) -> bool {
    node.get(key).and_then(Node::bool).unwrap_or(false)
}

/// Whether a node is a component, and so has a name.
pub(super) fn is_component(node: Node<'_>) -> bool {
    node.parent().and_then(Node::parent).and_then(Node::key) == Some("components") && node.level() == 4
}

/// Whether a node was added, removed or changed.
pub(super) fn differs(old: Option<Node<'_>>, new: Option<Node<'_>>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => !old.same(new),
        (None, None) => false,
        _ => true,
    }
}
