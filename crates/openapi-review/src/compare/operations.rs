//! Paths, operations, callbacks and webhooks.

use std::collections::{HashMap, HashSet};

use super::change::{Change, SAME_TYPES};
use super::comparison::{Comparison, ComponentKind, Operation, Scope};
use super::context::{Role, SchemaContext};
use super::lifecycle;
use super::nodes::{entries, items, pairs};
use super::raw_finding::Origin;
use crate::document::{METHODS, Node};
use crate::node_text;
use crate::progenitor_effect;
use crate::review::Direction;
use crate::rules;

/// An operation of one document, with its path item.
#[derive(Clone, Copy)]
pub(super) struct OperationNode<'a> {
    pub(super) path: &'a str,
    pub(super) item: Node<'a>,
    pub(super) operation: Node<'a>,
}

/// The directions of bodies: a client sends requests, but receives the requests of callbacks.
#[derive(Clone, Copy)]
pub(super) struct Directions {
    pub(super) request: Direction,
    pub(super) response: Direction,
    /// Whether the generated code contains the operation.
    pub(super) generated: bool,
}

const CALL: Directions = Directions { request: Direction::Request, response: Direction::Response, generated: true };
const CALLBACK: Directions =
    Directions { request: Direction::Response, response: Direction::Request, generated: false };

impl<'a> Comparison<'a> {
    pub(super) fn paths(&mut self, base: Option<Node<'a>>, revision: Option<Node<'a>>) {
        for (old, new) in pair_paths(base, revision) {
            self.path(old, new);
        }
        if let (Some(base), Some(revision)) = (base, revision) {
            let paths: Vec<&str> = entries(Some(base))
                .chain(entries(Some(revision)))
                .map(|(name, _)| name)
                .filter(|n| is_path(n))
                .collect();
            self.annotations(base, revision, &paths);
        }
    }

    fn path(&mut self, old: Option<Node<'a>>, new: Option<Node<'a>>) {
        for method in METHODS {
            let sides = [old, new].map(|item| find_operation(item, method));
            let [old_operation, new_operation] = sides;
            let Some(either) = new_operation.or(old_operation) else { continue };
            if sides.iter().flatten().any(|side| self.settings.left_out.has_path(side.path)) {
                continue;
            }
            let name = format!("{} {}", method.to_uppercase(), either.path);
            let subject = format!("`{name}`");
            let Some(scope) = self.scope_of_operation(sides, name, true) else { continue };
            self.in_scope(scope, |comparison| match sides {
                [Some(old), Some(new)] => comparison.operation(old, new, &subject, CALL),
                [Some(removed), None] => comparison.operation_removed(removed.operation, subject, new.is_none()),
                [None, Some(added)] => {
                    let change = Change::new(&rules::ENDPOINT_ADDED, None, Some(added.operation));
                    comparison.report(None, Change { subject, ..change });
                }
                [None, None] => {}
            });
        }
        let is_left_out = new.and_then(Node::key).is_some_and(|path| self.settings.left_out.has_path(path));
        if let (Some(old), Some(new), false) = (old, new, is_left_out) {
            let (old, new) = (old.target(), new.target());
            // Parameters and servers of a path are compared with each of its operations.
            let handled: Vec<&str> = METHODS.iter().copied().chain(["parameters", "servers"]).collect();
            self.annotations(old, new, &handled);
        }
    }

    /// A client receives the request of a webhook, as that of a callback.
    pub(super) fn webhooks(&mut self, base: Option<Node<'a>>, revision: Option<Node<'a>>) {
        for (name, old, new) in pairs(base, revision) {
            for method in METHODS {
                let sides = [old, new].map(|item| find_operation(item, method));
                let name = format!("{} {name}", method.to_uppercase());
                let subject = format!("the webhook `{name}`");
                let Some(scope) = self.scope_of_operation(sides, format!("webhook {name}"), false) else { continue };
                self.in_scope(scope, |comparison| match sides {
                    [Some(old), Some(new)] => comparison.operation(old, new, &subject, CALLBACK),
                    [old, new] => {
                        let rule = if new.is_some() { &rules::WEBHOOK_ADDED } else { &rules::WEBHOOK_REMOVED };
                        let [old, new] = [old, new].map(|side| side.map(|side| side.operation));
                        comparison.report(None, Change { subject, ..Change::new(rule, old, new) });
                    }
                });
            }
        }
    }

