//! Types and formats, and choices between types.

use super::change::Change;
use super::comparison::Comparison;
use super::context::{Role, SchemaContext};
use super::effective::Effective;
use crate::document::Node;
use crate::rules;

/// The relation of the values of a new schema to those of an old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Same,
    Wider,
    Narrower,
    Other,
}

impl Relation {
    /// The relation of values that two keywords limit.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Same, relation) | (relation, Self::Same) => relation,
            _ if self == other => self,
            _ => Self::Other,
        }
    }
}

impl<'a> Comparison<'a> {
    pub(super) fn types(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        let (old, new) = (Type::of(base), Type::of(revision));
        let rule = match old.relation(&new, context) {
            Relation::Same => return,
            Relation::Wider => &rules::TYPE_GENERALIZED,
            Relation::Narrower => &rules::TYPE_SPECIALIZED,
            Relation::Other => &rules::TYPE_CHANGED,
        };
        self.set_reported(base.get("format"), revision.get("format"));
        let nodes = [base, revision].map(|schema| {
            if old.name == new.name { schema.get("format") } else { schema.type_node() }
        });
        let change = Change::between(rule, [base, revision], nodes);
        // A format of a list or object has no effect, but its author may expect one.
        let is_effective = old.name != new.name || !matches!(new.name, Some("array" | "object" | "boolean"));
        let context = &if is_effective { *context } else { context.doubtful() };
        self.report_typed(context, [base, revision], Change { values: [Some(old.text()), Some(new.text())], ..change });
    }

    /// Compares schemas of which at least one is a choice between simple types, such as `oneOf` string and number.
    /// Returns whether it did.
    pub(super) fn choice_of_types(
        &mut self,
        base: &Effective<'a>,
        revision: &Effective<'a>,
        context: &SchemaContext<'_>,
    ) -> bool {
        let (Some(old), Some(new)) = (simple_types(base.node()), simple_types(revision.node())) else { return false };
        let keys = [base, revision].map(|schema| schema.choices().first().map(|choice| choice.key));
        if old.len() < 2 && new.len() < 2 || matches!(keys, [Some(old), Some(new)] if old != new) {
            return false;
        }
        let wider = new.iter().any(|name| !covers(&old, name));
        let narrower = old.iter().any(|name| !covers(&new, name));
        let text = |names: &[&str]| Some(format!("`{}`", names.join("` or `")));
        let values = [text(&old), text(&new)];
        let rules = [(wider, &rules::TYPES_WIDENED), (narrower, &rules::TYPES_NARROWED)];
        for (_, rule) in rules.into_iter().filter(|(found, _)| *found) {
            let change = Change::new(rule, Some(base.node()), Some(revision.node()));
            self.report_typed(context, [base, revision], Change { values: values.clone(), ..change });
        }
        true
    }
}

fn covers(names: &[&str], name: &str) -> bool {
    names.contains(&name) || (name == "integer" && names.contains(&"number"))
}

/// The types of a schema that is a simple type, or a choice between simple types.
fn simple_types(schema: Node<'_>) -> Option<Vec<&str>> {
    let is_simple =
        |node: Node<'_>| node.entries().all(|(key, _)| matches!(key, "type" | "description" | "title" | "example"));
    let list = match (schema.get("oneOf"), schema.get("anyOf")) {
        (Some(list), None) | (None, Some(list)) => list,
        (None, None) if ["properties", "items", "allOf"].iter().all(|key| schema.get(key).is_none()) => {
            return Some(vec![schema.get("type")?.text()?]);
        }
        _ => return None,
    };
    if schema.get("type").is_some() || list.items().next().is_none() {
        return None;
    }
    list.items().map(|branch| if is_simple(branch) { branch.get("type")?.text() } else { None }).collect()
}

/// The keywords that decide about the type of values.
#[derive(Debug, Clone)]
struct Type<'a> {
    name: Option<&'a str>,
    format: Option<&'a str>,
    items: Option<Effective<'a>>,
}

impl<'a> Type<'a> {
    fn of(schema: &Effective<'a>) -> Self {
        let name = schema.type_name();
        let format = format(schema);
        Self { name, format, items: schema.item() }
    }

    /// The relation of the values of `new` to those of this type.
    fn relation(&self, new: &Self, context: &SchemaContext<'_>) -> Relation {
        let (Some(old_name), Some(new_name)) = (self.name, new.name) else {
            let types = match (self.name, new.name) {
                (Some(_), None) => Relation::Wider,
                (None, Some(_)) => Relation::Narrower,
                _ => Relation::Same,
            };
            return types.and(formats(self.format, new.format));
        };
        match (old_name, new_name) {
            _ if old_name == new_name => formats(self.format, new.format),
            ("integer", "number") => Relation::Wider,
            ("number", "integer") => Relation::Narrower,
            // A list in a query is repeated or joined, so it is not a text.
            ("array" | "object", "string") if context.usage.role == Role::RequestParameter => Relation::Other,
            // In plain text, a string without a format accepts every value.
            (_, "string") if context.usage.plain_text && new.format.is_none() => Relation::Wider,
            ("string", _) if context.usage.plain_text && self.format.is_none() => Relation::Narrower,
            // In plain text, a single value is a list with one item.
            (_, "array") if context.usage.plain_text => match &new.items {
                Some(items) => match self.relation(&Self::of(items), context) {
                    Relation::Same | Relation::Wider => Relation::Wider,
                    _ => Relation::Other,
                },
                None => Relation::Wider,
            },
            _ => Relation::Other,
        }
    }

    fn text(&self) -> String {
        match (self.name, self.format) {
            (None, None) => "anything".to_owned(),
            (Some(name), None) => format!("`{name}`"),
            (None, Some(format)) => format!("`{format}`"),
            (Some(name), Some(format)) => format!("`{name}` ({format})"),
        }
    }
}

/// The format of a schema. A password is a text that is not shown.
pub(super) fn format<'a>(schema: &Effective<'a>) -> Option<&'a str> {
    schema.get("format").and_then(Node::text).filter(|name| *name != "password")
}

pub(super) fn formats(old: Option<&str>, new: Option<&str>) -> Relation {
    match (old, new) {
        _ if old == new => Relation::Same,
        (Some(_), None) | (Some("int32"), Some("int64")) | (Some("float"), Some("double")) => Relation::Wider,
        (None, Some(_)) | (Some("int64"), Some("int32")) | (Some("double"), Some("float")) => Relation::Narrower,
        _ => Relation::Other,
    }
}
