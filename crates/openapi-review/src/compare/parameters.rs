//! Parameters: those of the path by position, all others by place and name.

use super::found::Change;
use super::operations::{Call, Way};
use super::spot::{Place, Spot};
use super::{Comparison, Kind, differs, flag, items};
use crate::document::Node;
use crate::place;
use crate::rules::{self, Rule};

/// What tells a parameter from the others of its operation.
#[derive(Debug, PartialEq, Eq)]
enum Key {
    /// Number within the path template.
    Path(usize),
    Named(String, String),
}

impl<'a> Comparison<'a> {
    pub(super) fn parameters(&mut self, old: Call<'a>, new: Call<'a>, what: &str, way: Way) {
        let (base, revision) = (collected(old), collected(new));
        for (key, parameter) in &revision {
            let name = name(*parameter);
            match base.iter().find(|(other, _)| other == key) {
                Some((_, original)) => {
                    let generated = way.generated && !self.is_left_out(*parameter);
                    let spot = Spot::root(way.request, Place::RequestParameter, name).generated(generated);
                    self.pair(Kind::Parameter, *original, *parameter, &spot);
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
                        Some((_, original)) => replaced(rule, *original, *parameter, *parameter),
                        None => Change {
                            what: format!("{} of {what}", called(*parameter)),
                            ..Change::new(rule, None, Some(*parameter))
                        },
                    };
                    let types = self.is_left_out(*parameter).then(Default::default);
                    self.note(Some(way.request), Change { types, ..change });
                }
            }
        }
        for (_, gone) in base.iter().filter(|(key, _)| !revision.iter().any(|(other, _)| other == key)) {
            let (rule, level) = self.removal(
                old.operation,
                gone.target(),
                [
                    &rules::PARAMETER_REMOVED,
                    &rules::PARAMETER_REMOVED_DEPRECATED,
                    &rules::PARAMETER_REMOVED_BEFORE_SUNSET,
                ],
            );
            let shared = revision.iter().find(|(_, parameter)| same_component(*gone, *parameter));
            let change = match shared {
                Some((_, parameter)) => replaced(rule, *gone, *parameter, *gone),
                None => Change { what: format!("{} of {what}", called(*gone)), ..Change::new(rule, Some(*gone), None) },
            };
            let values = [gone.target().get("x-sunset").map(place::brief), None];
            let types = self.is_left_out(*gone).then(Default::default);
            self.note(Some(way.request), Change { values, level, types, ..change });
        }
    }

    fn is_left_out(&self, parameter: Node<'_>) -> bool {
        let parameter = parameter.target();
        text(parameter, "in") == "header" && self.settings.left_out.contains(&text(parameter, "name"))
    }

    pub(super) fn parameter(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        let what = called(revision);
        let note = |rule, old: Option<Node<'a>>, new: Option<Node<'a>>| Change {
            what: what.clone(),
            ..Change::new(rule, old.or(Some(base)), new.or(Some(revision)))
        };
        if spot.direction.is_none() {
            // Nobody uses it, or who does has said already that it is another one now.
            for key in ["in", "name"] {
                let (old, new) = (base.get(key), revision.get(key));
                if differs(old, new) && !self.found.iter().any(|found| (found.old, found.new) == (old, new)) {
                    self.word(old, new);
                }
            }
        } else if name(base) != name(revision) {
            let rule = &rules::PARAMETER_RENAMED;
            self.at(spot, note(rule, base.get("name"), revision.get("name")));
        }
        let required = [base, revision].map(|node| flag(node, "required"));
        if required[0] != required[1] {
            let rule = if required[1] { &rules::PARAMETER_REQUIRED } else { &rules::PARAMETER_OPTIONAL };
            self.at(spot, note(rule, base.get("required"), revision.get("required")));
        }
        self.lifecycle(base, revision, &what, "request-parameter");
        let [old_style, new_style] = [base, revision].map(style);
        if old_style != new_style {
            let values = [Some(format!("`{old_style}`")), Some(format!("`{new_style}`"))];
            let change = note(&rules::PARAMETER_STYLE, base.get("style"), revision.get("style"));
            self.at(spot, Change { values, ..change });
        }
        let [old_explode, new_explode] = [base, revision].map(|node| explode(node));
        // One value is written in one way, and `content` has no such thing.
        let plain = [base, revision].map(|node| node.get("schema").is_none_or(|schema| is_single(schema.target())));
        if old_explode != new_explode && plain != [true, true] && old_style != "content" && new_style != "content" {
            let values = [Some(old_explode.to_string()), Some(new_explode.to_string())];
            let change = note(&rules::PARAMETER_EXPLODE, base.get("explode"), revision.get("explode"));
            self.at(spot, Change { values, ..change });
        } else {
            self.spelling(base.get("explode"), revision.get("explode"), base, revision);
        }
        if old_style == new_style {
            self.spelling(base.get("style"), revision.get("style"), base, revision);
        }
        for key in ["allowReserved", "allowEmptyValue"] {
            let [old, new] = [base, revision].map(|node| flag(node, key));
            if old != new {
                let values = [Some(old.to_string()), Some(new.to_string())];
                let change = note(&rules::PARAMETER_ENCODING, base.get(key), revision.get(key));
                self.at(spot, Change { values, hole: key.to_owned(), ..change });
            }
        }
        let inner = spot.optional(!flag(revision, "required"));
        self.media_schema(base, revision, &inner);
        if base.get("content").is_some() == revision.get("content").is_some() {
            self.content(base.get("content"), revision.get("content"), &what, &inner, "request-parameter-");
        }
        let known = [
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
        self.words(base, revision, &known);
    }
}

