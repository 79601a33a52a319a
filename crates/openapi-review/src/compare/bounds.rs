//! Bounds of values, lengths and counts, `multipleOf` and `uniqueItems`.

use std::cmp::Ordering;

use super::change::Change;
use super::comparison::Comparison;
use super::context::{Role, SchemaContext};
use super::nodes::{differs, flag};
use crate::document::{Kind, Node};
use crate::node_text;
use crate::number;
use crate::rules;
use crate::rules::Level;

/// Bounds: keyword, name in ids, keyword that excludes the bound itself, whether it is an upper bound.
const BOUNDS: [(&str, &str, &str, bool); 8] = [
    ("maximum", "max", "exclusiveMaximum", true),
    ("minimum", "min", "exclusiveMinimum", false),
    ("maxLength", "max-length", "", true),
    ("minLength", "min-length", "", false),
    ("maxItems", "max-items", "", true),
    ("minItems", "min-items", "", false),
    ("maxProperties", "max-properties", "", true),
    ("minProperties", "min-properties", "", false),
];

impl<'a> Comparison<'a> {
    pub(super) fn bounds(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        for (key, name, exclusive, upper) in BOUNDS {
            let bound = |schema| Bound::of(schema, key, exclusive);
            let (old, new) = (bound(base), bound(revision));
            let order = match (&old, &new) {
                // Without a bound, the exclusion has no effect.
                (None, None) => {
                    self.notation(base.get(exclusive), revision.get(exclusive), base, revision);
                    continue;
                }
                (Some(old), Some(new)) => old.order(new, upper),
                _ => None,
            };
            let rule = match (&old, &new, order, upper) {
                (_, _, Some(Ordering::Equal), _) => {
                    self.notation(base.get(exclusive), revision.get(exclusive), base, revision);
                    continue;
                }
                (Some(_), Some(_), None, _) => &rules::BOUND_CHANGED,
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
            // A lower bound of 0 for a length or count has no effect.
            let trivial =
                [&old, &new].iter().all(|bound| bound.as_ref().is_none_or(|bound| !upper && bound.is_trivial(name)));
            let level = trivial.then_some(Level::Fine);
            let change = Change::new(rule, old.map(|b| b.node).or(Some(base)), new.map(|b| b.node).or(Some(revision)));
            let widens = matches!(rule.id, "*-{}-unset")
                || std::ptr::eq(rule, &rules::UPPER_INCREASED)
                || std::ptr::eq(rule, &rules::LOWER_DECREASED);
            self.report_constraint(
                context,
                [base, revision],
                widens,
                Change {
                    subject: format!("`{key}` of {}", context.describe()),
                    values,
                    id_part: name.to_owned(),
                    level,
                    ..change
                },
            );
        }
        self.multiples(base, revision, context);
        let unique = [base, revision].map(|schema| flag(schema, "uniqueItems"));
        let (old, new) = (base.get("uniqueItems"), revision.get("uniqueItems"));
        if unique[0] == unique[1] {
            return self.notation(old, new, base, revision);
        }
        let rule = if unique[1] { &rules::UNIQUE_SET } else { &rules::UNIQUE_UNSET };
        let change = Change::new(rule, old.or(Some(base)), new.or(Some(revision)));
        // The type of an argument is a list in both cases.
        if context.usage.role == Role::RequestParameter {
            self.report_at(context, change)
        } else {
            self.report_typed(context, [base, revision], change)
        }
    }

    fn multiples(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        let (old, new) = (base.get("multipleOf"), revision.get("multipleOf"));
        if !differs(old, new) {
            return;
        }
        let multiple = |one: Option<Node<'a>>, other: Option<Node<'a>>| {
            let (one, other) = (number(one?)?, number(other?)?);
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

/// A bound, and whether the bound itself is excluded.
struct Bound<'a> {
    node: Node<'a>,
    excluded: bool,
}

impl<'a> Bound<'a> {
    fn of(schema: Node<'a>, key: &str, exclusive: &str) -> Option<Self> {
        Some(Self { node: schema.get(key)?, excluded: flag(schema, exclusive) })
    }

    /// Compares `new` with this bound.
    fn order(&self, new: &Self, upper: bool) -> Option<Ordering> {
        if self.node.same(new.node) {
            let excluded = if upper { self.excluded.cmp(&new.excluded) } else { new.excluded.cmp(&self.excluded) };
            return Some(excluded);
        }
        number::compare(number(new.node)?, number(self.node)?)
    }

    /// Whether it is a lower bound that every length and count satisfies.
    fn is_trivial(&self, name: &str) -> bool {
        name != "min" && number(self.node).is_some_and(|text| number::is_equal(text, "0"))
    }

    fn text(&self) -> String {
        let value = node_text::summary(self.node);
        if self.excluded { format!("{value}, excluded") } else { value }
    }
}

fn number(node: Node<'_>) -> Option<&str> {
    match node.kind() {
        Kind::Number(text) => Some(text),
        _ => None,
    }
}
