//! The location of a node: for readers, and in a form that stays the same when the node moves.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::document::{Document, Node};
use crate::node_text;
use crate::review::Side;

/// The maximum number of lines of a snippet.
const MAX_SNIPPET_LINES: usize = 8;
/// The maximum length of a line of a snippet, in characters.
const MAX_SNIPPET_WIDTH: usize = 160;

/// A node as one side of a finding.
pub(crate) fn side(node: Node<'_>) -> Side {
    let node = node.as_written();
    Side {
        file: node.file().to_owned(),
        line: node.line(),
        column: node.column(),
        pointer: node.pointer(),
        value: node_text::value(node),
        snippet: snippet(node),
    }
}

/// The nearest parent of `node` that `revision` still has: its root at last.
pub(crate) fn surviving_parent<'a>(node: Node<'_>, revision: &'a Document) -> Node<'a> {
    let mut ancestors = std::iter::successors(node.parent(), |node| node.parent());
    ancestors.find_map(|ancestor| counterpart(ancestor, revision)).unwrap_or_else(|| revision.root())
}

/// The node of `revision` at the same keys. An item of a list is found by its identity.
fn counterpart<'a>(node: Node<'_>, revision: &'a Document) -> Option<Node<'a>> {
    let Some(parent) = node.parent() else { return Some(revision.root()) };
    let parent = counterpart(parent, revision)?;
    match node.key() {
        Some(key) => parent.get(key),
        None => {
            let identity = node_text::identity(node);
            parent.items().find(|item| node_text::identity(*item) == identity)
        }
    }
}

/// Computes stable paths for the nodes of one document.
#[derive(Default)]
pub(crate) struct StablePaths {
    /// The identities of list items, cached because a large item may contain many findings.
    identities: HashMap<u32, String>,
}

impl StablePaths {
    /// The path of a node with the identity of a list item instead of its position: `/parameters/query size/schema`.
    pub(crate) fn path(&mut self, node: Node<'_>) -> String {
        let mut path = match node.parent() {
            None => return node.file_path().to_owned(),
            Some(parent) => self.path(parent),
        };
        path.push('/');
        match node.key() {
            Some(key) => path.push_str(key),
            None => path.push_str(self.identities.entry(node.id()).or_insert_with(|| node_text::identity(node))),
        }
        path
    }
}

/// A node in a sentence: `` `description` of `GET /v1/customers` ``, `` `example` of `Link.uri` ``.
pub(crate) fn describe(node: Node<'_>) -> String {
    let mut steps = Vec::new();
    let mut current = Some(node);
    while let Some(node) = current.filter(|node| node.parent().is_some()) {
        steps.push(node.key().unwrap_or("[]"));
        current = node.parent();
    }
    steps.reverse();
    let (mut owner, rest) = match &*steps {
        ["paths", path, method, rest @ ..] if !rest.is_empty() && *method != "parameters" => {
            (format!("{} {path}", method.to_uppercase()), rest)
        }
        ["paths", path, rest @ ..] if !rest.is_empty() => ((*path).to_owned(), rest),
        ["components", _, name, rest @ ..] if !rest.is_empty() => ((*name).to_owned(), rest),
        rest => (String::new(), rest),
    };
    let mut key = String::new();
    for (at, step) in rest.iter().enumerate() {
        match *step {
            "properties" if at + 1 < rest.len() => {}
            _ if at + 1 == rest.len() || !key.is_empty() || step.starts_with("x-") => {
                key.push_str(if key.is_empty() || *step == "[]" { "" } else { "." });
                key.push_str(step);
            }
            "[]" => owner.push_str("[]"),
            _ => {
                owner.push_str(if owner.is_empty() {
                    ""
                } else if owner.contains('/') {
                    " "
                } else {
                    "."
                });
                owner.push_str(step);
            }
        }
    }
    if owner.is_empty() { format!("`{key}`") } else { format!("`{key}` of `{owner}`") }
}

/// Whether a node is part of a response.
pub(crate) fn is_in_response(node: Node<'_>) -> bool {
    let mut ancestors = std::iter::successors(Some(node), |node| node.parent());
    ancestors.any(|node| matches!(node.key(), Some("responses" | "headers")))
}

fn snippet(node: Node<'_>) -> String {
    let lines: Vec<&str> = node.lines().take(MAX_SNIPPET_LINES + 1).map_while(|line| node.line_of_file(line)).collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let mut snippet = String::new();
    for line in lines.iter().take(MAX_SNIPPET_LINES) {
        let line = line.get(common..).unwrap_or_default().trim_end();
        let _ = match line.char_indices().nth(MAX_SNIPPET_WIDTH) {
            Some((end, _)) => writeln!(snippet, "{}…", &line[..end]),
            None => writeln!(snippet, "{line}"),
        };
    }
    if lines.len() > MAX_SNIPPET_LINES {
        snippet.push_str("…\n");
    }
    snippet
}
