//! The effective schema: a schema merged with the parts of its `allOf`.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::rc::Rc;

use super::json_types::Types;
use super::nodes::{entries, flag, items};
use crate::document::Node;
use crate::node_text;
use crate::number;
use crate::review::Direction;

/// A schema with the parts of its `allOf`, flattened. Each keyword keeps the node that has it.
#[derive(Clone, Debug)]
pub(super) struct Effective<'a> {
    /// The schema as listed at its position, which may be a reference. Missing keywords are reported at its target.
    listed: Node<'a>,
    /// The schema and all parts, as listed; none if there is only the schema.
    parts: Option<Rc<[Node<'a>]>>,
}

/// A property of an effective schema.
pub(super) enum Property<'a> {
    /// No keyword says anything about it.
    Any,
    /// `additionalProperties: false` forbids it.
    Forbidden,
    /// A schema of `additionalProperties` applies to it.
    Additional(Effective<'a>),
    /// The schema of `properties`.
    Declared(Effective<'a>),
}

/// A bound, and whether the bound itself is excluded.
pub(super) struct Bound<'a> {
    pub(super) node: Node<'a>,
    excluded: bool,
}

impl<'a> Effective<'a> {
    pub(super) fn of(listed: Node<'a>) -> Self {
        let mut schema = Self { listed, parts: None };
        if listed.target().get("allOf").is_some() {
            schema.set_parts([listed]);
        }
        schema
    }

