use std::collections::{HashMap, HashSet, VecDeque};

use super::change::Change;
use super::context::{SchemaContext, Usage};
use super::nodes::is_component;
use super::raw_finding::{Origin, RawFinding};
use crate::document::{Document, Node};
use crate::review::Direction;
use crate::rules::{Level, Rule};

/// The inputs of a comparison besides the documents.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings<'a> {
    /// The current day, such as `2026-01-31`, which decides whether a sunset date has passed.
    pub today: &'a str,
    /// Names of header parameters that the generator omits from methods, so that they do not affect generated code.
    pub omitted_headers: &'a [&'a str],
    /// A security scheme that the generated code knows; none if it treats all credentials alike.
    pub known_scheme: Option<KnownScheme<'a>>,
    /// Operations that are not compared.
    pub left_out: LeftOut<'a>,
}

/// A security scheme of which the generated code knows whether an operation accepts it.
#[derive(Debug, Clone, Copy)]
pub struct KnownScheme<'a> {
    /// The name in `components.securitySchemes`.
    pub name: &'a str,
    /// How the generated code treats an operation that accepts it, such as "called with an API key".
    pub accepted: &'a str,
    /// How it treats an operation that does not, such as "called with a user's token only".
    pub rejected: &'a str,
}

/// Operations that are not compared, by path and by tag.
#[derive(Debug, Clone, Copy, Default)]
pub struct LeftOut<'a> {
    /// Path templates. A `*` stands for any text: `/internal/*`.
    pub paths: &'a [String],
    /// Tags. An operation that has one of them in either document is left out.
    pub tags: &'a [String],
}

impl LeftOut<'_> {
    pub(super) fn has_path(&self, path: &str) -> bool {
        self.paths.iter().any(|pattern| matches(pattern, path))
    }

    pub(super) fn has_tag_of(&self, operation: Node<'_>) -> bool {
        let mut tags = operation.get("tags").into_iter().flat_map(Node::items).filter_map(Node::text);
        tags.any(|tag| self.tags.iter().any(|left_out| left_out == tag))
    }
}

/// Whether `text` has the form of `pattern`, in which `*` stands for any text.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let Some((begin, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(begin) else { return false };
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    ends.into_iter().any(|at| matches(rest, &text[at..]))
}

/// The kind of a node that a reference can refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ComponentKind {
    Schema,
    Parameter,
    Header,
    RequestBody,
    Response,
    PathItem,
    Annotation,
}

/// Two nodes that are the targets of references and are compared once.
pub(super) struct SharedPair<'a> {
    kind: ComponentKind,
    sides: [Node<'a>; 2],
    usage: Usage,
    /// The name in messages.
    name: String,
    /// The references to the pair, with their directions.
    pub(super) users: Vec<(Origin, Option<Direction>)>,
}

/// An operation of either document.
pub(super) struct Operation {
    pub(super) name: String,
    pub(super) id: Option<String>,
}

/// The part of the documents that is compared at the moment.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    pub(super) origin: Origin,
    /// Whether the generated code contains it.
    pub(super) generated: bool,
}

const DOCUMENT: Scope = Scope { origin: Origin::Document, generated: true };

