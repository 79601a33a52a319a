//! Objects: their properties, which of them have to be there, and what else they take.

use std::collections::HashSet;

use super::found::Change;
use super::spot::{Place, Spot, Step};
use super::{Comparison, differs, entries, flag, items, pairs};
use crate::document::{Kind as NodeKind, Node};
use crate::place;
use crate::review::{Direction, Level};
use crate::rules;
use crate::rust_type;

impl<'a> Comparison<'a> {
    pub(super) fn properties(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        for (name, old, new) in pairs(base.get("properties"), revision.get("properties")) {
            let needs = [required(base, name), required(revision, name)];
            let below = spot.below(Step::Property(name));
            match (old, new) {
                (Some(old), Some(new)) => {
                    let below = seen(below, new);
                    self.requiredness(old, new, needs, &below);
                    let below = below.optional(needs[1].is_none());
                    self.access(old, new, needs[1].is_some(), &below);
                    self.schemas(old, new, &below);
                }
                (None, Some(new)) => self.property_added(new, needs[1].is_some(), &below),
                (Some(old), None) => self.property_removed(old, needs[0].is_some(), &below),
                (None, None) => {}
            }
        }
        self.required_only(base, revision, spot);
        self.additional(base.get("additionalProperties"), revision.get("additionalProperties"), base, revision, spot);
    }

    fn requiredness(&mut self, old: Node<'a>, new: Node<'a>, needs: [Option<Node<'a>>; 2], spot: &Spot<'_>) {
        let change = match needs {
            [None, Some(listed)] => {
                let has_default = new.target().get("default").is_some();
                let rule = if has_default { &rules::PROPERTY_REQUIRED_WITH_DEFAULT } else { &rules::PROPERTY_REQUIRED };
                Change::new(rule, Some(old), Some(listed))
            }
            [Some(listed), None] => {
                let types = Some([rust_type::of(old, true), rust_type::of(new, false)]).filter(|[old, new]| old != new);
                Change { types, ..Change::new(&rules::PROPERTY_OPTIONAL, Some(listed), Some(new)) }
            }
            _ => return,
        };
        self.at(spot, change);
    }

    /// `required` may name properties that other parts describe, or none.
    fn required_only(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        let own = |name: &str| {
            [base, revision].iter().any(|schema| schema.get("properties").is_some_and(|all| all.get(name).is_some()))
        };
        let elsewhere = |name: &str| [base, revision].iter().any(|schema| describes(whole(*schema), name, PARTS));
        let names = |side: Node<'a>| items(side.get("required")).filter_map(|listed| Some((listed.text()?, listed)));
        let old: HashSet<&str> = names(base).map(|(name, _)| name).collect();
        let new: HashSet<&str> = names(revision).map(|(name, _)| name).collect();
        for (name, listed) in names(revision).filter(|(name, _)| !old.contains(name) && !own(name)) {
            let below = spot.below(Step::Property(name));
            if elsewhere(name) {
                self.at(&below, Change::new(&rules::PROPERTY_REQUIRED, Some(base), Some(listed)));
            } else {
                self.at(spot, Change::new(&rules::UNKNOWN_REQUIRED, Some(base), Some(listed)));
            }
        }
        for (name, listed) in names(base).filter(|(name, _)| !new.contains(name) && !own(name)) {
            let below = spot.below(Step::Property(name));
            if elsewhere(name) {
                self.at(&below, Change::new(&rules::PROPERTY_OPTIONAL, Some(listed), Some(revision)));
            } else {
                self.at(spot, Change::new(&rules::UNKNOWN_REQUIRED, Some(listed), Some(revision)));
            }
        }
    }

    fn property_added(&mut self, new: Node<'a>, needed: bool, spot: &Spot<'_>) {
        let schema = new.target();
        let below = seen(*spot, new);
        let response = is_response(spot.place);
        let (rule, hole) = match (needed, response) {
            (true, false) if schema.get("default").is_some() => {
                (&rules::PROPERTY_REQUIRED_ADDED, "new-required-request-property-with-default".to_owned())
            }
            (true, false) => (&rules::PROPERTY_REQUIRED_ADDED, format!("new-required-{}", spot.place.id())),
            (false, false) => (&rules::PROPERTY_OPTIONAL_ADDED, format!("new-optional-{}", spot.place.id())),
            (true, true) => {
                (&rules::PROPERTY_REQUIRED_ADDED, format!("response-required-{}property-added", hidden(schema)))
            }
            (false, true) => {
                (&rules::PROPERTY_OPTIONAL_ADDED, format!("response-optional-{}property-added", hidden(schema)))
            }
        };
        self.at(&below, Change { hole, ..Change::new(rule, None, Some(new)) });
    }

    fn property_removed(&mut self, old: Node<'a>, needed: bool, spot: &Spot<'_>) {
        let below = seen(*spot, old);
        let (rule, hole) = match (needed, is_response(spot.place)) {
            (_, false) => (&rules::PROPERTY_REMOVED, spot.place.id().to_owned()),
            (true, true) => {
                (&rules::PROPERTY_REQUIRED_REMOVED, format!("response-required-{}property", hidden(old.target())))
            }
            (false, true) => (&rules::PROPERTY_REMOVED, format!("response-optional-{}property", hidden(old.target()))),
        };
        self.at(&below, Change { hole, ..Change::new(rule, Some(old), None) });
    }

    /// Who may set a property, and who gets to see it.
    fn access(&mut self, old: Node<'a>, new: Node<'a>, needed: bool, spot: &Spot<'_>) {
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
            let side = if is_response(spot.place) { "response" } else { "request" };
            let hole = format!("{side}-{}-property", if needed { "required" } else { "optional" });
            let rule = if after { set } else { unset };
            let level = (!after && key == "writeOnly" && !needed).then_some(Level::Fine);
            let nodes = (old.get(key).or(Some(old)), new.get(key).or(Some(new)));
            self.at(spot, Change { hole, level, ..Change::new(rule, nodes.0, nodes.1) });
        }
    }

