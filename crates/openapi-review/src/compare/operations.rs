//! Paths, operations and callbacks.

use std::collections::{HashMap, HashSet};

use super::found::Change;
use super::spot::{Place, Spot};
use super::{Comparison, Kind, Operation, Owner, entries, items, pairs};
use crate::document::Node;
use crate::place;
use crate::review::Direction;
use crate::rules;
use crate::rust_type;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A call on both sides, with what its path holds for it.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) path: &'a str,
    pub(super) item: Node<'a>,
    pub(super) operation: Node<'a>,
}

/// In which direction bodies go: a client sends requests, but receives those of callbacks.
#[derive(Clone, Copy)]
pub(super) struct Way {
    pub(super) request: Direction,
    pub(super) response: Direction,
    /// Whether generated code has anything for it.
    pub(super) generated: bool,
}

const CALL: Way = Way { request: Direction::Request, response: Direction::Response, generated: true };
const CALLBACK: Way = Way { request: Direction::Response, response: Direction::Request, generated: false };

impl<'a> Comparison<'a> {
    pub(super) fn paths(&mut self, base: Option<Node<'a>>, revision: Option<Node<'a>>) {
        for (old, new) in paired(base, revision) {
            self.path(old, new);
        }
        if let (Some(base), Some(revision)) = (base, revision) {
            let paths: Vec<&str> = entries(Some(base))
                .chain(entries(Some(revision)))
                .map(|(name, _)| name)
                .filter(|n| is_path(n))
                .collect();
            self.words(base, revision, &paths);
        }
    }

    fn path(&mut self, old: Option<Node<'a>>, new: Option<Node<'a>>) {
        for method in METHODS {
            let (old_call, new_call) = (call(old, method), call(new, method));
            let Some(either) = new_call.or(old_call) else { continue };
            let name = format!("{} {}", method.to_uppercase(), either.path);
            let id = either.operation.get("operationId").and_then(Node::text).map(str::to_owned);
            self.operations.push(Operation { name: name.clone(), id });
            self.owner = Owner::Operation(self.operations.len() - 1);
            let what = format!("`{name}`");
            match (old_call, new_call) {
                (Some(old), Some(new)) => self.operation(old, new, &what, CALL),
                (Some(gone), None) => {
                    let hole = if new.is_none() { "-path" } else { "" }.to_owned();
                    let (rule, level) = self.removal(
                        gone.operation,
                        gone.operation,
                        [&rules::API_REMOVED, &rules::API_REMOVED_DEPRECATED, &rules::API_REMOVED_BEFORE_SUNSET],
                    );
                    let values = [gone.operation.get("x-sunset").map(place::brief), None];
                    let change = Change::new(rule, Some(gone.operation), None);
                    self.note(None, Change { what, hole, values, level, ..change });
                }
                (None, Some(new)) => {
                    let change = Change::new(&rules::ENDPOINT_ADDED, None, Some(new.operation));
                    self.note(None, Change { what, ..change });
                }
                (None, None) => {}
            }
            self.owner = Owner::Document;
        }
        if let (Some(old), Some(new)) = (old, new) {
            let (old, new) = (old.target(), new.target());
            // What is shared by the operations of a path is compared with each of them.
            let known: Vec<&str> = METHODS.iter().copied().chain(["parameters", "servers"]).collect();
            self.words(old, new, &known);
        }
    }

