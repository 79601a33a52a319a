//! The keywords that set bounds of values, lengths and counts.

use std::cmp::Ordering;

use super::effective::{Bound, Effective, Types};

/// A keyword that sets a bound.
pub(super) struct BoundKind {
    pub(super) key: &'static str,
    /// Its name in ids.
    pub(super) name: &'static str,
    /// The keyword that excludes the bound itself.
    pub(super) exclusive: &'static str,
    pub(super) upper: bool,
    /// The types whose values it limits.
    pub(super) types: Types,
}

const fn kind(key: &'static str, name: &'static str, exclusive: &'static str, upper: bool, types: Types) -> BoundKind {
    BoundKind { key, name, exclusive, upper, types }
}

pub(super) const BOUNDS: [BoundKind; 8] = [
    kind("maximum", "max", "exclusiveMaximum", true, Types::NUMBER),
    kind("minimum", "min", "exclusiveMinimum", false, Types::NUMBER),
    kind("maxLength", "max-length", "", true, Types::STRING),
    kind("minLength", "min-length", "", false, Types::STRING),
    kind("maxItems", "max-items", "", true, Types::ARRAY),
    kind("minItems", "min-items", "", false, Types::ARRAY),
    kind("maxProperties", "max-properties", "", true, Types::OBJECT),
    kind("minProperties", "min-properties", "", false, Types::OBJECT),
];

impl BoundKind {
    fn of<'a>(&self, schema: &Effective<'a>) -> Option<Bound<'a>> {
        let bound = schema.bound(self.key, self.exclusive, self.upper);
        // A lower bound of 0 for a length or count has no effect.
        bound.filter(|bound| self.upper || !bound.is_trivial(self.key))
    }

    /// Compares the bound of `new` with that of `old`. A schema without a bound has none that is stricter.
    pub(super) fn order(&self, old: &Effective<'_>, new: &Effective<'_>) -> Option<Ordering> {
        let unlimited = if self.upper { Ordering::Greater } else { Ordering::Less };
        match (self.of(old), self.of(new)) {
            (Some(old), Some(new)) => old.order(&new, self.upper),
            (Some(_), None) => Some(unlimited),
            (None, Some(_)) => Some(unlimited.reverse()),
            (None, None) => Some(Ordering::Equal),
        }
    }
}