    /// The scope of an operation with a new number; none if neither document has it, or if it is left out by tag.
    fn scope_of_operation(
        &mut self,
        sides: [Option<OperationNode<'a>>; 2],
        name: String,
        generated: bool,
    ) -> Option<Scope> {
        let [old, new] = sides.map(|side| side.map(|side| side.operation));
        let either = new.or(old)?;
        if [old, new].into_iter().flatten().any(|operation| self.settings.left_out.has_tag_of(operation)) {
            return None;
        }
        let id = either.get("operationId").and_then(Node::text).map(str::to_owned);
        self.operations.push(Operation { name, id, is_unstable: lifecycle::is_unstable(either) });
        Some(Scope { origin: Origin::Operation(self.operations.len() - 1), generated })
    }

    fn operation_removed(&mut self, operation: Node<'a>, subject: String, is_path_removed: bool) {
        let id_part = if is_path_removed { "-path" } else { "" }.to_owned();
        let (rule, level) = self.removal_rule(
            operation,
            operation,
            [&rules::API_REMOVED, &rules::API_REMOVED_DEPRECATED, &rules::API_REMOVED_BEFORE_SUNSET],
        );
        let values = [operation.get("x-sunset").map(node_text::summary), None];
        let change = Change::new(rule, Some(operation), None);
        self.report(None, Change { subject, id_part, values, level, ..change });
    }

    pub(super) fn operation(
        &mut self,
        old: OperationNode<'a>,
        new: OperationNode<'a>,
        subject: &str,
        directions: Directions,
    ) {
        let scope = Scope { generated: directions.generated, ..self.scope() };
        self.in_scope(scope, |comparison| {
            let (base, revision) = (old.operation, new.operation);
            if !base.same(revision) {
                comparison.operation_metadata(base, revision, subject);
            }
            comparison.parameters(old, new, subject, directions);
            comparison.request_body_of(base, revision, subject, directions);
            comparison.responses(base.get("responses"), revision.get("responses"), subject, directions);
            comparison.security(base, revision, subject);
            comparison.servers(servers(old), servers(new));
            comparison.callbacks(base.get("callbacks"), revision.get("callbacks"), subject, directions.request);
        });
    }

    fn callbacks(&mut self, base: Option<Node<'a>>, revision: Option<Node<'a>>, subject: &str, direction: Direction) {
        for (name, old, new) in pairs(base, revision) {
            let subject = format!("the callback `{name}` of {subject}");
            match (old, new) {
                (Some(old), Some(new)) => {
                    let context = SchemaContext::root(direction, Role::RequestBody, name).with_generated(false);
                    self.pair(ComponentKind::PathItem, old, new, &context);
                }
                (None, _) => self.report(None, Change { subject, ..Change::new(&rules::CALLBACK_ADDED, None, new) }),
                (_, None) => self.report(None, Change { subject, ..Change::new(&rules::CALLBACK_REMOVED, old, None) }),
            }
        }
    }

    /// The operation without its parameters, bodies and callbacks.
    fn operation_metadata(&mut self, base: Node<'a>, revision: Node<'a>, subject: &str) {
        self.operation_id(base, revision, subject);
        self.tags(base, revision, subject);
        self.lifecycle(base, revision, None, subject, "endpoint");
        self.stability(base, revision, None, subject, "api");
        let handled = [
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
        self.annotations(base, revision, &handled);
    }

    /// The path items of a callback.
    pub(super) fn callback(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        let directions = if context.usage.direction == Some(Direction::Response) { CALL } else { CALLBACK };
        for (_, old, new) in pairs(Some(base), Some(revision)).filter(|(name, ..)| is_path(name)) {
            for method in METHODS {
                let expression = new.or(old).and_then(Node::key).unwrap_or_default();
                let subject = format!("the callback `{} {expression}`", method.to_uppercase());
                match (find_operation(old, method), find_operation(new, method)) {
                    (Some(old), Some(new)) => self.operation(old, new, &subject, directions),
                    (Some(removed), None) => {
                        let change = Change::new(&rules::CALLBACK_REMOVED, Some(removed.operation), None);
                        self.report(None, Change { subject, ..change });
                    }
                    (None, Some(new)) => {
                        let change = Change::new(&rules::CALLBACK_ADDED, None, Some(new.operation));
                        self.report(None, Change { subject, ..change });
                    }
                    (None, None) => {}
                }
            }
        }
    }

    fn operation_id(&mut self, base: Node<'a>, revision: Node<'a>, subject: &str) {
        let (old, new) = (base.get("operationId"), revision.get("operationId"));
        let rule = match (old, new) {
            (Some(old), Some(new)) if old.same(new) => return,
            (Some(_), Some(_)) => &rules::OPERATION_ID_CHANGED,
            (Some(_), None) => &rules::OPERATION_ID_REMOVED,
            (None, Some(_)) => &rules::OPERATION_ID_ADDED,
            (None, None) => return,
        };
        let names = old.and_then(Node::text).zip(new.and_then(Node::text));
        let types = names.filter(|(old, new)| progenitor_effect::is_same_name(old, new)).map(|_| SAME_TYPES);
        self.report(None, Change { subject: subject.to_owned(), types, ..Change::new(rule, old, new) });
    }

    fn tags(&mut self, base: Node<'a>, revision: Node<'a>, subject: &str) {
        let (old, new) = (base.get("tags"), revision.get("tags"));
        let missing = |from: Option<Node<'a>>, tag: Node<'a>| !items(from).any(|other| other.same(tag));
        for tag in items(new).filter(|tag| missing(old, *tag)) {
            self.report(
                None,
                Change { subject: subject.to_owned(), ..Change::new(&rules::TAG_ADDED, None, Some(tag)) },
            );
        }
        for tag in items(old).filter(|tag| missing(new, *tag)) {
            self.report(
                None,
                Change { subject: subject.to_owned(), ..Change::new(&rules::TAG_REMOVED, Some(tag), None) },
            );
        }
    }
}

/// The servers of an operation: its own, or those of its path or of the document.
fn servers(node: OperationNode<'_>) -> Option<Node<'_>> {
    let own = node.operation.get("servers").or_else(|| node.item.get("servers"));
    own.or_else(|| node.item.document().root().get("servers"))
}

/// An operation of a path item.
fn find_operation<'a>(item: Option<Node<'a>>, method: &str) -> Option<OperationNode<'a>> {
    let (path, item) = (item?.key()?, item?.target());
    Some(OperationNode { path, item, operation: item.get(method)? })
}

fn is_path(name: &str) -> bool {
    !name.starts_with("x-")
}

/// Pairs path items with the same path, then those whose paths differ in the names of parameters only.
fn pair_paths<'a>(base: Option<Node<'a>>, revision: Option<Node<'a>>) -> Vec<(Option<Node<'a>>, Option<Node<'a>>)> {
    let paths = |side: Option<Node<'a>>| entries(side).filter(|(name, _)| is_path(name));
    let names: HashSet<&str> = paths(revision).map(|(name, _)| name).collect();
    let mut unmatched: HashMap<String, Vec<Node<'a>>> = HashMap::new();
    for (name, item) in paths(base).filter(|(name, _)| !names.contains(name)) {
        unmatched.entry(without_parameter_names(name)).or_default().push(item);
    }
    let mut pairs: Vec<_> = paths(revision)
        .map(|(name, item)| {
            let same = base.and_then(|base| base.get(name));
            (same.or_else(|| unmatched.get_mut(&without_parameter_names(name))?.pop()), Some(item))
        })
        .collect();
    let removed: HashSet<u32> = unmatched.values().flatten().map(|item| item.id()).collect();
    pairs.extend(paths(base).filter(|(_, item)| removed.contains(&item.id())).map(|(_, item)| (Some(item), None)));
    pairs
}

/// A path template without the names of its parameters.
fn without_parameter_names(path: &str) -> String {
    let mut template = String::new();
    let mut inside = false;
    for letter in path.chars() {
        match letter {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        template.push(letter);
    }
    template
}
