use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use super::change::{Change, SAME_TYPES, rule_level};
use super::context::{SchemaContext, Usage};
use super::effective::Effective;
use super::nodes::is_component;
use super::raw_finding::{DirectedOrigin, Origin, RawFinding};
use super::settings::Settings;
use crate::document::{Document, Node};
use crate::review::Direction;
use crate::rules::{Level, Rule};

/// The kind of a node that a reference can refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ComponentKind {
    Schema,
    Parameter,
    Header,
    RequestBody,
    Response,
    PathItem,
    /// The requirements of the document; the document itself if it has none.
    Security,
    Annotation,
}

/// Two nodes that are the targets of references and are compared once.
pub(super) struct SharedPair<'a> {
    kind: ComponentKind,
    sides: [Effective<'a>; 2],
    usage: Usage,
    /// The name in messages.
    name: String,
    /// The references to the pair.
    pub(super) users: Vec<DirectedOrigin>,
}

/// Identifies a shared pair: its kind, the ids of both sides, and how it is used.
type PairKey = (ComponentKind, [Box<[u32]>; 2], Usage);

/// An operation of either document.
pub(super) struct Operation {
    pub(super) name: String,
    pub(super) id: Option<String>,
    /// Whether its stability level is draft or alpha, so that it may change at any time.
    pub(super) is_unstable: bool,
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
    numbers: HashMap<PairKey, usize>,
    /// The shared pairs in any usage.
    compared: HashSet<(u32, u32)>,
    /// The shared pairs that are not compared yet.
    queue: VecDeque<usize>,
    pub(super) operations: Vec<Operation>,
    scope: Scope,
    pub(super) findings: Vec<RawFinding<'a>>,
    /// The ids of the nodes with a finding, for each document.
    reported: [BTreeSet<u32>; 2],
    /// Differences that are reported as notation unless another finding reports them.
    unexplained: Vec<(Scope, Change<'a>)>,
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
            reported: [BTreeSet::new(), BTreeSet::new()],
            unexplained: Vec::new(),
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
        self.effective_pair(kind, [Effective::of(base), Effective::of(revision)], context);
    }

