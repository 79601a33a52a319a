//! The comparison itself: walks both documents side by side, and notes each change once.
//!
//! Whatever a reference leads to is compared once for each direction in which it is used, out of a queue. So cycles end,
//! a chain of references costs no stack, and a change of a shared schema is one finding, not one for each operation.

mod bodies;
mod bounds;
mod branches;
mod found;
mod lifecycle;
mod matching;
mod operations;
mod parameters;
mod properties;
mod schemas;
mod security;
mod spot;
mod types;
mod values;
mod words;

use std::collections::{HashMap, HashSet, VecDeque};

use crate::document::{Document, Node};
use crate::review::{Direction, Review};
use crate::rules::Rule;

use found::{Change, Found};
use spot::{Place, Seen, Spot};

/// What a comparison has to know beside the documents.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings<'a> {
    /// The day, as in `2026-01-31`: it tells whether a sunset has passed.
    pub today: &'a str,
    /// Names of header parameters that the generator leaves out of methods, so that they do nothing to generated code.
    pub left_out: &'a [&'a str],
    /// The security scheme of apps without a user, where generated code knows which operations refuse it.
    pub app_scheme: Option<&'a str>,
}

/// What changed from `base` to `revision`.
pub fn compare(base: &Document, revision: &Document, settings: &Settings<'_>) -> Review {
    let mut comparison = Comparison {
        base,
        revision,
        settings,
        units: Vec::new(),
        known: HashMap::new(),
        compared: HashSet::new(),
        queue: VecDeque::new(),
        operations: Vec::new(),
        owner: Owner::Document,
        generated: true,
        found: Vec::new(),
    };
    comparison.document();
    comparison.work();
    comparison.unreached();
    comparison.work();
    comparison.review()
}

/// What a reference can lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Schema,
    Parameter,
    Header,
    RequestBody,
    Response,
    PathItem,
    Words,
}

/// Two nodes that references lead to and that are compared with each other once.
struct Unit<'a> {
    kind: Kind,
    sides: [Node<'a>; 2],
    seen: Seen,
    /// What to call it, where no component gives it a name.
    name: String,
    /// Who refers to it, and in which direction.
    users: Vec<(Owner, Option<Direction>)>,
}

/// Whose a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Owner {
    Document,
    Operation(usize),
    Unit(usize),
}

/// An operation of either document.
struct Operation {
    name: String,
    id: Option<String>,
}

struct Comparison<'a> {
    base: &'a Document,
    revision: &'a Document,
    settings: &'a Settings<'a>,
    units: Vec<Unit<'a>>,
    known: HashMap<(Kind, u32, u32, Seen), usize>,
    /// The pairs among them, however they are seen.
    compared: HashSet<(u32, u32)>,
    queue: VecDeque<usize>,
    operations: Vec<Operation>,
    /// Whose what is compared right now is.
    owner: Owner,
    /// Whether generated code has anything for it.
    generated: bool,
    found: Vec<Found<'a>>,
}