    /// A schema whose values satisfy this one and `other`.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut both = Self { listed: self.listed, parts: None };
        both.set_parts(self.listed_parts().iter().chain(other.listed_parts()).copied());
        both
    }

    fn set_parts(&mut self, listed: impl IntoIterator<Item = Node<'a>>) {
        let mut parts = Vec::new();
        let mut seen = HashSet::new();
        let mut stack: Vec<Node<'a>> = listed.into_iter().collect();
        stack.reverse();
        while let Some(part) = stack.pop() {
            // A schema may be a part of itself.
            if seen.insert(part.target().id()) {
                parts.push(part);
                let inner: Vec<Node<'a>> = items(part.target().get("allOf")).collect();
                stack.extend(inner.into_iter().rev());
            }
        }
        self.parts = (parts.len() > 1).then(|| parts.into());
    }

    /// The schema itself, as listed.
    pub(super) fn listed(&self) -> Node<'a> {
        self.listed
    }

    /// The schema itself, without its parts.
    pub(super) fn node(&self) -> Node<'a> {
        self.listed.target()
    }

    /// Whether the schema has no parts.
    pub(super) fn is_single(&self) -> bool {
        self.parts.is_none()
    }

    /// The schema and its parts as listed, the schema first.
    pub(super) fn listed_parts(&self) -> &[Node<'a>] {
        self.parts.as_deref().unwrap_or(std::slice::from_ref(&self.listed))
    }

    /// The schema and its parts.
    pub(super) fn parts(&self) -> impl DoubleEndedIterator<Item = Node<'a>> {
        self.listed_parts().iter().map(|part| part.target())
    }

    /// The ids of the schema and its parts, which identify it within its document.
    pub(super) fn ids(&self) -> Box<[u32]> {
        self.parts().map(Node::id).collect()
    }

    /// The value of a keyword in the first part that has it.
    pub(super) fn get(&self, key: &str) -> Option<Node<'a>> {
        self.parts().find_map(|part| part.get(key))
    }

    /// The values of a keyword in all parts.
    pub(super) fn all(&self, key: &str) -> impl Iterator<Item = Node<'a>> {
        self.parts().filter_map(move |part| part.get(key))
    }

    /// Whether a keyword is true in any part.
    pub(super) fn flag(&self, key: &str) -> bool {
        self.parts().any(|part| flag(part, key))
    }

    /// Whether both have the same parts, apart from the targets of references in them.
    pub(super) fn same(&self, other: &Effective<'_>) -> bool {
        let (mine, others) = (self.listed_parts(), other.listed_parts());
        mine.len() == others.len() && mine.iter().zip(others).all(|(one, other)| one.target().same(other.target()))
    }

    /// Whether other schemas affect it.
    pub(super) fn has_references(&self) -> bool {
        self.parts().any(|part| part.contains_reference() || part.get("discriminator").is_some())
    }

    /// The part at which to report that this schema lacks a keyword that `counterpart`, a part of `other`, has.
    pub(super) fn place(&self, counterpart: Node<'_>, other: &Effective<'_>) -> Node<'a> {
        let is_counterpart = |part: &Node<'a>| part.key().is_some() && part.key() == counterpart.key();
        let at = other.parts().position(|part| part == counterpart).unwrap_or(0);
        let same_position =
            || (self.listed_parts().len() == other.listed_parts().len()).then(|| self.parts().nth(at))?;
        if at == 0 {
            return self.node();
        }
        self.parts().skip(1).find(is_counterpart).or_else(same_position).unwrap_or(self.node())
    }

    /// The values of `enum` that all parts allow.
    pub(super) fn values(&self) -> Option<Vec<Node<'a>>> {
        let mut lists = self.all("enum");
        let mut values: Vec<Node<'a>> = lists.next()?.items().collect();
        for list in lists {
            values.retain(|value| list.items().any(|other| other.same(*value)));
        }
        Some(values)
    }

    /// The name of the type; the narrowest if the parts have several.
    pub(super) fn type_node(&self) -> Option<Node<'a>> {
        let mut types = self.all("type");
        let first = types.next()?;
        Some(types.fold(first, |narrowest, other| if other.text() == Some("integer") { other } else { narrowest }))
    }

    pub(super) fn type_name(&self) -> Option<&'a str> {
        self.type_node().map_or_else(|| self.implied_type(), Node::text)
    }

    /// Whether it is an object only because it has properties.
    pub(super) fn is_implied_object(&self) -> bool {
        self.type_node().is_none() && self.implied_type() == Some("object")
    }

    /// The type that other keywords imply.
    fn implied_type(&self) -> Option<&'static str> {
        let any = |keys: &[&str]| keys.iter().any(|key| self.get(key).is_some());
        if any(&["properties", "additionalProperties"]) {
            Some("object")
        } else if any(&["items"]) {
            Some("array")
        } else {
            None
        }
    }

    /// Whether null is allowed, if a type is given.
    pub(super) fn is_nullable(&self) -> bool {
        // By the letter, `nullable` next to `allOf` has no effect. Documents and generators use it nevertheless.
        let outer = self.node();
        let mut typed = self.parts().filter(|part| part.get("type").is_some()).peekable();
        flag(outer, "nullable") && outer.get("type").is_none()
            || if typed.peek().is_some() { typed.all(|part| flag(part, "nullable")) } else { self.flag("nullable") }
    }

    /// The allowed types.
    pub(super) fn types(&self) -> Types {
        let mut types = Types::ALL;
        let mut named = false;
        for name in self.all("type").filter_map(Node::text) {
            types = types.and(Types::of(name));
            named = true;
        }
        if let (false, Some(name)) = (named, self.implied_type()) {
            types = Types::of(name);
            named = true;
        }
        if named && self.is_nullable() { types.or(Types::NULL) } else { types }
    }

    /// The strictest bound of all parts.
    pub(super) fn bound(&self, key: &str, exclusive: &str, upper: bool) -> Option<Bound<'a>> {
        let bounds =
            self.parts().filter_map(|part| Some(Bound { node: part.get(key)?, excluded: flag(part, exclusive) }));
        bounds.reduce(|one, other| match one.order(&other, upper) {
            Some(Ordering::Less) if upper => other,
            Some(Ordering::Greater) if !upper => other,
            _ => one,
        })
    }

    /// The entry of `required` that names a property.
    pub(super) fn required(&self, name: &str) -> Option<Node<'a>> {
        self.all("required").flat_map(Node::items).find(|listed| listed.text() == Some(name))
    }

    /// The names in `required`, each once.
    pub(super) fn required_names(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let mut seen = HashSet::new();
        let names = self.all("required").flat_map(Node::items).filter_map(|listed| Some((listed.text()?, listed)));
        names.filter(move |(name, _)| seen.insert(*name))
    }

    /// Whether `properties` of a part has a property.
    pub(super) fn declares(&self, name: &str) -> bool {
        self.all("properties").any(|all| all.get(name).is_some())
    }

    /// The names in `properties`, each once, in the order of the parts.
    pub(super) fn property_names(&self) -> impl Iterator<Item = &'a str> {
        let mut seen = HashSet::new();
        let names = self.all("properties").flat_map(Node::entries).map(|(name, _)| name);
        names.filter(move |name| seen.insert(*name))
    }

    pub(super) fn property(&self, name: &str) -> Property<'a> {
        let mut declared: Option<Effective<'a>> = None;
        let mut additional: Option<Effective<'a>> = None;
        for part in self.parts() {
            let (found, schema) = match part.get("properties").and_then(|all| all.get(name)) {
                Some(schema) => (&mut declared, schema),
                // It applies to the properties that the same part does not have.
                None => match part.get("additionalProperties") {
                    Some(values) if values.bool() == Some(false) => return Property::Forbidden,
                    Some(values) if is_schema(values) => (&mut additional, values),
                    _ => continue,
                },
            };
            let schema = Effective::of(schema);
            *found = Some(found.as_ref().map_or_else(|| schema.clone(), |found| found.and(&schema)));
        }
        match (declared, additional) {
            (Some(declared), Some(additional)) => Property::Declared(declared.and(&additional)),
            (Some(declared), None) => Property::Declared(declared),
            (None, Some(additional)) => Property::Additional(additional),
            (None, None) => Property::Any,
        }
    }

    /// The schema of properties that no part declares.
    pub(super) fn additional(&self) -> Property<'a> {
        // No property has this name.
        self.property("\0")
    }

    pub(super) fn item(&self) -> Option<Effective<'a>> {
        self.all("items").map(Effective::of).reduce(|one, other| one.and(&other))
    }

    /// The lists of `oneOf` and `anyOf` of all parts.
    pub(super) fn choices(&self) -> Vec<Choice<'a>> {
        let lists = self.parts().flat_map(|part| ["oneOf", "anyOf"].map(|key| (part, key, part.get(key))));
        let choice = |(part, key, list): (Node<'a>, _, Option<Node<'a>>)| {
            Some(Choice { key, list: list?, is_tagged: part.get("discriminator").is_some() })
        };
        lists.filter_map(choice).collect()
    }

    /// Whether a property with this schema is absent in a direction.
    pub(super) fn is_absent(&self, direction: Option<Direction>) -> bool {
        match direction {
            Some(Direction::Request) => self.flag("readOnly"),
            Some(Direction::Response) => self.flag("writeOnly"),
            None => false,
        }
    }
}

