//! Parameters. Path parameters are matched by position, all others by location and name.

use super::change::{Change, SAME_TYPES};
use super::comparison::{Comparison, ComponentKind};
use super::context::{Role, SchemaContext};
use super::nodes::{differs, flag, items};
use super::operations::{Directions, OperationNode};
use crate::document::Node;
use crate::node_text;
use crate::review::Direction;
use crate::rules::{self, Level, Rule};

/// Identifies a parameter of an operation.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// The position in the path template.
    Path(usize),
    /// Location and name.
    Named(String, String),
}

/// The parameters of an operation.
pub(super) type Parameters<'a> = Vec<(Key, Node<'a>)>;

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

pub(super) fn name<'a>(parameter: Node<'a>) -> &'a str {
    text(parameter.target(), "name")
}

/// "the query parameter `size`"
fn describe(parameter: Node<'_>) -> String {
    let parameter = parameter.target();
    format!("the {} parameter `{}`", text(parameter, "in"), text(parameter, "name"))
}

pub(super) fn text<'a>(node: Node<'a>, key: &str) -> &'a str {
    node.get(key).and_then(Node::text).unwrap_or_default()
}

/// The style of a parameter, or the default style of its location.
pub(super) fn style(parameter: Node<'_>) -> &str {
    if parameter.get("content").is_some() {
        return "content";
    }
    parameter.get("style").and_then(Node::text).unwrap_or(match text(parameter, "in") {
        "query" | "cookie" => "form",
        _ => "simple",
    })
}

pub(super) fn explode(parameter: Node<'_>) -> bool {
    parameter.get("explode").and_then(Node::bool).unwrap_or(style(parameter) == "form")
}