impl<'a> Comparison<'a> {
    fn document(&mut self) {
        let (base, revision) = (self.base.root(), self.revision.root());
        if !entries(base.get("paths")).any(|_| true) {
            self.servers(base.get("servers"), revision.get("servers"));
        }
        self.schemes();
        self.paths(base.get("paths"), revision.get("paths"));
        // Where each operation has a list of its own, the document's means nothing, and is still a change to show.
        let (old, new) = (base.get("security"), revision.get("security"));
        let within = |node: Option<Node<'a>>| {
            let above = std::iter::successors(node, |node| node.parent());
            above.into_iter().any(|above| Some(above) == old || Some(above) == new)
        };
        if differs(old, new) && !self.found.iter().any(|found| within(found.old) || within(found.new)) {
            self.word(old, new);
        }
        let known = ["openapi", "servers", "security", "paths", "components"];
        self.words(base, revision, &known);
        self.versions();
    }

    fn versions(&mut self) {
        let [base, revision] = [self.base.root(), self.revision.root()].map(|root| root.get("openapi"));
        self.word(base, revision);
    }

    /// Compares two nodes right here, or once for all who refer to them.
    fn pair(&mut self, kind: Kind, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        let sides = [base.target(), revision.target()];
        if sides == [base, revision] && !is_component(base) {
            return self.compare_pair(kind, base, revision, spot);
        }
        let seen = spot.seen();
        let ids = (sides[0].id(), sides[1].id());
        let unit = *self.known.entry((kind, ids.0, ids.1, seen.judged())).or_insert_with(|| {
            let named = sides.iter().rev().find(|side| is_component(**side)).and_then(|side| side.key());
            // Where only one side is a component, the place is what both have in common.
            let both = sides.iter().all(|side| is_component(*side));
            let name = named.filter(|_| both).map_or_else(|| spot.path(), str::to_owned);
            self.units.push(Unit { kind, sides, seen, name, users: Vec::new() });
            self.compared.insert(ids);
            self.queue.push_back(self.units.len() - 1);
            self.units.len() - 1
        });
        let user = (self.owner, spot.direction);
        let users = &mut self.units[unit].users;
        if users.last() != Some(&user) {
            users.push(user);
        }
    }

    fn compare_pair(&mut self, kind: Kind, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        // Where both say the same, only what they refer to can differ.
        let same = base.same(revision);
        let leads_on = |node: Node<'_>| node.refers() || node.get("discriminator").is_some();
        if same && !leads_on(base) && !leads_on(revision) {
            return;
        }
        match kind {
            Kind::Schema if same => self.parts(base, revision, spot),
            Kind::Schema => self.schema(base, revision, spot),
            Kind::Parameter => self.parameter(base, revision, spot),
            Kind::Header => self.header(base, revision, spot),
            Kind::RequestBody => self.request_body(base, revision, spot),
            Kind::Response => self.response(base, revision, spot),
            Kind::PathItem => self.callback(base, revision, spot),
            Kind::Words => self.words(base, revision, &[]),
        }
    }

    fn work(&mut self) {
        while let Some(next) = self.queue.pop_front() {
            let Unit { kind, sides: [base, revision], seen, .. } = self.units[next];
            self.owner = Owner::Unit(next);
            let called = revision.get("name").and_then(Node::text).filter(|_| kind == Kind::Parameter);
            let name = called.map_or_else(|| self.units[next].name.clone(), str::to_owned);
            self.compare_pair(kind, base, revision, &Spot::of(seen, &name));
        }
        self.owner = Owner::Document;
    }

    /// Components that no operation of either document reaches, or of one only.
    fn unreached(&mut self) {
        let sides = [self.base.root(), self.revision.root()].map(|root| root.get("components"));
        for (kind, base, revision) in pairs(sides[0], sides[1]) {
            for (name, old, new) in pairs(base, revision) {
                self.component(kind, name, old, new);
            }
        }
    }

    fn component(&mut self, kind: &'a str, name: &'a str, old: Option<Node<'a>>, new: Option<Node<'a>>) {
        let what = format!("`{name}`");
        match (kind, old, new) {
            // Security schemes are compared for themselves.
            ("securitySchemes", ..) => {}
            ("schemas", None, Some(_)) => self.once(&crate::rules::SCHEMA_ADDED, what, None, new),
            ("schemas", Some(_), None) => self.once(&crate::rules::SCHEMA_REMOVED, what, old, None),
            (_, None, Some(_)) => self.once(&crate::rules::COMPONENT_ADDED, what, None, new),
            (_, Some(_), None) => self.once(&crate::rules::COMPONENT_REMOVED, what, old, None),
            (_, Some(old), Some(new)) => {
                let (kind, place) = match kind {
                    "schemas" => (Kind::Schema, Place::RequestBody),
                    "parameters" => (Kind::Parameter, Place::RequestParameter),
                    "headers" => (Kind::Header, Place::ResponseHeader),
                    "requestBodies" => (Kind::RequestBody, Place::RequestBody),
                    "responses" => (Kind::Response, Place::ResponseBody),
                    "callbacks" => (Kind::PathItem, Place::RequestBody),
                    _ => (Kind::Words, Place::RequestBody),
                };
                let [base, revision] = [old.target(), new.target()];
                let compared = self.compared.contains(&(base.id(), revision.id()));
                if !compared {
                    // Nobody has a value of a type that no operation takes or gives.
                    self.compare_pair(kind, old, new, &Spot::component(None, place, name).generated(false));
                }
            }
            (_, None, None) => {}
        }
    }

    /// Notes a change that is no call's in particular, unless it was noted already.
    fn once(&mut self, rule: &'static Rule, what: String, old: Option<Node<'a>>, new: Option<Node<'a>>) {
        let noted = |found: &Found<'_>| (old.is_some() && found.old == old) || (new.is_some() && found.new == new);
        if !self.found.iter().any(noted) {
            self.note(None, Change { what, ..Change::new(rule, old, new) });
        }
    }
}

/// The entries of two maps by name, in the order of the new one, then those that only the old one has.
fn pairs<'a>(
    base: Option<Node<'a>>,
    revision: Option<Node<'a>>,
) -> impl Iterator<Item = (&'a str, Option<Node<'a>>, Option<Node<'a>>)> {
    let old = base;
    let new = revision;
    let both = entries(revision).map(move |(name, node)| (name, old.and_then(|old| old.get(name)), Some(node)));
    let gone = entries(base)
        .filter(move |(name, _)| new.and_then(|new| new.get(name)).is_none())
        .map(|(name, node)| (name, Some(node), None));
    both.chain(gone)
}

fn entries<'a>(node: Option<Node<'a>>) -> impl Iterator<Item = (&'a str, Node<'a>)> {
    node.into_iter().flat_map(Node::entries)
}

fn items<'a>(node: Option<Node<'a>>) -> impl Iterator<Item = Node<'a>> {
    node.into_iter().flat_map(Node::items)
}

/// The truth value below `key`; false where there is none.
fn flag(node: Node<'_>, key: &str) -> bool {
    node.get(key).and_then(Node::bool).unwrap_or(false)
}

/// Whether a node is a component, and so has a name of its own.
fn is_component(node: Node<'_>) -> bool {
    node.parent().and_then(Node::parent).and_then(Node::key) == Some("components") && node.level() == 4
}

/// Whether something was added, removed or changed.
fn differs(old: Option<Node<'_>>, new: Option<Node<'_>>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => !old.same(new),
        (None, None) => false,
        _ => true,
    }
}