/// A comparison in progress. Each kind of node has a method, in the module of its kind.
pub(super) struct Comparison<'a> {
    pub(super) base: &'a Document,
    pub(super) revision: &'a Document,
    pub(super) settings: &'a Settings<'a>,
    pub(super) shared_pairs: Vec<SharedPair<'a>>,
    /// The numbers of the shared pairs.
    numbers: HashMap<(ComponentKind, u32, u32, Usage), usize>,
    /// The shared pairs in any usage.
    compared: HashSet<(u32, u32)>,
    /// The shared pairs that are not compared yet.
    queue: VecDeque<usize>,
    pub(super) operations: Vec<Operation>,
    scope: Scope,
    pub(super) findings: Vec<RawFinding<'a>>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(base: &'a Document, revision: &'a Document, settings: &'a Settings<'a>) -> Self {
        Self {
            base,
            revision,
            settings,
            shared_pairs: Vec::new(),
            numbers: HashMap::new(),
            compared: HashSet::new(),
            queue: VecDeque::new(),
            operations: Vec::new(),
            scope: DOCUMENT,
            findings: Vec::new(),
        }
    }

    /// Compares with another scope, and restores the current one.
    pub(super) fn in_scope(&mut self, scope: Scope, compare: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.scope, scope);
        compare(self);
        self.scope = outer;
    }

    pub(super) fn scope(&self) -> Scope {
        self.scope
    }

    /// Compares two nodes here, or queues their targets if they are shared.
    pub(super) fn pair(
        &mut self,
        kind: ComponentKind,
        base: Node<'a>,
        revision: Node<'a>,
        context: &SchemaContext<'_>,
    ) {
        let sides = [base.target(), revision.target()];
        if sides == [base, revision] && !is_component(base) {
            return self.compare_pair(kind, base, revision, context);
        }
        let usage = context.usage;
        let ids = (sides[0].id(), sides[1].id());
        let number = *self.numbers.entry((kind, ids.0, ids.1, usage.normalized())).or_insert_with(|| {
            let name = match sides.iter().all(|side| is_component(*side)) {
                true => sides[1].key().unwrap_or_default().to_owned(),
                // Only the path is common to a component and an inline schema.
                false => context.path(),
            };
            self.shared_pairs.push(SharedPair { kind, sides, usage, name, users: Vec::new() });
            self.compared.insert(ids);
            self.queue.push_back(self.shared_pairs.len() - 1);
            self.shared_pairs.len() - 1
        });
        let user = (self.scope.origin, usage.direction);
        let users = &mut self.shared_pairs[number].users;
        if users.last() != Some(&user) {
            users.push(user);
        }
    }

    /// Whether two nodes were compared as a shared pair.
    pub(super) fn is_compared(&self, base: Node<'a>, revision: Node<'a>) -> bool {
        self.compared.contains(&(base.id(), revision.id()))
    }

    pub(super) fn compare_pair(
        &mut self,
        kind: ComponentKind,
        base: Node<'a>,
        revision: Node<'a>,
        context: &SchemaContext<'_>,
    ) {
        // If both nodes are equal, only the targets of their references can differ.
        let same = base.same(revision);
        let has_targets = |node: Node<'_>| node.contains_reference() || node.get("discriminator").is_some();
        if same && !has_targets(base) && !has_targets(revision) {
            return;
        }
        match kind {
            ComponentKind::Schema if same => self.child_schemas(base, revision, context),
            ComponentKind::Schema => self.schema(base, revision, context),
            ComponentKind::Parameter => self.parameter(base, revision, context),
            ComponentKind::Header => self.header(base, revision, context),
            ComponentKind::RequestBody => self.request_body(base, revision, context),
            ComponentKind::Response => self.response(base, revision, context),
            ComponentKind::PathItem => self.callback(base, revision, context),
            ComponentKind::Annotation => self.annotations(base, revision, &[]),
        }
    }

    /// Compares the queued shared pairs, which may queue others.
    pub(super) fn shared_pairs(&mut self) {
        while let Some(number) = self.queue.pop_front() {
            let SharedPair { kind, sides: [base, revision], usage, .. } = self.shared_pairs[number];
            let own_name = revision.get("name").and_then(Node::text).filter(|_| kind == ComponentKind::Parameter);
            let name = own_name.map_or_else(|| self.shared_pairs[number].name.clone(), str::to_owned);
            self.in_scope(Scope { origin: Origin::SharedPair(number), generated: true }, |comparison| {
                comparison.compare_pair(kind, base, revision, &SchemaContext::shared(usage, &name));
            });
        }
    }

    /// Reports a change of a schema.
    pub(super) fn report_at(&mut self, context: &SchemaContext<'_>, change: Change<'a>) {
        let usage = context.usage;
        let subject = if change.subject.is_empty() { context.describe() } else { change.subject };
        let level = if usage.direction.is_none() { Some(Level::Fine) } else { change.level };
        let id = change.rule.id.replace('*', usage.role.id()).replace("{}", &change.id_part);
        let types = if usage.generated { change.types } else { Some(Default::default()) };
        let change = Change { subject, level, types, ..change };
        self.findings.push(RawFinding::new(self.scope.origin, usage.direction, id, change));
    }

    /// Reports a change that is not in a schema.
    pub(super) fn report(&mut self, direction: Option<Direction>, change: Change<'a>) {
        let id = change.rule.id.replace("{}", &change.id_part);
        let types = if self.scope.generated { change.types } else { Some(Default::default()) };
        self.findings.push(RawFinding::new(self.scope.origin, direction, id, Change { types, ..change }));
    }

    /// Reports an addition or removal, unless there is a finding for the node.
    pub(super) fn report_once(
        &mut self,
        rule: &'static Rule,
        subject: String,
        old: Option<Node<'a>>,
        new: Option<Node<'a>>,
    ) {
        let is_same =
            |found: &RawFinding<'_>| (old.is_some() && found.old == old) || (new.is_some() && found.new == new);
        if !self.findings.iter().any(is_same) {
            self.report(None, Change { subject, ..Change::new(rule, old, new) });
        }
    }
}
