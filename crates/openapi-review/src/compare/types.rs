//! Types and formats, and choices between types.

use super::Comparison;
use super::found::Change;
use super::spot::{Place, Spot};
use crate::document::Node;
use crate::rules;

/// How the values of one schema lie to those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Same,
    Wider,
    Narrower,
    Other,
}

impl<'a> Comparison<'a> {
    pub(super) fn types(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        let (old, new) = (Type::of(base), Type::of(revision));
        let rule = match old.relation(new, spot) {
            Relation::Same => {
                for key in ["type", "format"] {
                    self.spelling(base.get(key), revision.get(key), base, revision);
                }
                return;
            }
            Relation::Wider => &rules::TYPE_GENERALIZED,
            Relation::Narrower => &rules::TYPE_SPECIALIZED,
            Relation::Other => &rules::TYPE_CHANGED,
        };
        let key = if old.name == new.name { "format" } else { "type" };
        let change = Change::new(rule, base.get(key).or(Some(base)), revision.get(key).or(Some(revision)));
        self.typed(spot, [base, revision], Change { values: [Some(old.text()), Some(new.text())], ..change });
    }

    /// Schemas of which at least one is a choice between bare types: `oneOf` of a text and a number.
    pub(super) fn choice_of_types(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) -> bool {
        let (Some(old), Some(new)) = (bare_types(base), bare_types(revision)) else { return false };
        if old.len() < 2 && new.len() < 2 {
            return false;
        }
        let wider = new.iter().any(|name| !covers(&old, name));
        let narrower = old.iter().any(|name| !covers(&new, name));
        let text = |names: &[&str]| Some(format!("`{}`", names.join("` or `")));
        let values = [text(&old), text(&new)];
        let rules = [(wider, &rules::TYPES_WIDENED), (narrower, &rules::TYPES_NARROWED)];
        for (_, rule) in rules.into_iter().filter(|(found, _)| *found) {
            let change = Change::new(rule, Some(base), Some(revision));
            self.typed(spot, [base, revision], Change { values: values.clone(), ..change });
        }
        true
    }
}

fn covers(names: &[&str], name: &str) -> bool {
    names.contains(&name) || (name == "integer" && names.contains(&"number"))
}

/// The types that a schema lets choose from, where what it chooses from is types and nothing else.
fn bare_types(schema: Node<'_>) -> Option<Vec<&str>> {
    let bare =
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
    list.items().map(|branch| if bare(branch) { branch.get("type")?.text() } else { None }).collect()
}

/// Type and format, as far as they say which values there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Type<'a> {
    name: Option<&'a str>,
    format: Option<&'a str>,
    items: Option<Node<'a>>,
}

impl<'a> Type<'a> {
    fn of(schema: Node<'a>) -> Self {
        let implied = || {
            let any = |keys: &[&str]| keys.iter().any(|key| schema.get(key).is_some());
            if any(&["properties", "additionalProperties"]) {
                Some("object")
            } else if any(&["items"]) {
                Some("array")
            } else {
                None
            }
        };
        let name = schema.get("type").and_then(Node::text).or_else(implied);
        Self { name, format: schema.get("format").and_then(Node::text), items: schema.get("items") }
    }

    /// How the values of `new` lie to those of `self`.
    fn relation(self, new: Self, spot: &Spot<'_>) -> Relation {
        let (Some(old_name), Some(new_name)) = (self.name, new.name) else {
            return match (self.name, new.name) {
                (Some(_), None) => Relation::Wider,
                (None, Some(_)) => Relation::Narrower,
                _ => formats(self.format, new.format),
            };
        };
        match (old_name, new_name) {
            _ if old_name == new_name => formats(self.format, new.format),
            ("integer", "number") => Relation::Wider,
            ("number", "integer") => Relation::Narrower,
            // A list in a query is repeated or joined, which no text reads.
            ("array" | "object", "string") if spot.place == Place::RequestParameter => Relation::Other,
            // Where everything is written as text, a text takes whatever there is.
            (_, "string") if spot.plain && new.format.is_none() => Relation::Wider,
            ("string", _) if spot.plain && self.format.is_none() => Relation::Narrower,
            // One value is a list of one.
            (_, "array") if spot.plain => match new.items {
                Some(items) => match self.relation(Self::of(items.target()), spot) {
                    Relation::Same | Relation::Wider => Relation::Wider,
                    _ => Relation::Other,
                },
                None => Relation::Wider,
            },
            _ => Relation::Other,
        }
    }

    fn text(self) -> String {
        match (self.name, self.format) {
            (None, None) => "anything".to_owned(),
            (Some(name), None) => format!("`{name}`"),
            (None, Some(format)) => format!("`{format}`"),
            (Some(name), Some(format)) => format!("`{name}` ({format})"),
        }
    }
}

fn formats(old: Option<&str>, new: Option<&str>) -> Relation {
    match (old, new) {
        _ if old == new => Relation::Same,
        (Some(_), None) | (Some("int32"), Some("int64")) | (Some("float"), Some("double")) => Relation::Wider,
        (None, Some(_)) | (Some("int64"), Some("int32")) | (Some("double"), Some("float")) => Relation::Narrower,
        _ => Relation::Other,
    }
}