    fn additional(
        &mut self,
        old: Option<Node<'a>>,
        new: Option<Node<'a>>,
        base: Node<'a>,
        revision: Node<'a>,
        spot: &Spot<'_>,
    ) {
        let rule = match (others(old), others(new)) {
            (Others::Like(old), Others::Like(new)) => {
                let below = spot.below(Step::Values);
                return self.schemas(old, new, &below);
            }
            (Others::Any, Others::None) | (Others::Like(_), Others::None) => &rules::ADDITIONAL_CLOSED,
            (Others::None, Others::Any) | (Others::None, Others::Like(_)) => &rules::ADDITIONAL_OPENED,
            (Others::Any, Others::Like(_)) => &rules::ADDITIONAL_NARROWED,
            (Others::Like(_), Others::Any) => &rules::ADDITIONAL_WIDENED,
            (Others::Any, Others::Any) | (Others::None, Others::None) => {
                return self.spelling(old, new, base, revision);
            }
        };
        self.at(spot, Change::new(rule, old.or(Some(base)), new.or(Some(revision))));
    }

    /// The same said in another way, such as a default that was left out before.
    pub(super) fn spelling(
        &mut self,
        old: Option<Node<'a>>,
        new: Option<Node<'a>>,
        base: Node<'a>,
        revision: Node<'a>,
    ) {
        if differs(old, new) {
            let Some(what) = new.or(old).map(place::name) else { return };
            let values = [None, Some("says the same in another way".to_owned())];
            let change = Change::new(&rules::WORDS, old.or(Some(base)), new.or(Some(revision)));
            self.note(None, Change { what, values, hole: "spelling".to_owned(), ..change });
        }
    }
}

/// How many levels of parts are looked through: a schema may be a part of itself.
pub(super) const PARTS: usize = 8;

/// The schema that a part of an `allOf` is one of; itself where it is none.
fn whole(part: Node<'_>) -> Node<'_> {
    let list = part.parent().filter(|list| list.key() == Some("allOf"));
    list.and_then(Node::parent).map_or(part, whole)
}

/// Whether a schema or one of its parts describes a property.
pub(super) fn describes(schema: Node<'_>, name: &str, levels: usize) -> bool {
    let schema = schema.target();
    schema.get("properties").is_some_and(|all| all.get(name).is_some())
        || levels > 0 && items(schema.get("allOf")).any(|part| describes(part, name, levels - 1))
}

/// What leaves with a part: the worst is a property that has to be there, then any that no other part has.
pub(super) fn loss(part: Node<'_>, without: Node<'_>, levels: usize) -> Level {
    let part = part.target();
    let lost = |name: &str| !describes(without, name, PARTS);
    let needed = items(part.get("required")).filter_map(Node::text).any(lost);
    let any = entries(part.get("properties")).any(|(name, _)| lost(name))
        || levels > 0 && items(part.get("allOf")).any(|part| loss(part, without, levels - 1) > Level::Fine);
    match (needed, any) {
        (true, _) => Level::Breaking,
        (_, true) => Level::Check,
        _ => Level::Fine,
    }
}

/// What an object takes beside its properties.
enum Others<'a> {
    Any,
    None,
    Like(Node<'a>),
}

fn others(additional: Option<Node<'_>>) -> Others<'_> {
    match additional {
        None => Others::Any,
        Some(node) => match node.kind() {
            NodeKind::Bool(false) => Others::None,
            NodeKind::Map if node.entries().next().is_some() => Others::Like(node),
            _ => Others::Any,
        },
    }
}

/// The entry of `required` that names a property.
fn required<'a>(schema: Node<'a>, name: &str) -> Option<Node<'a>> {
    items(schema.get("required")).find(|listed| listed.text() == Some(name))
}

fn is_response(place: Place) -> bool {
    matches!(place, Place::ResponseBody | Place::ResponseProperty | Place::ResponseHeader)
}

/// What ids say of a property that only goes to the service.
fn hidden(schema: Node<'_>) -> &'static str {
    if flag(schema, "writeOnly") { "write-only-" } else { "" }
}

/// Nobody sends what only the service sets, and nobody receives what only clients set.
fn seen<'s>(spot: Spot<'s>, schema: Node<'_>) -> Spot<'s> {
    let key = match spot.direction {
        Some(Direction::Request) => "readOnly",
        Some(Direction::Response) => "writeOnly",
        None => return spot,
    };
    if flag(schema.target(), key) { spot.unseen() } else { spot }
}
