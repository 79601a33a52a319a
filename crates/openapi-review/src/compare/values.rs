//! Which values a schema takes beside types and bounds: null, enums, patterns and defaults.

use std::collections::HashSet;

use super::found::Change;
use super::spot::{Place, Spot};
use super::{Comparison, is_component, items};
use crate::document::{Kind, Node};
use crate::place;
use crate::review::Direction;
use crate::rules;
use crate::rust_type;

impl<'a> Comparison<'a> {
    /// A change at a spot whose Rust effect is that of the type.
    pub(super) fn typed(&mut self, spot: &Spot<'_>, sides: [Node<'a>; 2], change: Change<'a>) {
        let types = sides.map(|schema| type_at(schema, spot));
        self.at(spot, Change { types: Some(types), ..change });
    }

    /// The same for a bound or pattern of a text: a type that checks what it is made from breaks nobody when it takes
    /// more than before.
    pub(super) fn checked(&mut self, spot: &Spot<'_>, sides: [Node<'a>; 2], widens: bool, change: Change<'a>) {
        let [old, new] = sides.map(|schema| type_at(schema, spot));
        let both = [&old, &new].iter().all(|name| name.contains("String checked"));
        let types = if widens && both { [new.clone(), new] } else { [old, new] };
        self.at(spot, Change { types: Some(types), ..change });
    }

    pub(super) fn nullable(&mut self, base: Node<'a>, revision: Node<'a>, [was, is]: [bool; 2], spot: &Spot<'_>) {
        let (old, new) = (base.get("nullable"), revision.get("nullable"));
        if was == is {
            return self.spelling(old, new, base, revision);
        }
        let rule = if is { &rules::BECAME_NULLABLE } else { &rules::BECAME_NOT_NULLABLE };
        self.typed(spot, [base, revision], Change::new(rule, old.or(Some(base)), new.or(Some(revision))));
    }

    pub(super) fn enums(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        for key in ["enum", "x-extensible-enum"] {
            let (old, new) = (base.get(key), revision.get(key));
            match (old, new) {
                (None, None) => {}
                (None, Some(_)) => {
                    self.typed(spot, [base, revision], Change::new(&rules::BECAME_ENUM, Some(base), new));
                }
                (Some(_), None) => {
                    self.typed(spot, [base, revision], Change::new(&rules::ENUM_DROPPED, old, Some(revision)));
                }
                (Some(_), Some(_)) => {
                    let values = |side| items(side).map(place::substance).collect::<HashSet<String>>();
                    let known = [values(old), values(new)];
                    // Numbers may be written in more than one way.
                    let lists = [old, new];
                    let missing = |side: usize, value: Node<'_>| {
                        let number = matches!(value.kind(), Kind::Number(_));
                        let same = number && items(lists[side]).any(|other| other.same(value));
                        !same && !known[side].contains(&place::substance(value))
                    };
                    for value in items(new).filter(|value| missing(0, *value)) {
                        let null = (value.kind() == Kind::Null).then(|| [String::new(), String::new()]);
                        self.at(
                            spot,
                            Change { types: null, ..Change::new(&rules::ENUM_VALUE_ADDED, None, Some(value)) },
                        );
                    }
                    for value in items(old).filter(|value| missing(1, *value)) {
                        self.at(spot, Change::new(&rules::ENUM_VALUE_REMOVED, Some(value), None));
                    }
                }
            }
        }
    }

    pub(super) fn patterns(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
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
        self.checked(spot, [base, revision], widens, Change::new(rule, old.or(Some(base)), new.or(Some(revision))));
    }

    pub(super) fn defaults(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        self.default_of(base.get("default"), revision.get("default"), base, revision, spot);
    }

    pub(super) fn default_of(
        &mut self,
        old: Option<Node<'a>>,
        new: Option<Node<'a>>,
        base: Node<'a>,
        revision: Node<'a>,
        spot: &Spot<'_>,
    ) {
        let rules = if spot.place == Place::RequestParameter && spot.is_top() && spot.optional {
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
            // A component with a default is `Default`.
            let default = |value: Option<Node<'_>>| {
                value.map_or_else(|| "no Default".to_owned(), |value| format!("Default {}", value.to_json()))
            };
            return self.at(spot, Change { types: Some([default(Some(old)), default(new)]), ..change });
        }
        // Whoever sends a property writes its value anyway.
        let read = spot.direction == Some(Direction::Response);
        if std::ptr::eq(rule, &rules::DEFAULT_CHANGED) && !read {
            return self.at(spot, change);
        }
        self.typed(spot, [base, revision], change);
    }
}

/// The Rust type of a schema at a spot.
fn type_at(schema: Node<'_>, spot: &Spot<'_>) -> String {
    // A component is its own type, whether or not a property of it may be missing.
    let name = rust_type::of(schema, !spot.optional || is_component(schema));
    let date_time = schema.get("format").and_then(Node::text) == Some("date-time");
    // As an argument, a text of a format is another type than a text.
    if date_time && spot.place == Place::RequestParameter { format!("{name} (date-time)") } else { name }
}
