//! Schemas: references between them, and the order in which their keywords are compared.

use super::found::Change;
use super::spot::{Place, Spot, Step};
use super::{Comparison, Kind, differs, flag, is_component, items};
use crate::document::Node;
use crate::place;
use crate::rules::{self, Rule};
use crate::rust_type;

/// Keywords that some rule looks at. All others are words.
pub(super) const KNOWN: [&str; 34] = [
    "title",
    "type",
    "format",
    "nullable",
    "enum",
    "x-extensible-enum",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "multipleOf",
    "maxLength",
    "minLength",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "pattern",
    "default",
    "readOnly",
    "writeOnly",
    "deprecated",
    "x-sunset",
    "required",
    "properties",
    "additionalProperties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "discriminator",
    "xml",
];

/// Keywords that leave the one part of an `allOf` what it is.
const BESIDE_A_PART: [&str; 10] =
    ["allOf", "type", "nullable", "description", "title", "example", "deprecated", "readOnly", "writeOnly", "default"];

impl<'a> Comparison<'a> {
    /// Two schemas as they are used somewhere: says which ones they are now, and compares what they lead to.
    pub(super) fn schemas(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        match [base, revision].map(component) {
            [Some(old), Some(new)] if old.key() != new.key() => self.retargeted([base, revision], [old, new], spot),
            [Some(old), None] if only_part(revision).is_none() => {
                self.renamed(&rules::SCHEMA_INLINED, [base, revision], old, spot);
            }
            [None, Some(new)] if only_part(base).is_none() => {
                self.renamed(&rules::SCHEMA_NAMED, [base, revision], new, spot);
            }
            _ => {}
        }
        self.pair(Kind::Schema, base, revision, spot);
    }

