//! `cargo xtask lint`: checks the document against the rules in openapi/README.md.
//!
//! General OpenAPI linters find general errors. These rules belong to this repository: the generated client must be able
//! to read every response of the service, and every fact must name its source.

mod components;
mod operations;
mod schemas;
mod sources;

use std::collections::BTreeSet;

use anyhow::ensure;
use openapi_review::document::{Diagnostic, Document, Node};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// All problems of the document, in the order of its lines.
pub fn problems(document: &Document) -> Vec<Diagnostic> {
    let mut lint = Lint::new(document);
    lint.check_code();
    lint.check_operation_texts();
    lint.check_components();
    lint.check_schema_texts();
    lint.check_unused_components();
    lint.check_sources();
    lint.sorted()
}

/// The problems that decide about the generated code, in the order of the document's lines: `cargo xtask generate` refuses
/// a document that has one.
pub fn code_problems(document: &Document) -> Vec<Diagnostic> {
    let mut lint = Lint::new(document);
    lint.check_code();
    lint.sorted()
}

/// Fails if there are problems.
///
/// # Errors
///
/// Fails with all problems and [`summary`] if there are any.
pub fn ensure_none(problems: &[Diagnostic]) -> anyhow::Result<()> {
    let lines: String = problems.iter().map(|problem| format!("{problem}\n")).collect();
    ensure!(problems.is_empty(), "{lines}{}", summary(problems));
    Ok(())
}

/// One line: the number of problems, and where the rules are.
pub fn summary(problems: &[Diagnostic]) -> String {
    let noun = if problems.len() == 1 { "problem" } else { "problems" };
    format!("{} {noun} found; the rules are in openapi/README.md", problems.len())
}

struct Lint<'a> {
    document: &'a Document,
    problems: Vec<Diagnostic>,
}

impl<'a> Lint<'a> {
    fn new(document: &'a Document) -> Self {
        Self { document, problems: Vec::new() }
    }

    fn sorted(mut self) -> Vec<Diagnostic> {
        self.problems.sort();
        // Operations share their responses, so a problem of a response is found several times.
        self.problems.dedup();
        self.problems
    }

    fn check_code(&mut self) {
        self.check_operations();
        self.check_schemas();
    }

    fn report(&mut self, node: Node<'_>, reason: impl Into<String>) {
        self.problems.push(node.diagnostic(reason));
    }

    /// Each operation with a name such as `GET /v1/customers`.
    fn operations(&self) -> Vec<(String, Node<'a>)> {
        let paths = self.document.root().get("paths").into_iter().flat_map(Node::entries);
        let operations = paths.flat_map(|(path, item)| {
            let methods = item.entries().filter(|(key, _)| METHODS.contains(key));
            methods.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
        });
        operations.collect()
    }

    fn components_of(&self, kind: &str) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        self.document.root().at(&format!("/components/{kind}")).into_iter().flat_map(Node::entries)
    }

    /// Reports each key that `node` lacks, and each empty text.
    fn require_keys(&mut self, node: Node<'_>, name: &str, keys: &[&str]) {
        for key in keys {
            match node.get(key) {
                None => self.report(node, format!("{name} has no `{key}`")),
                Some(found) if *key != "example" && found.text().is_some_and(|text| text.trim().is_empty()) => {
                    self.report(found, format!("{name} has an empty `{key}`"));
                }
                Some(_) => {}
            }
        }
    }
}

/// Collects all references that can be reached from `node`.
fn collect_references(document: &Document, node: Node<'_>, reached: &mut BTreeSet<String>) {
    if let Some(reference) = node.get("$ref").and_then(Node::text)
        && reached.insert(reference.to_owned())
        && let Some(target) = document.root().at(reference.trim_start_matches('#'))
    {
        collect_references(document, target, reached);
    }
    let children = node.entries().map(|(_, child)| child).chain(node.items());
    children.for_each(|child| collect_references(document, child, reached));
}
