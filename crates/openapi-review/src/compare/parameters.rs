//! Parameters. Path parameters are matched by position, all others by location and name.

use super::change::{Change, SAME_TYPES};
use super::comparison::{Comparison, ComponentKind};
use super::context::{Role, SchemaContext};
use super::effective::{Effective, Property};
use super::nodes::{differs, flag, items};
use super::operations::{Directions, OperationNode};
use crate::document::Node;
use crate::node_text;
use crate::review::Direction;
use crate::rules::{self, Level, Rule};

/// Identifies a parameter of an operation.
#[derive(Debug, PartialEq, Eq)]
enum Key {
    /// The position in the path template.
    Path(usize),
    /// Location and name.
    Named(String, String),
}

/// The parameters of an operation.
type Parameters<'a> = Vec<(Key, Node<'a>)>;

impl<'a> Comparison<'a> {
    pub(super) fn parameters(
        &mut self,
        old: OperationNode<'a>,
        new: OperationNode<'a>,
        subject: &str,
        directions: Directions,
    ) {
        let (mut base, mut revision) = (effective_parameters(old), effective_parameters(new));
        self.exploded_parameters(&mut base, &mut revision, true, subject, directions);
        self.exploded_parameters(&mut revision, &mut base, false, subject, directions);
        for (key, parameter) in &revision {
            let name = name(*parameter);
            match base.iter().find(|(other, _)| other == key) {
                Some((_, original)) => {
                    let generated = directions.generated && !self.is_omitted(*parameter);
                    let context = SchemaContext::root(directions.request, Role::RequestParameter, name);
                    let context = context.with_generated(generated);
                    self.pair(ComponentKind::Parameter, *original, *parameter, &context);
                }
                None => {
                    let rule = match key {
                        Key::Path(_) => &rules::PARAMETER_PATH_ADDED,
                        Key::Named(..) if flag(parameter.target(), "required") => &rules::PARAMETER_REQUIRED_ADDED,
                        Key::Named(..) => &rules::PARAMETER_OPTIONAL_ADDED,
                    };
                    let shared = base.iter().find(|(key, original)| {
                        same_component(*original, *parameter) && !revision.iter().any(|(other, _)| other == key)
                    });
                    let change = match shared {
                        Some((_, original)) => replaced_component(rule, *original, *parameter, *parameter),
                        None => Change {
                            subject: format!("{} of {subject}", describe(*parameter)),
                            ..Change::new(rule, None, Some(*parameter))
                        },
                    };
                    let types = self.is_omitted(*parameter).then_some(SAME_TYPES);
                    self.report(Some(directions.request), Change { types, ..change });
                }
            }
        }
        for (_, removed) in base.iter().filter(|(key, _)| !revision.iter().any(|(other, _)| other == key)) {
            let (rule, level) = self.removal_rule(
                old.operation,
                removed.target(),
                [
                    &rules::PARAMETER_REMOVED,
                    &rules::PARAMETER_REMOVED_DEPRECATED,
                    &rules::PARAMETER_REMOVED_BEFORE_SUNSET,
                ],
            );
            let shared = revision.iter().find(|(_, parameter)| same_component(*removed, *parameter));
            let change = match shared {
                Some((_, parameter)) => replaced_component(rule, *removed, *parameter, *removed),
                None => Change {
                    subject: format!("{} of {subject}", describe(*removed)),
                    ..Change::new(rule, Some(*removed), None)
                },
            };
            let values = [removed.target().get("x-sunset").map(node_text::summary), None];
            let types = self.is_omitted(*removed).then_some(SAME_TYPES);
            self.report(Some(directions.request), Change { values, level, types, ..change });
        }
    }