    /// One side has a schema among the components, the other where it is used: its type is called after that place.
    fn renamed(&mut self, rule: &'static Rule, sides: [Node<'a>; 2], named: Node<'a>, spot: &Spot<'_>) {
        // The type of an argument is called after its method too.
        let argument = spot.place == Place::RequestParameter;
        let same = !argument && named.key().is_some_and(|name| rust_type::same_name(name, &spot.path()));
        let types = if same { Default::default() } else { sides.map(|node| rust_type::of(node, !spot.optional)) };
        let [base, revision] = sides;
        self.at(spot, Change { types: Some(types), ..Change::new(rule, Some(base), Some(revision)) });
    }

    fn retargeted(&mut self, [base, revision]: [Node<'a>; 2], [old, new]: [Node<'a>; 2], spot: &Spot<'_>) {
        let known = |in_which: Node<'a>, schema: Node<'a>| {
            let schemas = in_which.document().root().at("/components/schemas");
            schemas.zip(schema.key()).is_some_and(|(schemas, name)| schemas.get(name).is_some())
        };
        if known(revision, old) || known(base, new) {
            return self.at(spot, Change::new(&rules::REFERENCE_CHANGED, Some(base), Some(revision)));
        }
        let names = [old, new].map(|schema| schema.key().unwrap_or_default());
        let types = rust_type::same_name(names[0], names[1]).then(Default::default);
        let values = names.map(|name| Some(format!("`{name}`")));
        self.note(
            spot.direction,
            Change { values, types, ..Change::new(&rules::SCHEMA_RENAMED, Some(old), Some(new)) },
        );
    }

    /// Two schemas themselves.
    pub(super) fn schema(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        // An `allOf` of one part says the same as the part: it is how words are put beside a reference.
        // Where both have parts, these are compared with each other.
        let parts = [base, revision].map(|schema| schema.get("allOf").is_some());
        match [base, revision].map(only_part) {
            _ if parts == [true, true] => {}
            [Some(part), None] => return self.unwrapped([base, revision], [part, revision], spot),
            [None, Some(part)] => return self.unwrapped([base, revision], [base, part], spot),
            _ => {}
        }
        let choice = self.choice_of_types(base, revision, spot);
        if !choice && self.wrapped(base, revision, spot) {
            return;
        }
        if !choice {
            self.types(base, revision, spot);
            self.branches(base, revision, spot);
        }
        self.nullable(base, revision, [base, revision].map(|schema| flag(schema, "nullable")), spot);
        self.enums(base, revision, spot);
        self.bounds(base, revision, spot);
        self.patterns(base, revision, spot);
        self.defaults(base, revision, spot);
        if ["deprecated", "x-sunset"].iter().any(|key| differs(base.get(key), revision.get(key))) {
            self.lifecycle(base, revision, &spot.what(), spot.place.id());
        }
        self.properties(base, revision, spot);
        self.items(base, revision, spot);
        self.discriminator(base, revision, spot);
        self.title(base, revision, spot);
        for (key, rule) in [("not", &rules::NOT_CHANGED), ("xml", &rules::XML_CHANGED)] {
            if differs(base.get(key), revision.get(key)) {
                self.at(spot, Change::of_keyword(rule, key, [base, revision]));
            }
        }
        self.words(base, revision, &KNOWN);
    }

    /// Whatever of a schema is a schema itself.
    pub(super) fn parts(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        self.properties(base, revision, spot);
        self.items(base, revision, spot);
        self.branches(base, revision, spot);
        self.discriminator(base, revision, spot);
    }

    /// One side puts a schema into an `allOf` of its own, and the other does not.
    fn unwrapped(&mut self, sides: [Node<'a>; 2], parts: [Node<'a>; 2], spot: &Spot<'_>) {
        let [base, revision] = sides;
        let nullable = [0, 1].map(|side| flag(sides[side], "nullable") || flag(parts[side].target(), "nullable"));
        self.nullable(base, revision, nullable, spot);
        let wraps = parts[0] != base;
        let wrapping = if wraps { base } else { revision };
        for (key, node) in wrapping.entries().filter(|(key, _)| !["allOf", "nullable", "type"].contains(key)) {
            let (old, new) = if wraps { (Some(node), None) } else { (None, Some(node)) };
            match key {
                "default" => self.default_of(old, new, base, revision, spot),
                _ => self.word(old, new),
            }
        }
        self.schemas(parts[0], parts[1], spot);
    }

    /// A type without a name of its own is named after its title.
    fn title(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        let (old, new) = (base.get("title"), revision.get("title"));
        let named = !is_component(revision) && rust_type::is_named(revision);
        if named && differs(old, new) {
            self.at(spot, Change::of_keyword(&rules::TITLE_CHANGED, "title", [base, revision]));
        } else {
            self.word(old, new);
        }
    }

    fn items(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        let below = spot.below(Step::Items);
        let (old, new) = (base.get("items"), revision.get("items"));
        let rule = match (old, new) {
            (Some(old), Some(new)) => return self.schemas(old, new, &below),
            (None, None) => return,
            (None, _) => &rules::TYPE_SPECIALIZED,
            (_, None) => &rules::TYPE_GENERALIZED,
        };
        let types = [base, revision].map(|node| rust_type::of(node, !spot.optional));
        let values = [old, new].map(|node| Some(node.map_or_else(|| "anything".to_owned(), place::brief)));
        // A change of `type` says it already.
        if differs(base.get("type"), revision.get("type")) {
            return;
        }
        let change = Change::new(rule, old.or(Some(base)), new.or(Some(revision)));
        self.at(&below, Change { types: Some(types), values, ..change });
    }
}

/// The component that a reference leads to, or that it is.
fn component(node: Node<'_>) -> Option<Node<'_>> {
    let target = node.target();
    (target != node || is_component(node)).then_some(target)
}

/// The one part of an `allOf` that says nothing else of its own.
fn only_part(schema: Node<'_>) -> Option<Node<'_>> {
    let mut parts = items(schema.get("allOf"));
    let part = parts.next()?;
    let alone = schema.entries().all(|(key, _)| BESIDE_A_PART.contains(&key) || key.starts_with("x-"));
    (parts.next().is_none() && alone).then_some(part)
}