/// A `oneOf` or `anyOf`.
#[derive(Clone, Copy)]
pub(super) struct Choice<'a> {
    pub(super) key: &'static str,
    pub(super) list: Node<'a>,
    /// Whether a discriminator names the form of each value.
    pub(super) is_tagged: bool,
}

impl<'a> Choice<'a> {
    /// Its name in ids, without `-of`.
    pub(super) fn id_part(self) -> &'static str {
        if self.key == "oneOf" { "one" } else { "any" }
    }

    pub(super) fn forms(self) -> impl Iterator<Item = Effective<'a>> {
        self.list.items().map(Effective::of)
    }
}

/// Whether the value of `additionalProperties` limits the values.
pub(super) fn is_schema(values: Node<'_>) -> bool {
    entries(Some(values)).next().is_some()
}

impl<'a> Bound<'a> {
    /// Compares `new` with this bound.
    pub(super) fn order(&self, new: &Self, upper: bool) -> Option<Ordering> {
        let sides = (new.node.number()?, self.node.number()?);
        let excluded = if upper { self.excluded.cmp(&new.excluded) } else { new.excluded.cmp(&self.excluded) };
        Some(number::compare(sides.0, sides.1)?.then(excluded))
    }

    /// Whether a number satisfies the bound.
    pub(super) fn allows(&self, value: &str, upper: bool) -> Option<bool> {
        Some(match number::compare(value, self.node.number()?)? {
            Ordering::Equal => !self.excluded,
            order => (order == Ordering::Less) == upper,
        })
    }

    /// Whether it is a lower bound that every length and count satisfies.
    pub(super) fn is_trivial(&self, key: &str) -> bool {
        !matches!(key, "minimum" | "maximum") && self.node.number().is_some_and(|text| number::is_equal(text, "0"))
    }

    pub(super) fn text(&self) -> String {
        let value = node_text::summary(self.node);
        if self.excluded { format!("{value}, excluded") } else { value }
    }
}
