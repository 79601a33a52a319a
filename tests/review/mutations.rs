//! Every node of our own document deleted, and every value of it changed: no mutation goes by in silence, each is found
//! at its own line, and none of words is more than fine.
//!
//! Mutations are tried many at a time, since reading the document takes longer than comparing it. What is not found
//! among others is tried alone before it counts.

use std::ops::RangeInclusive;
use std::thread;

use openapi_review::compare;
use openapi_review::document::{Document, Node};
use openapi_review::review::{Finding, Level};
use serde_json::Value;

use crate::blind_spots::{SETTINGS, told};

const OWN: &str = include_str!("../../openapi/partner-center-budgets.yaml");

/// Mutations that are tried at once.
const BATCH: usize = 24;

/// Keys whose values are there for readers only.
const WORDS: [&str; 9] =
    ["description", "summary", "title", "example", "examples", "externalDocs", "contact", "license", "termsOfService"];

/// Keys whose values are maps from names, which look like keys of the format here and there.
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

/// The document as JSON with a line for each value, so that a change moves nothing.
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

    /// The lines at which a mutation may be found: those of the node with all below it. A reference is one with the map
    /// that it stands in, and what has no name of its own is one with the item of a list that it stands in.
    fn lines(&self, path: &[Step]) -> RangeInclusive<usize> {
        let node = self.node(path);
        let nameless = is_words(path) || matches!(path, [.., Step::Key(key), Step::Item(_), _] if key == "security");
        let first = match (key(path) == Some("$ref"), path.iter().rposition(|step| matches!(step, Step::Item(_)))) {
            (true, _) => node.line() - 1,
            (false, Some(item)) if nameless => self.node(&path[..=item]).line(),
            _ => node.line(),
        };
        first..=node.lines().end.max(node.line() + 1) - 1
    }

    /// What is found after all of `mutations`, unless the document can no longer be read.
    fn review(&self, mutations: &[&Path], mutation: Mutation) -> Option<Vec<Finding>> {
        let mut value = self.value.clone();
        // From the end, so that numbers of items stay what they are until their turn.
        for path in mutations.iter().rev() {
            mutation.apply(&mut value, path);
        }
        let text = serde_json::to_string_pretty(&value).unwrap();
        let revision = Document::parse("revision.json", &text).ok()?;
        Some(compare(&self.document, &revision, SETTINGS).findings)
    }

    /// The mutations that are not found, or found too grave, with what is found instead.
    fn missed<'m>(&self, mutations: &'m [Path], mutation: Mutation) -> Vec<String> {
        let wrong = |path: &Path, findings: &[Finding]| {
            let lines = self.lines(path);
            let here = |finding: &&Finding| {
                [&finding.old, &finding.new].into_iter().flatten().any(|side| lines.contains(&side.line))
            };
            // Of a map without its reference, everything is gone that stood where the reference led to.
            if key(path) == Some("$ref") && mutation == Mutation::Delete {
                return findings.is_empty();
            }
            let found: Vec<_> = findings.iter().filter(here).collect();
            let grave = |finding: &&Finding| finding.level > Level::Fine || finding.rust.breaks;
            found.is_empty() || is_words(path) && found.iter().any(grave)
        };
        // A reference that leads nowhere makes all of its batch unreadable.
        let (references, others): (Vec<_>, Vec<_>) = mutations.iter().partition(|path| key(path) == Some("$ref"));
        let batches = |all: &[&'m Path]| {
            let count = all.len().div_ceil(BATCH);
            (0..count).map(|first| all.iter().copied().skip(first).step_by(count).collect()).collect::<Vec<Vec<_>>>()
        };
        let mut alone = Vec::new();
        for batch in [batches(&references), batches(&others)].concat() {
            // Neighbours go into different batches, and nothing is below what is mutated too.
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
                .then(|| format!("\n  {} at {}{}", pointer(path), self.node(path).line(), told(&findings)))
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

/// Whether something at or above the node is there for readers only.
fn is_words(path: &[Step]) -> bool {
    let mut above = "";
    for step in path {
        let Step::Key(key) = step else { continue };
        if above.is_empty() && key == "tags" {
            return true;
        }
        let extension =
            key.starts_with("x-") && !["x-sunset", "x-stability-level", "x-extensible-enum"].contains(&&**key);
        if !NAMES.contains(&above) && (WORDS.contains(&&**key) || extension) {
            return true;
        }
        above = key;
    }
    false
}

/// All nodes below `value` in their order, with what they are.
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

/// Halves of the work, each in a thread.
fn halved(base: &Base, mutations: &[Path], mutation: Mutation) {
    let (one, other) = mutations.split_at(mutations.len() / 2);
    let missed = thread::scope(|scope| {
        let one = scope.spawn(|| base.missed(one, mutation));
        let other = base.missed(other, mutation);
        [one.join().unwrap(), other].concat()
    });
    assert!(missed.is_empty(), "{} of {} are not found:{}", missed.len(), mutations.len(), missed.concat());
}

#[test]
fn every_deletion_is_found() {
    let base = Base::new();
    let mut found = Vec::new();
    nodes(&base.value, &mut Vec::new(), &mut found);
    let all: Vec<Path> = found.into_iter().map(|(path, _)| path).collect();
    halved(&base, &all, Mutation::Delete);
}

#[test]
fn every_change_is_found() {
    let base = Base::new();
    let mut found = Vec::new();
    nodes(&base.value, &mut Vec::new(), &mut found);
    let scalar = |value: &Value| !value.is_object() && !value.is_array();
    let all: Vec<Path> = found.into_iter().filter(|(_, value)| scalar(value)).map(|(path, _)| path).collect();
    halved(&base, &all, Mutation::Change);
}