    fn operation(&mut self, old: Call<'a>, new: Call<'a>, what: &str, way: Way) {
        let (base, revision) = (old.operation, new.operation);
        self.generated = way.generated;
        if !base.same(revision) {
            self.operation_itself(base, revision, what);
        }
        self.parameters(old, new, what, way);
        self.request_bodies(base, revision, what, way);
        self.responses(base.get("responses"), revision.get("responses"), what, way);
        self.security(base, revision, what);
        let servers = |call: Call<'a>| {
            let own = call.operation.get("servers").or_else(|| call.item.get("servers"));
            own.or_else(|| call.item.document().root().get("servers"))
        };
        self.servers(servers(old), servers(new));
        for (name, old, new) in pairs(base.get("callbacks"), revision.get("callbacks")) {
            let what = format!("the callback `{name}` of {what}");
            match (old, new) {
                (Some(old), Some(new)) => {
                    let spot = Spot::root(way.request, Place::RequestBody, name).generated(false);
                    self.pair(Kind::PathItem, old, new, &spot);
                }
                (None, _) => self.note(None, Change { what, ..Change::new(&rules::CALLBACK_ADDED, None, new) }),
                (_, None) => self.note(None, Change { what, ..Change::new(&rules::CALLBACK_REMOVED, old, None) }),
            }
        }
        self.generated = true;
    }

    /// What an operation says of itself.
    fn operation_itself(&mut self, base: Node<'a>, revision: Node<'a>, what: &str) {
        self.operation_id(base, revision, what);
        self.tags(base, revision, what);
        self.lifecycle(base, revision, what, "endpoint");
        self.stability(base, revision, what);
        let known = [
            "operationId",
            "tags",
            "deprecated",
            "x-sunset",
            "x-stability-level",
            "parameters",
            "requestBody",
            "responses",
            "security",
            "servers",
            "callbacks",
        ];
        self.words(base, revision, &known);
    }

    /// The path items of a callback, whose requests a client receives.
    pub(super) fn callback(&mut self, base: Node<'a>, revision: Node<'a>, spot: &Spot<'_>) {
        let way = if spot.direction == Some(Direction::Response) { CALL } else { CALLBACK };
        for (_, old, new) in pairs(Some(base), Some(revision)).filter(|(name, ..)| is_path(name)) {
            for method in METHODS {
                let expression = new.or(old).and_then(Node::key).unwrap_or_default();
                let what = format!("the callback `{} {expression}`", method.to_uppercase());
                match (call(old, method), call(new, method)) {
                    (Some(old), Some(new)) => self.operation(old, new, &what, way),
                    (Some(gone), None) => {
                        let change = Change::new(&rules::CALLBACK_REMOVED, Some(gone.operation), None);
                        self.note(None, Change { what, ..change });
                    }
                    (None, Some(new)) => {
                        let change = Change::new(&rules::CALLBACK_ADDED, None, Some(new.operation));
                        self.note(None, Change { what, ..change });
                    }
                    (None, None) => {}
                }
            }
        }
    }

    fn operation_id(&mut self, base: Node<'a>, revision: Node<'a>, what: &str) {
        let (old, new) = (base.get("operationId"), revision.get("operationId"));
        let rule = match (old, new) {
            (Some(old), Some(new)) if old.same(new) => return,
            (Some(_), Some(_)) => &rules::OPERATION_ID_CHANGED,
            (Some(_), None) => &rules::OPERATION_ID_REMOVED,
            (None, Some(_)) => &rules::OPERATION_ID_ADDED,
            (None, None) => return,
        };
        let names = old.and_then(Node::text).zip(new.and_then(Node::text));
        let types = names.filter(|(old, new)| rust_type::same_name(old, new)).map(|_| Default::default());
        self.note(None, Change { what: what.to_owned(), types, ..Change::new(rule, old, new) });
    }

    fn tags(&mut self, base: Node<'a>, revision: Node<'a>, what: &str) {
        let (old, new) = (base.get("tags"), revision.get("tags"));
        let missing = |from: Option<Node<'a>>, tag: Node<'a>| !items(from).any(|other| other.same(tag));
        for tag in items(new).filter(|tag| missing(old, *tag)) {
            self.note(None, Change { what: what.to_owned(), ..Change::new(&rules::TAG_ADDED, None, Some(tag)) });
        }
        for tag in items(old).filter(|tag| missing(new, *tag)) {
            self.note(None, Change { what: what.to_owned(), ..Change::new(&rules::TAG_REMOVED, Some(tag), None) });
        }
    }
}

/// An operation of a path item.
fn call<'a>(item: Option<Node<'a>>, method: &str) -> Option<Call<'a>> {
    let (path, item) = (item?.key()?, item?.target());
    Some(Call { path, item, operation: item.get(method)? })
}

fn is_path(name: &str) -> bool {
    !name.starts_with("x-")
}

/// Path items of both sides: of the same name first, then of the same form, whatever their parameters are called.
fn paired<'a>(base: Option<Node<'a>>, revision: Option<Node<'a>>) -> Vec<(Option<Node<'a>>, Option<Node<'a>>)> {
    let paths = |side: Option<Node<'a>>| entries(side).filter(|(name, _)| is_path(name));
    let names: HashSet<&str> = paths(revision).map(|(name, _)| name).collect();
    let mut left: HashMap<String, Vec<Node<'a>>> = HashMap::new();
    for (name, item) in paths(base).filter(|(name, _)| !names.contains(name)) {
        left.entry(form(name)).or_default().push(item);
    }
    let mut pairs: Vec<_> = paths(revision)
        .map(|(name, item)| {
            let same = base.and_then(|base| base.get(name));
            (same.or_else(|| left.get_mut(&form(name))?.pop()), Some(item))
        })
        .collect();
    let gone: HashSet<u32> = left.values().flatten().map(|item| item.id()).collect();
    pairs.extend(paths(base).filter(|(_, item)| gone.contains(&item.id())).map(|(_, item)| (Some(item), None)));
    pairs
}

/// A path template without the names of its parameters.
fn form(path: &str) -> String {
    let mut form = String::new();
    let mut inside = false;
    for letter in path.chars() {
        match letter {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        form.push(letter);
    }
    form
}
