//! Bounds of values, lengths and counts, `multipleOf` and `uniqueItems`.

use std::cmp::Ordering;

use super::change::Change;
use super::comparison::Comparison;
use super::context::{Role, SchemaContext};
use super::effective::{Bound, Effective, Property};
use super::json_types::Types;
use super::nodes::differs;
use crate::document::Node;
use crate::number;
use crate::review::Direction;
use crate::rules;
use crate::rules::Level;

/// A keyword that sets a bound.
pub(super) struct BoundKind {
    pub(super) key: &'static str,
    /// The part of ids that names what it limits, such as `-length`. Empty for the value itself.
    pub(super) measure: &'static str,
    /// The keyword that excludes the bound itself.
    pub(super) exclusive: &'static str,
    pub(super) upper: bool,
    /// The types whose values it limits.
    pub(super) types: Types,
}

const fn kind(
    key: &'static str,
    measure: &'static str,
    exclusive: &'static str,
    upper: bool,
    types: Types,
) -> BoundKind {
    BoundKind { key, measure, exclusive, upper, types }
}

pub(super) const BOUNDS: [BoundKind; 8] = [
    kind("maximum", "", "exclusiveMaximum", true, Types::NUMBER),
    kind("minimum", "", "exclusiveMinimum", false, Types::NUMBER),
    kind("maxLength", "-length", "", true, Types::STRING),
    kind("minLength", "-length", "", false, Types::STRING),
    kind("maxItems", "-items", "", true, Types::ARRAY),
    kind("minItems", "-items", "", false, Types::ARRAY),
    kind("maxProperties", "-properties", "", true, Types::OBJECT),
    kind("minProperties", "-properties", "", false, Types::OBJECT),
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

    /// Whether the properties of an object that is sent keep it within the bound of the accepted one.
    pub(super) fn is_implied(&self, sent: &Effective<'_>, accepted: &Effective<'_>) -> bool {
        let count = match self.key {
            "minProperties" => sent.required_names().count(),
            "maxProperties" if matches!(sent.additional(), Property::Forbidden) => sent.property_names().count(),
            _ => return false,
        };
        let bound = accepted.bound(self.key, self.exclusive, self.upper);
        bound.is_some_and(|bound| bound.allows(&count.to_string(), self.upper) == Some(true))
    }
}

impl<'a> Comparison<'a> {
    pub(super) fn bounds(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        for kind in &BOUNDS {
            let bound = |schema: &Effective<'a>| schema.bound(kind.key, kind.exclusive, kind.upper);
            let (old, new) = (bound(base), bound(revision));
            let order = match (&old, &new) {
                (None, None) => continue,
                (Some(old), Some(new)) => old.order(new, kind.upper),
                _ => None,
            };
            let rule = match (&old, &new, order, kind.upper) {
                (_, _, Some(Ordering::Equal), _) => continue,
                (Some(old), Some(new), None, _) if old.node.same(new.node) => continue,
                (Some(_), Some(_), None, true) => &rules::UPPER_CHANGED,
                (Some(_), Some(_), None, false) => &rules::LOWER_CHANGED,
                (None, _, _, true) => &rules::UPPER_SET,
                (_, None, _, true) => &rules::UPPER_UNSET,
                (_, _, Some(Ordering::Greater), true) => &rules::UPPER_INCREASED,
                (_, _, _, true) => &rules::UPPER_DECREASED,
                (None, _, _, false) => &rules::LOWER_SET,
                (_, None, _, false) => &rules::LOWER_UNSET,
                (_, _, Some(Ordering::Less), false) => &rules::LOWER_DECREASED,
                (_, _, _, false) => &rules::LOWER_INCREASED,
            };
            let values = [old.as_ref().map(Bound::text), new.as_ref().map(Bound::text)];
            let (sent, accepted) = match context.usage.direction {
                Some(Direction::Response) => (revision, base),
                _ => (base, revision),
            };
            let trivial = kind.order(base, revision) == Some(Ordering::Equal) || kind.is_implied(sent, accepted);
            self.set_reported(base.get(kind.exclusive), revision.get(kind.exclusive));
            let change = Change::between(rule, [base, revision], [old.map(|b| b.node), new.map(|b| b.node)]);
            let widens = std::ptr::eq(rule, &rules::UPPER_UNSET)
                || std::ptr::eq(rule, &rules::LOWER_UNSET)
                || std::ptr::eq(rule, &rules::UPPER_INCREASED)
                || std::ptr::eq(rule, &rules::LOWER_DECREASED);
            let change = Change {
                subject: format!("`{}` of {}", kind.key, context.describe()),
                values,
                id_part: kind.measure.to_owned(),
                level: trivial.then_some(Level::Fine),
                ..change
            };
            // A keyword of another type has no effect, but its author may expect one.
            let is_effective = [base, revision].iter().any(|schema| schema.types().has(kind.types));
            let context = if is_effective || trivial { *context } else { context.doubtful() };
            self.report_constraint(&context, [base, revision], widens, change);
        }
        self.multiples(base, revision, context);
        let unique = [base, revision].map(|schema| schema.flag("uniqueItems"));
        if unique[0] == unique[1] {
            return;
        }
        let rule = if unique[1] { &rules::UNIQUE_SET } else { &rules::UNIQUE_UNSET };
        let change = Change::of_keyword(rule, "uniqueItems", [base, revision]);
        // The type of an argument is a list in both cases.
        if context.usage.role == Role::RequestParameter {
            self.report_at(context, change)
        } else {
            self.report_typed(context, [base, revision], change)
        }
    }

    fn multiples(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        let (old, new) = (base.get("multipleOf"), revision.get("multipleOf"));
        if !differs(old, new) {
            return;
        }
        let multiple = |one: Option<Node<'a>>, other: Option<Node<'a>>| {
            let (one, other) = (one?.number()?, other?.number()?);
            number::is_multiple(one, other)
        };
        let rule = match (old, new) {
            (_, None) => &rules::MULTIPLE_WIDENED,
            (None, _) => &rules::MULTIPLE_NARROWED,
            // Every multiple of 10 is a multiple of 5.
            _ if multiple(old, new) == Some(true) => &rules::MULTIPLE_WIDENED,
            _ if multiple(new, old) == Some(true) => &rules::MULTIPLE_NARROWED,
            _ => &rules::MULTIPLE_CHANGED,
        };
        self.report_typed(context, [base, revision], Change::of_keyword(rule, "multipleOf", [base, revision]));
    }
}
