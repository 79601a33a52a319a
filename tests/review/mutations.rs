//! Every node of our own document is deleted, and every value is changed. Each mutation has a finding at its line, and
//! mutations of annotations are fine.
//!
//! Mutations are applied in batches, because parsing takes longer than comparing. A mutation without a finding in its batch
//! is then applied alone.

use std::ops::RangeInclusive;
use std::thread;

use openapi_review::compare;
use openapi_review::document::{Document, Node};
use openapi_review::review::Finding;
use openapi_review::rules::Level;
use serde_json::Value;

use crate::rules::{SETTINGS, list};

const OWN: &str = include_str!("../../openapi/partner-center-budgets.yaml");

/// The number of mutations in a batch.
const BATCH: usize = 24;

/// Keys of annotations.
const ANNOTATIONS: [&str; 9] =
    ["description", "summary", "title", "example", "examples", "externalDocs", "contact", "license", "termsOfService"];

/// Keys of maps whose keys are names, which may look like keywords.
const NAMES: [&str; 6] = ["properties", "schemas", "parameters", "headers", "mapping", "variables"];

#[derive(Debug, Clone)]
enum Step {
    Key(String),
    Item(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mutation {
    Delete,
    Change,
}

impl Mutation {
    fn apply(self, value: &mut Value, path: &Path) {
        match self {
            Self::Delete => delete(value, path),
            Self::Change => change(value, path),
        }
    }
}

type Path = Vec<Step>;

/// The document as JSON with one value in each line, so that a change does not move other values.
struct Base {
    value: Value,
    document: Document,
}

impl Base {
    fn new() -> Self {
        let value = Document::parse("own.yaml", OWN).unwrap().root().to_json();
        let document = Document::parse("base.json", &serde_json::to_string_pretty(&value).unwrap()).unwrap();
        Self { value, document }
    }

    fn node(&self, path: &[Step]) -> Node<'_> {
        self.document.root().at(&pointer(path)).unwrap()
    }

    /// The lines of a node, at which its mutation may be reported. A `$ref` may be reported at its map, and a node without
    /// an identity at its list item.
    fn lines(&self, path: &[Step]) -> RangeInclusive<usize> {
        let node = self.node(path);
        let nameless =
            is_annotation(path) || matches!(path, [.., Step::Key(key), Step::Item(_), _] if key == "security");
        let first = match (key(path) == Some("$ref"), path.iter().rposition(|step| matches!(step, Step::Item(_)))) {
            (true, _) => node.line() - 1,
            (false, Some(item)) if nameless => self.node(&path[..=item]).line(),
            _ => node.line(),
        };
        first..=node.lines().end.max(node.line() + 1) - 1
    }

    /// The findings after all of `mutations`; none if the document becomes invalid.
    fn review(&self, mutations: &[&Path], mutation: Mutation) -> Option<Vec<Finding>> {
        let mut value = self.value.clone();
        // From the end, so that the positions of earlier items stay the same.
        for path in mutations.iter().rev() {
            mutation.apply(&mut value, path);
        }
        let text = serde_json::to_string_pretty(&value).unwrap();
        let revision = Document::parse("revision.json", &text).ok()?;
        Some(compare(&self.document, &revision, SETTINGS).findings)
    }

    /// The mutations without a finding or with a too severe one.
    fn missed<'m>(&self, mutations: &'m [Path], mutation: Mutation) -> Vec<String> {
        let wrong = |path: &Path, findings: &[Finding]| {
            let lines = self.lines(path);
            let here = |finding: &&Finding| {
                [&finding.old, &finding.new].into_iter().flatten().any(|side| lines.contains(&side.line))
            };
            // Without its reference, a map loses all contents of the target, which have other lines.
            if key(path) == Some("$ref") && mutation == Mutation::Delete {
                return findings.is_empty();
            }
            let found: Vec<_> = findings.iter().filter(here).collect();
            let is_severe = |finding: &&Finding| finding.level > Level::Fine || finding.rust.breaks;
            found.is_empty() || is_annotation(path) && found.iter().any(is_severe)
        };
        // A dangling reference would make the whole batch invalid.
        let (references, others): (Vec<_>, Vec<_>) = mutations.iter().partition(|path| key(path) == Some("$ref"));
        let batches = |all: &[&'m Path]| {
            let count = all.len().div_ceil(BATCH);
            (0..count).map(|first| all.iter().copied().skip(first).step_by(count).collect()).collect::<Vec<Vec<_>>>()
        };
        let mut alone = Vec::new();
        for batch in [batches(&references), batches(&others)].concat() {
            // Neighbours are in different batches, and no mutated node contains another one.
            let mut chosen: Vec<&Path> = Vec::new();
            for path in batch {
                if chosen.iter().any(|other| pointer(path).starts_with(&format!("{}/", pointer(other)))) {
                    alone.push(path);
                } else {
                    chosen.push(path);
                }
            }
            match self.review(&chosen, mutation) {
                Some(findings) => alone.extend(chosen.into_iter().filter(|path| wrong(path, &findings))),
                None => alone.extend(chosen),
            }
        }
        let alone = alone.into_iter().filter_map(|path| {
            let findings = self.review(&[path], mutation)?;
            wrong(path, &findings)
                .then(|| format!("\n  {} at {}{}", pointer(path), self.node(path).line(), list(&findings)))
        });
        alone.collect()
    }
}