/// Whether a schema has one value, and no list or object of them.
fn is_single(schema: Node<'_>) -> bool {
    matches!(text(schema, "type"), "string" | "integer" | "number" | "boolean")
}

/// Whether both refer to the same component.
fn same_component(one: Node<'_>, other: Node<'_>) -> bool {
    let reference = |node: Node<'_>| node.get("$ref").and_then(Node::text).map(str::to_owned);
    reference(one).is_some() && reference(one) == reference(other)
}

/// A shared parameter that is another one now: so once, where it stands, and not wherever it is used.
fn replaced<'a>(rule: &'static Rule, old: Node<'a>, new: Node<'a>, either: Node<'a>) -> Change<'a> {
    let (old, new) = (old.target(), new.target());
    let key = if text(old, "in") == text(new, "in") { "name" } else { "in" };
    Change { what: called(either), ..Change::new(rule, old.get(key), new.get(key)) }
}

/// The parameters of a call: its own, and those of its path that it does not replace.
fn collected(call: Call<'_>) -> Vec<(Key, Node<'_>)> {
    let mut found: Vec<(Key, Node<'_>)> = Vec::new();
    for parameter in items(call.operation.get("parameters")).chain(items(call.item.get("parameters"))) {
        let key = key(call.path, parameter.target());
        if !found.iter().any(|(other, _)| *other == key) {
            found.push((key, parameter));
        }
    }
    found
}

fn key(path: &str, parameter: Node<'_>) -> Key {
    let (place, name) = (text(parameter, "in"), text(parameter, "name"));
    let mut names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    match (place, names.position(|other| other == name)) {
        ("path", Some(position)) => Key::Path(position),
        // The names of header fields have no case.
        ("header", _) => Key::Named(place.to_owned(), name.to_ascii_lowercase()),
        _ => Key::Named(place.to_owned(), name.to_owned()),
    }
}

fn name<'a>(parameter: Node<'a>) -> &'a str {
    text(parameter.target(), "name")
}

/// "the query parameter `size`"
fn called(parameter: Node<'_>) -> String {
    let parameter = parameter.target();
    format!("the {} parameter `{}`", text(parameter, "in"), text(parameter, "name"))
}

fn text<'a>(node: Node<'a>, key: &str) -> &'a str {
    node.get(key).and_then(Node::text).unwrap_or_default()
}

/// How a parameter is written, where it says so or not.
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