    /// Compares parameters in `single` with one in `exploded` that replaces them: an exploded object, whose properties look
    /// like parameters in the query. Removes them from both lists.
    fn exploded_parameters(
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

    /// Whether the generator omits the parameter from methods.
    fn is_omitted(&self, parameter: Node<'_>) -> bool {
        let parameter = parameter.target();
        text(parameter, "in") == "header" && self.settings.omitted_headers.contains(&text(parameter, "name"))
    }

    pub(super) fn parameter(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        let subject = describe(revision);
        let change = |rule, old: Option<Node<'a>>, new: Option<Node<'a>>| Change {
            subject: subject.clone(),
            ..Change::new(rule, old.or(Some(base)), new.or(Some(revision)))
        };
        if context.usage.direction.is_none() {
            // It is unused, or its users have reported that it is another parameter now.
            for key in ["in", "name"] {
                let (old, new) = (base.get(key), revision.get(key));
                if differs(old, new) && !self.findings.iter().any(|found| (found.old, found.new) == (old, new)) {
                    self.annotation(old, new);
                }
            }
        } else if name(base) != name(revision) {
            let rule = &rules::PARAMETER_RENAMED;
            self.report_at(context, change(rule, base.get("name"), revision.get("name")));
        }
        let required = [base, revision].map(|node| flag(node, "required"));
        if required[0] != required[1] {
            let rule = if required[1] { &rules::PARAMETER_REQUIRED } else { &rules::PARAMETER_OPTIONAL };
            self.report_at(context, change(rule, base.get("required"), revision.get("required")));
        }
        self.lifecycle(base, revision, Some(Direction::Request), &subject, "request-parameter");
        let [old_style, new_style] = [base, revision].map(style);
        if old_style != new_style {
            let values = [Some(format!("`{old_style}`")), Some(format!("`{new_style}`"))];
            let change = change(&rules::PARAMETER_STYLE, base.get("style"), revision.get("style"));
            self.report_at(context, Change { values, ..change });
        }
        let [old_explode, new_explode] = [base, revision].map(|node| explode(node));
        // `explode` has no effect on a single value and on `content`.
        let is_scalar = [base, revision].map(|node| node.get("schema").is_none_or(|schema| is_scalar(schema.target())));
        if old_explode != new_explode && is_scalar != [true, true] && old_style != "content" && new_style != "content" {
            let values = [Some(old_explode.to_string()), Some(new_explode.to_string())];
            let change = change(&rules::PARAMETER_EXPLODE, base.get("explode"), revision.get("explode"));
            self.report_at(context, Change { values, ..change });
        } else {
            self.notation(base.get("explode"), revision.get("explode"), base, revision);
        }
        if old_style == new_style {
            self.notation(base.get("style"), revision.get("style"), base, revision);
        }
        for key in ["allowReserved", "allowEmptyValue"] {
            let [old, new] = [base, revision].map(|node| flag(node, key));
            if old != new {
                let values = [Some(old.to_string()), Some(new.to_string())];
                let change = change(&rules::PARAMETER_ENCODING, base.get(key), revision.get(key));
                // Requests with a value are still accepted.
                let level = (key == "allowEmptyValue" && new).then_some(Level::Fine);
                self.report_at(context, Change { values, level, id_part: key.to_owned(), ..change });
            }
        }
        let inner = context.with_optional(!flag(revision, "required"));
        self.media_schema(base, revision, &inner);
        if base.get("content").is_some() == revision.get("content").is_some() {
            self.content(base.get("content"), revision.get("content"), &subject, &inner, "request-parameter-");
        }
        let handled = [
            "name",
            "in",
            "required",
            "deprecated",
            "x-sunset",
            "style",
            "explode",
            "allowReserved",
            "allowEmptyValue",
            "schema",
            "content",
        ];
        self.annotations(base, revision, &handled);
    }
}

/// The object of a query parameter whose properties are written like parameters.
fn exploded_object(parameter: Node<'_>) -> Option<Effective<'_>> {
    let is_exploded = text(parameter, "in") == "query" && style(parameter) == "form" && explode(parameter);
    let schema = Effective::of(parameter.get("schema").filter(|_| is_exploded)?);
    (schema.type_name() == Some("object")).then_some(schema)
}

/// Whether the values of a schema are neither lists nor objects.
fn is_scalar(schema: Node<'_>) -> bool {
    matches!(text(schema, "type"), "string" | "integer" | "number" | "boolean")
}

/// Whether both refer to the same component.
fn same_component(one: Node<'_>, other: Node<'_>) -> bool {
    let reference = |node: Node<'_>| node.get("$ref").and_then(Node::text).map(str::to_owned);
    reference(one).is_some() && reference(one) == reference(other)
}

/// A change of a shared parameter to another one, reported at the component and not for each of its users.
fn replaced_component<'a>(rule: &'static Rule, old: Node<'a>, new: Node<'a>, either: Node<'a>) -> Change<'a> {
    let (old, new) = (old.target(), new.target());
    let key = if text(old, "in") == text(new, "in") { "name" } else { "in" };
    Change { subject: describe(either), ..Change::new(rule, old.get(key), new.get(key)) }
}

/// The parameters of an operation: its own, and those of its path that it does not override.
fn effective_parameters(node: OperationNode<'_>) -> Parameters<'_> {
    let mut parameters: Parameters<'_> = Vec::new();
    for parameter in items(node.operation.get("parameters")).chain(items(node.item.get("parameters"))) {
        let key = key(node.path, parameter.target());
        if !parameters.iter().any(|(other, _)| *other == key) {
            parameters.push((key, parameter));
        }
    }
    parameters
}

fn key(path: &str, parameter: Node<'_>) -> Key {
    let (location, name) = (text(parameter, "in"), text(parameter, "name"));
    let mut names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    match (location, names.position(|other| other == name)) {
        ("path", Some(position)) => Key::Path(position),
        // Header names are not case-sensitive.
        ("header", _) => Key::Named(location.to_owned(), name.to_ascii_lowercase()),
        _ => Key::Named(location.to_owned(), name.to_owned()),
    }
}

fn name<'a>(parameter: Node<'a>) -> &'a str {
    text(parameter.target(), "name")
}

/// "the query parameter `size`"
fn describe(parameter: Node<'_>) -> String {
    let parameter = parameter.target();
    format!("the {} parameter `{}`", text(parameter, "in"), text(parameter, "name"))
}

fn text<'a>(node: Node<'a>, key: &str) -> &'a str {
    node.get(key).and_then(Node::text).unwrap_or_default()
}

/// The style of a parameter, or the default style of its location.
fn style(parameter: Node<'_>) -> &str {
    if parameter.get("content").is_some() {
        return "content";
    }
    parameter.get("style").and_then(Node::text).unwrap_or(match text(parameter, "in") {
        "query" | "cookie" => "form",
        _ => "simple",
    })
}

fn explode(parameter: Node<'_>) -> bool {
    parameter.get("explode").and_then(Node::bool).unwrap_or(style(parameter) == "form")
}
