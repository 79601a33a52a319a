//! `nullable`, `enum`, `pattern` and `default`.

use std::collections::HashSet;

use super::change::Change;
use super::comparison::Comparison;
use super::context::{Role, SchemaContext};
use super::nodes::{is_component, items};
use crate::document::{Kind, Node};
use crate::node_text;
use crate::progenitor_effect;
use crate::review::Direction;
use crate::rules;

impl<'a> Comparison<'a> {
    /// Reports a change whose Rust effect depends on the type of the schema.
    pub(super) fn report_typed(&mut self, context: &SchemaContext<'_>, sides: [Node<'a>; 2], change: Change<'a>) {
        let types = sides.map(|schema| type_at(schema, context));
        self.report_at(context, Change { types: Some(types), ..change });
    }

    /// Reports a change of a bound or pattern. A generated type that checks its values does not break when it accepts more.
    pub(super) fn report_constraint(
        &mut self,
        context: &SchemaContext<'_>,
        sides: [Node<'a>; 2],
        widens: bool,
        change: Change<'a>,
    ) {
        let [old, new] = sides.map(|schema| type_at(schema, context));
        let are_checked = [&old, &new].iter().all(|name| name.contains("String checked"));
        let types = if widens && are_checked { [new.clone(), new] } else { [old, new] };
        self.report_at(context, Change { types: Some(types), ..change });
    }

    pub(super) fn nullable(
        &mut self,
        base: Node<'a>,
        revision: Node<'a>,
        [was, is]: [bool; 2],
        context: &SchemaContext<'_>,
    ) {
        let (old, new) = (base.get("nullable"), revision.get("nullable"));
        if was == is {
            return self.notation(old, new, base, revision);
        }
        let rule = if is { &rules::BECAME_NULLABLE } else { &rules::BECAME_NOT_NULLABLE };
        self.report_typed(context, [base, revision], Change::new(rule, old.or(Some(base)), new.or(Some(revision))));
    }

    pub(super) fn enums(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        for key in ["enum", "x-extensible-enum"] {
            let (old, new) = (base.get(key), revision.get(key));
            match (old, new) {
                (None, None) => {}
                (None, Some(_)) => {
                    self.report_typed(context, [base, revision], Change::new(&rules::BECAME_ENUM, Some(base), new));
                }
                (Some(_), None) => {
                    self.report_typed(
                        context,
                        [base, revision],
                        Change::new(&rules::ENUM_DROPPED, old, Some(revision)),
                    );
                }
                (Some(_), Some(_)) => {
                    let values = |side| items(side).map(node_text::canonical).collect::<HashSet<String>>();
                    let values = [values(old), values(new)];
                    // Equal numbers may have different notations.
                    let lists = [old, new];
                    let missing = |side: usize, value: Node<'_>| {
                        let number = matches!(value.kind(), Kind::Number(_));
                        let same = number && items(lists[side]).any(|other| other.same(value));
                        !same && !values[side].contains(&node_text::canonical(value))
                    };
                    for value in items(new).filter(|value| missing(0, *value)) {
                        let null = (value.kind() == Kind::Null).then(|| [String::new(), String::new()]);
                        self.report_at(
                            context,
                            Change { types: null, ..Change::new(&rules::ENUM_VALUE_ADDED, None, Some(value)) },
                        );
                    }
                    for value in items(old).filter(|value| missing(1, *value)) {
                        self.report_at(context, Change::new(&rules::ENUM_VALUE_REMOVED, Some(value), None));
                    }
                }
            }
        }
    }

    pub(super) fn patterns(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        let (old, new) = (base.get("pattern"), revision.get("pattern"));
        let rule = match (old, new) {
            (None, None) => return,
            (None, _) => &rules::PATTERN_ADDED,
            (_, None) => &rules::PATTERN_REMOVED,
            (Some(old), Some(new)) if old.same(new) => return,
            (_, Some(new)) if matches!(new.text(), Some("" | ".*" | "^.*$")) => &rules::PATTERN_GENERALIZED,
            _ => &rules::PATTERN_CHANGED,
        };
        let widens = new.is_none() || std::ptr::eq(rule, &rules::PATTERN_GENERALIZED);
        self.report_constraint(
            context,
            [base, revision],
            widens,
            Change::new(rule, old.or(Some(base)), new.or(Some(revision))),
        );
    }

    pub(super) fn defaults(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        self.default_of(base.get("default"), revision.get("default"), base, revision, context);
    }

    pub(super) fn default_of(
        &mut self,
        old: Option<Node<'a>>,
        new: Option<Node<'a>>,
        base: Node<'a>,
        revision: Node<'a>,
        context: &SchemaContext<'_>,
    ) {
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
        let change = Change::new(rule, old.or(Some(base)), new.or(Some(revision)));
        if let (Some(old), true) = (old, is_component(revision)) {
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

/// The Rust type of a schema in a context.
fn type_at(schema: Node<'_>, context: &SchemaContext<'_>) -> String {
    // The type of a component does not depend on whether the property is optional.
    let name = progenitor_effect::type_name(schema, !context.usage.optional || is_component(schema));
    let date_time = schema.get("format").and_then(Node::text) == Some("date-time");
    // As an argument, a `date-time` has another type than a text.
    if date_time && context.usage.role == Role::RequestParameter { format!("{name} (date-time)") } else { name }
}
