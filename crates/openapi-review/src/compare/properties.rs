//! Objects: properties, `required` and `additionalProperties`.

use std::collections::HashSet;

use super::change::Change;
use super::comparison::Comparison;
use super::context::{SchemaContext, Step};
use super::nodes::{entries, flag, items, pairs};
use crate::document::{Kind, Node};
use crate::progenitor_effect;
use crate::review::Direction;
use crate::rules;
use crate::rules::Level;

impl<'a> Comparison<'a> {
    pub(super) fn properties(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        for (name, old, new) in pairs(base.get("properties"), revision.get("properties")) {
            let needs = [required(base, name), required(revision, name)];
            let child = context.child(Step::Property(name));
            match (old, new) {
                (Some(old), Some(new)) => {
                    let child = visible(child, new);
                    self.requiredness(old, new, needs, &child);
                    let child = child.with_optional(needs[1].is_none());
                    self.access(old, new, needs[1].is_some(), &child);
                    self.schemas(old, new, &child);
                }
                (None, Some(new)) => self.property_added(new, needs[1].is_some(), &child),
                (Some(old), None) => self.property_removed(old, needs[0].is_some(), &child),
                (None, None) => {}
            }
        }
        self.required_names(base, revision, context);
        self.additional_properties(
            base.get("additionalProperties"),
            revision.get("additionalProperties"),
            base,
            revision,
            context,
        );
    }