    pub(super) fn effective_pair(
        &mut self,
        kind: ComponentKind,
        sides: [Effective<'a>; 2],
        context: &SchemaContext<'_>,
    ) {
        let is_inline = |side: &Effective<'_>| side.is_single() && side.node() == side.listed();
        if sides.iter().all(is_inline) && !is_component(sides[0].node()) {
            let [base, revision] = &sides;
            return self.compare_pair(kind, base, revision, context);
        }
        // Only the path is common to a component and an inline schema.
        let is_named = sides.iter().all(|side| is_component(side.node()));
        let name = is_named.then(|| sides[1].node().key().unwrap_or_default().to_owned());
        self.shared_pair(kind, sides, context.usage, || name.unwrap_or_else(|| context.path()));
    }

    /// Queues two nodes, unless they were already compared.
    pub(super) fn shared_pair(
        &mut self,
        kind: ComponentKind,
        sides: [Effective<'a>; 2],
        usage: Usage,
        name: impl FnOnce() -> String,
    ) {
        let key = (kind, sides.each_ref().map(Effective::ids), usage.normalized());
        let number = *self.numbers.entry(key).or_insert_with(|| {
            self.compared.insert((sides[0].node().id(), sides[1].node().id()));
            self.shared_pairs.push(SharedPair { kind, sides, usage, name: name(), users: Vec::new() });
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

    /// Notes that two parts of schemas are compared with those schemas.
    pub(super) fn set_compared(&mut self, base: Node<'a>, revision: Node<'a>) {
        self.compared.insert((base.id(), revision.id()));
    }

    pub(super) fn compare_pair(
        &mut self,
        kind: ComponentKind,
        base: &Effective<'a>,
        revision: &Effective<'a>,
        context: &SchemaContext<'_>,
    ) {
        // If both nodes are equal, only the targets of their references can differ.
        let same = base.same(revision);
        if same && !base.has_references() && !revision.has_references() {
            return;
        }
        let (old, new) = (base.node(), revision.node());
        match kind {
            ComponentKind::Schema if same => self.child_schemas(base, revision, context),
            ComponentKind::Schema => self.schema(base, revision, context),
            ComponentKind::Parameter => self.parameter(old, new, context),
            ComponentKind::Header => self.header(old, new, context),
            ComponentKind::RequestBody => self.request_body(old, new, context),
            ComponentKind::Response => self.response(old, new, context),
            ComponentKind::PathItem => self.callback(old, new, context),
            ComponentKind::Security => {
                self.security_lists([Some(old), Some(new)], "the document (operations without `security`)")
            }
            ComponentKind::Annotation => self.annotations(old, new, &[]),
        }
    }

    /// Compares the queued shared pairs, which may queue others.
    pub(super) fn compare_shared_pairs(&mut self) {
        while let Some(number) = self.queue.pop_front() {
            let SharedPair { kind, ref sides, usage, ref name, .. } = self.shared_pairs[number];
            let (sides, name) = (sides.clone(), name.clone());
            let [base, revision] = &sides;
            let own_name = revision.node().get("name").and_then(Node::text);
            let name = own_name.filter(|_| kind == ComponentKind::Parameter).map_or(name, str::to_owned);
            self.in_scope(Scope { origin: Origin::SharedPair(number), generated: true }, |comparison| {
                comparison.compare_pair(kind, base, revision, &SchemaContext::shared(usage, &name));
            });
        }
    }

    /// Reports the differences that no other finding reports.
    pub(super) fn report_unexplained(&mut self) {
        for (scope, change) in std::mem::take(&mut self.unexplained) {
            if !self.is_reported(change.old, change.new) {
                self.in_scope(scope, |comparison| comparison.report(None, change));
            }
        }
    }

    /// Reports a change at the end of the comparison, unless another finding reports it.
    pub(super) fn report_if_unexplained(&mut self, change: Change<'a>) {
        self.unexplained.push((self.scope, change));
    }

    /// Whether a finding is at one of the nodes or within it.
    pub(super) fn is_reported(&self, old: Option<Node<'a>>, new: Option<Node<'a>>) -> bool {
        let within = |reported: &BTreeSet<u32>, node: Option<Node<'a>>| {
            node.is_some_and(|node| reported.range(node.ids()).next().is_some())
        };
        within(&self.reported[0], old) || within(&self.reported[1], new)
    }

    /// Notes that a finding at other nodes reports a difference of these.
    pub(super) fn set_reported(&mut self, old: Option<Node<'a>>, new: Option<Node<'a>>) {
        for (reported, node) in self.reported.iter_mut().zip([old, new]) {
            reported.extend(node.map(Node::id));
        }
    }

    fn push(&mut self, finding: RawFinding<'a>) {
        self.set_reported(finding.old, finding.new);
        self.findings.push(finding);
    }

    /// Reports a change of a schema.
    pub(super) fn report_at(&mut self, context: &SchemaContext<'_>, change: Change<'a>) {
        let usage = context.usage;
        let subject = if change.subject.is_empty() { context.describe() } else { change.subject };
        let worst = if usage.direction.is_none() { Level::Fine } else { usage.worst };
        let level = change.level.unwrap_or_else(|| rule_level(change.rule, usage.direction)).min(worst);
        let id = change.rule.id.replace('*', usage.role.id()).replace("{}", &change.id_part);
        let types = if usage.generated { change.types } else { Some(SAME_TYPES) };
        let ending = if change.rule.request == change.rule.response { "" } else { usage.ending(&subject) };
        let change = Change { subject, level: Some(level), types, ending, ..change };
        self.push(RawFinding::new(self.scope.origin, usage.direction, id, change));
    }

    /// Reports a change that is not in a schema.
    pub(super) fn report(&mut self, direction: Option<Direction>, change: Change<'a>) {
        let id = change.rule.id.replace("{}", &change.id_part);
        let types = if self.scope.generated { change.types } else { Some(SAME_TYPES) };
        self.push(RawFinding::new(self.scope.origin, direction, id, Change { types, ..change }));
    }

    /// Reports an addition or removal, unless there is a finding for the node.
    pub(super) fn report_once(
        &mut self,
        rule: &'static Rule,
        subject: String,
        old: Option<Node<'a>>,
        new: Option<Node<'a>>,
    ) {
        let has =
            |reported: &BTreeSet<u32>, node: Option<Node<'a>>| node.is_some_and(|node| reported.contains(&node.id()));
        if !has(&self.reported[0], old) && !has(&self.reported[1], new) {
            self.report(None, Change { subject, ..Change::new(rule, old, new) });
        }
    }
}