fn pointer(path: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Step::Item(number) => format!("/{number}"),
    };
    path.iter().map(step).collect()
}

fn key(path: &[Step]) -> Option<&str> {
    match path.last() {
        Some(Step::Key(key)) => Some(key),
        _ => None,
    }
}

/// Whether a node is an annotation or within one.
fn is_annotation(path: &[Step]) -> bool {
    let mut above = "";
    for step in path {
        let Step::Key(key) = step else { continue };
        if above.is_empty() && key == "tags" {
            return true;
        }
        let extension =
            key.starts_with("x-") && !["x-sunset", "x-stability-level", "x-extensible-enum"].contains(&&**key);
        if !NAMES.contains(&above) && (ANNOTATIONS.contains(&&**key) || extension) {
            return true;
        }
        above = key;
    }
    false
}

/// All descendants of `value` with their paths.
fn nodes<'v>(value: &'v Value, path: &mut Path, found: &mut Vec<(Path, &'v Value)>) {
    let mut each = |step: Step, child: &'v Value| {
        path.push(step);
        found.push((path.clone(), child));
        nodes(child, path, found);
        path.pop();
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, child)| each(Step::Key(key.clone()), child)),
        Value::Array(list) => list.iter().enumerate().for_each(|(number, child)| each(Step::Item(number), child)),
        _ => {}
    }
}

fn delete(value: &mut Value, path: &Path) {
    let (last, above) = path.split_last().unwrap();
    let parent = value.pointer_mut(&pointer(above)).unwrap();
    match last {
        Step::Key(key) => drop(parent.as_object_mut().unwrap().remove(key)),
        Step::Item(number) => drop(parent.as_array_mut().unwrap().remove(*number)),
    }
}

fn change(value: &mut Value, path: &Path) {
    let node = value.pointer_mut(&pointer(path)).unwrap();
    *node = match &*node {
        Value::Bool(flag) => Value::Bool(!flag),
        Value::Number(number) => match number.as_i64() {
            Some(number) => (number + 1).into(),
            None => (number.as_f64().unwrap() + 1.0).into(),
        },
        Value::String(text) => format!("{text}x").into(),
        _ => "x".into(),
    };
}

/// Tests the mutations in two threads.
fn test_all(base: &Base, mutations: &[Path], mutation: Mutation) {
    let (one, other) = mutations.split_at(mutations.len() / 2);
    let missed = thread::scope(|scope| {
        let one = scope.spawn(|| base.missed(one, mutation));
        let other = base.missed(other, mutation);
        [one.join().unwrap(), other].concat()
    });
    assert!(missed.is_empty(), "{} of {} have no finding:{}", missed.len(), mutations.len(), missed.concat());
}

#[test]
fn every_deletion_has_a_finding() {
    let base = Base::new();
    let mut found = Vec::new();
    nodes(&base.value, &mut Vec::new(), &mut found);
    let all: Vec<Path> = found.into_iter().map(|(path, _)| path).collect();
    test_all(&base, &all, Mutation::Delete);
}

#[test]
fn every_change_has_a_finding() {
    let base = Base::new();
    let mut found = Vec::new();
    nodes(&base.value, &mut Vec::new(), &mut found);
    let scalar = |value: &Value| !value.is_object() && !value.is_array();
    let all: Vec<Path> = found.into_iter().filter(|(_, value)| scalar(value)).map(|(path, _)| path).collect();
    test_all(&base, &all, Mutation::Change);
}