    fn requiredness(
        &mut self,
        old: Node<'a>,
        new: Node<'a>,
        needs: [Option<Node<'a>>; 2],
        context: &SchemaContext<'_>,
    ) {
        let change = match needs {
            [None, Some(listed)] => {
                let has_default = new.target().get("default").is_some();
                let rule = if has_default { &rules::PROPERTY_REQUIRED_WITH_DEFAULT } else { &rules::PROPERTY_REQUIRED };
                Change::new(rule, Some(old), Some(listed))
            }
            [Some(listed), None] => {
                let types = Some([progenitor_effect::type_name(old, true), progenitor_effect::type_name(new, false)])
                    .filter(|[old, new]| old != new);
                Change { types, ..Change::new(&rules::PROPERTY_OPTIONAL, Some(listed), Some(new)) }
            }
            _ => return,
        };
        self.report_at(context, change);
    }

    /// Names in `required` whose properties are in other parts of an `allOf`, or nowhere.
    fn required_names(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        let own = |name: &str| {
            [base, revision].iter().any(|schema| schema.get("properties").is_some_and(|all| all.get(name).is_some()))
        };
        let elsewhere = |name: &str| {
            [base, revision].iter().any(|schema| has_property(composed_schema(*schema), name, MAX_PART_DEPTH))
        };
        let names = |side: Node<'a>| items(side.get("required")).filter_map(|listed| Some((listed.text()?, listed)));
        let old: HashSet<&str> = names(base).map(|(name, _)| name).collect();
        let new: HashSet<&str> = names(revision).map(|(name, _)| name).collect();
        for (name, listed) in names(revision).filter(|(name, _)| !old.contains(name) && !own(name)) {
            let child = context.child(Step::Property(name));
            if elsewhere(name) {
                self.report_at(&child, Change::new(&rules::PROPERTY_REQUIRED, Some(base), Some(listed)));
            } else {
                self.report_at(context, Change::new(&rules::UNKNOWN_REQUIRED, Some(base), Some(listed)));
            }
        }
        for (name, listed) in names(base).filter(|(name, _)| !new.contains(name) && !own(name)) {
            let child = context.child(Step::Property(name));
            if elsewhere(name) {
                self.report_at(&child, Change::new(&rules::PROPERTY_OPTIONAL, Some(listed), Some(revision)));
            } else {
                self.report_at(context, Change::new(&rules::UNKNOWN_REQUIRED, Some(listed), Some(revision)));
            }
        }
    }

    fn property_added(&mut self, new: Node<'a>, needed: bool, context: &SchemaContext<'_>) {
        let schema = new.target();
        let child = visible(*context, new);
        let response = context.usage.role.is_response();
        let (rule, id_part) = match (needed, response) {
            (true, false) if schema.get("default").is_some() => {
                (&rules::PROPERTY_REQUIRED_ADDED, "new-required-request-property-with-default".to_owned())
            }
            (true, false) => (&rules::PROPERTY_REQUIRED_ADDED, format!("new-required-{}", context.usage.role.id())),
            (false, false) => (&rules::PROPERTY_OPTIONAL_ADDED, format!("new-optional-{}", context.usage.role.id())),
            (true, true) => (
                &rules::PROPERTY_REQUIRED_ADDED,
                format!("response-required-{}property-added", write_only_infix(schema)),
            ),
            (false, true) => (
                &rules::PROPERTY_OPTIONAL_ADDED,
                format!("response-optional-{}property-added", write_only_infix(schema)),
            ),
        };
        self.report_at(&child, Change { id_part, ..Change::new(rule, None, Some(new)) });
    }

    fn property_removed(&mut self, old: Node<'a>, needed: bool, context: &SchemaContext<'_>) {
        let child = visible(*context, old);
        let (rule, id_part) = match (needed, context.usage.role.is_response()) {
            (_, false) => (&rules::PROPERTY_REMOVED, context.usage.role.id().to_owned()),
            (true, true) => (
                &rules::PROPERTY_REQUIRED_REMOVED,
                format!("response-required-{}property", write_only_infix(old.target())),
            ),
            (false, true) => {
                (&rules::PROPERTY_REMOVED, format!("response-optional-{}property", write_only_infix(old.target())))
            }
        };
        self.report_at(&child, Change { id_part, ..Change::new(rule, Some(old), None) });
    }

    /// Compares `readOnly` and `writeOnly`.
    fn access(&mut self, old: Node<'a>, new: Node<'a>, needed: bool, context: &SchemaContext<'_>) {
        let (old, new) = (old.target(), new.target());
        let pairs = [
            ("readOnly", &rules::BECAME_READ_ONLY, &rules::BECAME_NOT_READ_ONLY),
            ("writeOnly", &rules::BECAME_WRITE_ONLY, &rules::BECAME_NOT_WRITE_ONLY),
        ];
        for (key, set, unset) in pairs {
            let (before, after) = (flag(old, key), flag(new, key));
            if before == after {
                continue;
            }
            let side = if context.usage.role.is_response() { "response" } else { "request" };
            let id_part = format!("{side}-{}-property", if needed { "required" } else { "optional" });
            let rule = if after { set } else { unset };
            let level = (!after && key == "writeOnly" && !needed).then_some(Level::Fine);
            let nodes = (old.get(key).or(Some(old)), new.get(key).or(Some(new)));
            self.report_at(context, Change { id_part, level, ..Change::new(rule, nodes.0, nodes.1) });
        }
    }

    fn additional_properties(
        &mut self,
        old: Option<Node<'a>>,
        new: Option<Node<'a>>,
        base: Node<'a>,
        revision: Node<'a>,
        context: &SchemaContext<'_>,
    ) {
        use AdditionalProperties::{Any, Forbidden, Schema};
        let rule = match (AdditionalProperties::of(old), AdditionalProperties::of(new)) {
            (Schema(old), Schema(new)) => {
                let child = context.child(Step::Values);
                return self.schemas(old, new, &child);
            }
            (Any | Schema(_), Forbidden) => &rules::ADDITIONAL_CLOSED,
            (Forbidden, Any | Schema(_)) => &rules::ADDITIONAL_OPENED,
            (Any, Schema(_)) => &rules::ADDITIONAL_NARROWED,
            (Schema(_), Any) => &rules::ADDITIONAL_WIDENED,
            (Any, Any) | (Forbidden, Forbidden) => {
                return self.notation(old, new, base, revision);
            }
        };
        self.report_at(context, Change::new(rule, old.or(Some(base)), new.or(Some(revision))));
    }
}

/// The maximum number of nested `allOf` that are searched, because a schema may be a part of itself.
pub(super) const MAX_PART_DEPTH: usize = 8;

/// The outermost schema that a part of an `allOf` belongs to; the schema itself if it is no part.
fn composed_schema(part: Node<'_>) -> Node<'_> {
    let list = part.parent().filter(|list| list.key() == Some("allOf"));
    list.and_then(Node::parent).map_or(part, composed_schema)
}

/// Whether a schema or one of its parts has a property.
fn has_property(schema: Node<'_>, name: &str, levels: usize) -> bool {
    let schema = schema.target();
    schema.get("properties").is_some_and(|all| all.get(name).is_some())
        || levels > 0 && items(schema.get("allOf")).any(|part| has_property(part, name, levels - 1))
}

/// The level of removing a part: breaking if a required property is lost, to check if any other property is.
pub(super) fn removal_level(part: Node<'_>, without: Node<'_>, levels: usize) -> Level {
    let part = part.target();
    let lost = |name: &str| !has_property(without, name, MAX_PART_DEPTH);
    let loses_required = items(part.get("required")).filter_map(Node::text).any(lost);
    let loses_any = entries(part.get("properties")).any(|(name, _)| lost(name))
        || levels > 0 && items(part.get("allOf")).any(|part| removal_level(part, without, levels - 1) > Level::Fine);
    match (loses_required, loses_any) {
        (true, _) => Level::Breaking,
        (_, true) => Level::Check,
        _ => Level::Fine,
    }
}

/// The meaning of `additionalProperties`.
enum AdditionalProperties<'a> {
    Any,
    Forbidden,
    Schema(Node<'a>),
}

impl<'a> AdditionalProperties<'a> {
    fn of(node: Option<Node<'a>>) -> Self {
        match node.map(|node| (node, node.kind())) {
            Some((_, Kind::Bool(false))) => Self::Forbidden,
            Some((node, Kind::Map)) if node.entries().next().is_some() => Self::Schema(node),
            _ => Self::Any,
        }
    }
}

/// The entry of `required` that names a property.
fn required<'a>(schema: Node<'a>, name: &str) -> Option<Node<'a>> {
    items(schema.get("required")).find(|listed| listed.text() == Some(name))
}

/// The part of a rule id for write-only properties.
fn write_only_infix(schema: Node<'_>) -> &'static str {
    if flag(schema, "writeOnly") { "write-only-" } else { "" }
}

/// Removes the direction of a read-only property in a request and of a write-only property in a response.
fn visible<'s>(context: SchemaContext<'s>, schema: Node<'_>) -> SchemaContext<'s> {
    let key = match context.usage.direction {
        Some(Direction::Request) => "readOnly",
        Some(Direction::Response) => "writeOnly",
        None => return context,
    };
    if flag(schema.target(), key) { context.without_direction() } else { context }
}
