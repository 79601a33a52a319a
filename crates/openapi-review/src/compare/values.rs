//! `nullable`, `enum`, `pattern` and `default`.

use std::collections::HashSet;

use super::change::{Change, SAME_TYPES};
use super::comparison::Comparison;
use super::context::{Role, SchemaContext};
use super::effective::Effective;
use super::nodes::is_component;
use super::validation::is_trivial_pattern;
use crate::document::{Kind, Node};
use crate::node_text;
use crate::progenitor_effect;
use crate::review::Direction;
use crate::rules;

impl<'a> Comparison<'a> {
    /// Reports a change whose Rust effect depends on the type of the schema.
    pub(super) fn report_typed(&mut self, context: &SchemaContext<'_>, sides: [&Effective<'a>; 2], change: Change<'a>) {
        let types = types_at(context, sides, &change);
        self.report_at(context, Change { types: Some(types), ..change });
    }

    /// Reports a change of a bound or pattern. A generated type that checks its values does not break when it accepts more.
    pub(super) fn report_constraint(
        &mut self,
        context: &SchemaContext<'_>,
        sides: [&Effective<'a>; 2],
        widens: bool,
        change: Change<'a>,
    ) {
        let [old, new] = types_at(context, sides, &change);
        let are_checked = [&old, &new].iter().all(|name| name.contains("String checked"));
        let types = if widens && are_checked { [new.clone(), new] } else { [old, new] };
        self.report_at(context, Change { types: Some(types), ..change });
    }

    pub(super) fn nullable(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        let [was, is] = [base, revision].map(Effective::is_nullable);
        // Without a type, null is allowed, and a change of the type is reported.
        if was == is || base.type_name().is_some() != revision.type_name().is_some() {
            return;
        }
        let rule = if is { &rules::BECAME_NULLABLE } else { &rules::BECAME_NOT_NULLABLE };
        self.report_typed(context, [base, revision], Change::of_keyword(rule, "nullable", [base, revision]));
    }

    pub(super) fn enums(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        self.values("enum", [base, revision], [base, revision].map(Effective::values), context);
    }

    /// The values that an extensible enum lists are those that the service knows.
    pub(super) fn extensible_enums(
        &mut self,
        base: &Effective<'a>,
        revision: &Effective<'a>,
        context: &SchemaContext<'_>,
    ) {
        let values = |schema: &Effective<'a>| Some(schema.get("x-extensible-enum")?.items().collect());
        self.values("x-extensible-enum", [base, revision], [base, revision].map(values), context);
    }

    fn values(
        &mut self,
        key: &str,
        sides: [&Effective<'a>; 2],
        values: [Option<Vec<Node<'a>>>; 2],
        context: &SchemaContext<'_>,
    ) {
        let [old, new] = match values {
            [None, None] => return,
            [None, Some(_)] => {
                return self.report_typed(context, sides, Change::of_keyword(&rules::BECAME_ENUM, key, sides));
            }
            [Some(_), None] => {
                return self.report_typed(context, sides, Change::of_keyword(&rules::ENUM_DROPPED, key, sides));
            }
            [Some(old), Some(new)] => [old, new],
        };
        let texts =
            [&old, &new].map(|side| side.iter().copied().map(node_text::canonical).collect::<HashSet<String>>());
        // Equal numbers may have different notations.
        let missing = |side: usize, value: Node<'_>| {
            let others = [&old, &new][side];
            let is_number = matches!(value.kind(), Kind::Number(_));
            let same = is_number && others.iter().any(|other| other.same(value));
            !same && !texts[side].contains(&node_text::canonical(value))
        };
        // A checked newtype has no variants.
        let types = types_at(context, sides, &Change::of_keyword(&rules::BECAME_ENUM, key, sides));
        let is_checked = types.iter().all(|name| name.contains("checked"));
        for value in new.iter().filter(|value| missing(0, **value)) {
            let types = if value.kind() == Kind::Null || is_checked { Some(SAME_TYPES) } else { None };
            self.report_at(context, Change { types, ..Change::new(&rules::ENUM_VALUE_ADDED, None, Some(*value)) });
        }
        for value in old.iter().filter(|value| missing(1, **value)) {
            let types = is_checked.then(|| types.clone());
            self.report_at(context, Change { types, ..Change::new(&rules::ENUM_VALUE_REMOVED, Some(*value), None) });
        }
    }

    pub(super) fn patterns(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        let missing = |from: &Effective<'a>, to: &Effective<'a>| {
            from.all("pattern").find(|pattern| !to.all("pattern").any(|other| other.same(*pattern)))
        };
        let (old, new) = (missing(base, revision), missing(revision, base));
        let rule = match (old, new) {
            (None, None) => return,
            (None, _) => &rules::PATTERN_ADDED,
            (_, None) => &rules::PATTERN_REMOVED,
            (_, Some(new)) if is_trivial_pattern(new) => &rules::PATTERN_GENERALIZED,
            _ => &rules::PATTERN_CHANGED,
        };
        let widens = new.is_none() || std::ptr::eq(rule, &rules::PATTERN_GENERALIZED);
        self.report_constraint(context, [base, revision], widens, Change::between(rule, [base, revision], [old, new]));
    }

    pub(super) fn defaults(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        let (old, new) = (base.get("default"), revision.get("default"));
        let rules = if context.usage.role == Role::RequestParameter && context.is_root() && context.usage.optional {
            [&rules::PARAMETER_DEFAULT_ADDED, &rules::PARAMETER_DEFAULT_CHANGED, &rules::PARAMETER_DEFAULT_REMOVED]
        } else {
            [&rules::DEFAULT_ADDED, &rules::DEFAULT_CHANGED, &rules::DEFAULT_REMOVED]
        };
        let rule = match (old, new) {
            (None, None) => return,
            (None, _) => rules[0],
            (_, None) => rules[2],
            (Some(old), Some(new)) if old.same(new) => return,
            _ => rules[1],
        };
        let change = Change::between(rule, [base, revision], [old, new]);
        if let (Some(old), true) = (old, is_component(revision.node())) {
            // The type of a component with a default implements `Default`.
            let default = |value: Option<Node<'_>>| {
                value.map_or_else(|| "no Default".to_owned(), |value| format!("Default {}", value.to_json()))
            };
            return self.report_at(context, Change { types: Some([default(Some(old)), default(new)]), ..change });
        }
        // A program that sends a property sets its value explicitly.
        let is_response = context.usage.direction == Some(Direction::Response);
        if std::ptr::eq(rule, &rules::DEFAULT_CHANGED) && !is_response {
            return self.report_at(context, change);
        }
        self.report_typed(context, [base, revision], change);
    }
}

/// The Rust types of the parts of two schemas in which a change is.
fn types_at(context: &SchemaContext<'_>, sides: [&Effective<'_>; 2], change: &Change<'_>) -> [String; 2] {
    let owner = |schema: &Effective<'_>, node: Option<Node<'_>>| {
        let ancestors = std::iter::successors(node, |node| node.parent()).take(3);
        let part = ancestors.flat_map(|node| schema.parts().find(|part| *part == node)).next();
        type_at(part.unwrap_or(schema.node()), context)
    };
    [owner(sides[0], change.old), owner(sides[1], change.new)]
}

/// The Rust type of a schema in a context.
fn type_at(schema: Node<'_>, context: &SchemaContext<'_>) -> String {
    // The type of a component does not depend on whether the property is optional.
    let name = progenitor_effect::type_name(schema, !context.usage.optional || is_component(schema));
    let date_time = schema.get("format").and_then(Node::text) == Some("date-time");
    // As an argument, a `date-time` has another type than a text.
    if date_time && context.usage.role == Role::RequestParameter { format!("{name} (date-time)") } else { name }
}
