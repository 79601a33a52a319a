use std::collections::{HashMap, HashSet};

use super::effective::Effective;
use crate::document::Node;

/// The properties that the parts of a schema declare.
pub(super) struct DeclaredProperties<'a> {
    /// Each name once, in the order of the parts.
    pub(super) names: Vec<&'a str>,
    /// The schemas of each name.
    pub(super) nodes: HashMap<&'a str, Vec<Node<'a>>>,
    required: HashSet<&'a str>,
    /// Whether `additionalProperties` of one part may limit the properties of another.
    has_limits: bool,
}

impl<'a> DeclaredProperties<'a> {
    pub(super) fn of(schema: &Effective<'a>) -> Self {
        let mut names = Vec::new();
        let mut nodes: HashMap<&'a str, Vec<Node<'a>>> = HashMap::new();
        for (name, node) in schema.all("properties").flat_map(Node::entries) {
            let schemas = nodes.entry(name).or_insert_with(|| {
                names.push(name);
                Vec::new()
            });
            schemas.push(node);
        }
        let required = schema.required_names().map(|(name, _)| name).collect();
        let has_limits = !schema.is_single() && schema.get("additionalProperties").is_some();
        Self { names, nodes, required, has_limits }
    }

    /// Whether a property is the same on both sides and refers to no schema that may have changed.
    pub(super) fn is_unchanged(&self, other: &Self, name: &str) -> bool {
        let single = |side: &Self| match side.nodes.get(name).map(Vec::as_slice) {
            Some([node]) if !side.has_limits && !node.contains_reference() && node.get("discriminator").is_none() => {
                Some(*node)
            }
            _ => None,
        };
        let nodes = single(self).zip(single(other));
        nodes.is_some_and(|(old, new)| old.same(new)) && self.required.contains(name) == other.required.contains(name)
    }
}
