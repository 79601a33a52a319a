//! Parameters that an exploded object replaces, or the reverse: in a query, both look the same.

use super::change::{Change, SAME_TYPES};
use super::comparison::Comparison;
use super::context::{Role, SchemaContext};
use super::effective::{Effective, Property};
use super::nodes::flag;
use super::operations::Directions;
use super::parameters::{Key, Parameters, explode, name, style, text};
use crate::document::Node;
use crate::rules;

impl<'a> Comparison<'a> {
    /// Compares parameters in `single` with one in `exploded` that replaces them: an exploded object, whose properties look
    /// like parameters in the query. Removes them from both lists.
    pub(super) fn exploded_parameters(
        &mut self,
        single: &mut Parameters<'a>,
        exploded: &mut Parameters<'a>,
        is_new: bool,
        subject: &str,
        directions: Directions,
    ) {
        let has = |list: &Parameters<'a>, key: &Key| list.iter().any(|(other, _)| other == key);
        let query = |name: &str| Key::Named("query".to_owned(), name.to_owned());
        let is_replaced = |(key, parameter): &(Key, Node<'a>)| {
            let properties = exploded_object(parameter.target()).filter(|_| !has(single, key))?;
            let replaces = |name: &str| has(single, &query(name)) && !has(exploded, &query(name));
            let is_replacement = properties.property_names().any(replaces);
            is_replacement.then_some(properties)
        };
        let Some((at, object)) = exploded.iter().enumerate().find_map(|(at, one)| Some((at, is_replaced(one)?))) else {
            return;
        };
        let (_, outer) = exploded.remove(at);
        let outer_needed = flag(outer.target(), "required");
        let mut replaced = Vec::new();
        for name in object.property_names() {
            let Property::Declared(property) = object.property(name) else { continue };
            let needed = outer_needed && object.required(name).is_some();
            let Some(at) = single.iter().position(|(key, _)| *key == query(name)) else {
                let change = match (is_new, needed) {
                    (true, true) => Change::new(&rules::PARAMETER_REQUIRED_ADDED, None, Some(property.listed())),
                    (true, false) => Change::new(&rules::PARAMETER_OPTIONAL_ADDED, None, Some(property.listed())),
                    (false, _) => Change::new(&rules::PARAMETER_REMOVED, Some(property.listed()), None),
                };
                let subject = format!("the query parameter `{name}` of {subject}");
                self.report(Some(directions.request), Change { subject, types: Some(SAME_TYPES), ..change });
                continue;
            };
            let (_, parameter) = single.remove(at);
            replaced.push(parameter);
            let context = SchemaContext::root(directions.request, Role::RequestParameter, name);
            let was_needed = flag(parameter.target(), "required");
            let ordered = |one, other| if is_new { [one, other] } else { [other, one] };
            let nodes = ordered(Some(parameter), Some(property.listed()));
            if was_needed != needed {
                let rule = if needed == is_new { &rules::PARAMETER_REQUIRED } else { &rules::PARAMETER_OPTIONAL };
                self.report_at(&context, Change::new(rule, nodes[0], nodes[1]));
            }
            if let Some(schema) = parameter.target().get("schema").map(Effective::of) {
                let context = context.with_optional(!needed).with_generated(false);
                let [old, new] = if is_new { [schema, property] } else { [property, schema] };
                self.schemas(&old, &new, &context);
            }
        }
        let names: Vec<String> = replaced.iter().map(|parameter| format!("`{}`", name(*parameter))).collect();
        let (names, outer_name) = (names.join(", "), format!("`{}`", name(outer)));
        let single = replaced.first().copied();
        let change = if is_new {
            let subject = format!("the query parameters {names} of {subject}");
            Change {
                subject,
                values: [None, Some(outer_name)],
                ..Change::new(&rules::PARAMETER_EXPLODED, single, Some(outer))
            }
        } else {
            let subject = format!("the query parameter {outer_name} of {subject}");
            Change {
                subject,
                values: [None, Some(names)],
                ..Change::new(&rules::PARAMETER_EXPLODED, Some(outer), single)
            }
        };
        self.report(Some(directions.request), change);
        for parameter in replaced.into_iter().skip(1) {
            let nodes = if is_new { (Some(parameter), None) } else { (None, Some(parameter)) };
            self.set_reported(nodes.0, nodes.1);
        }
    }
}

/// The object of a query parameter whose properties are written like parameters.
fn exploded_object(parameter: Node<'_>) -> Option<Effective<'_>> {
    let is_exploded = text(parameter, "in") == "query" && style(parameter) == "form" && explode(parameter);
    let schema = Effective::of(parameter.get("schema").filter(|_| is_exploded)?);
    (schema.type_name() == Some("object")).then_some(schema)
}
