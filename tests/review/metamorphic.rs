//! Relations between comparisons: an equivalent document is no change, and a narrowing is a widening in the other direction.

use std::collections::BTreeSet;

use openapi_review::compare;
use openapi_review::review::{Bump, Finding};
use openapi_review::rules::Level;
use serde_json::{Map, Value};

use crate::generated_documents as large;
use crate::rules::{ROWS, SETTINGS, SMALL, edited, list, read};

const OWN: &str = include_str!("../../openapi/partner-center-budgets.yaml");

const DOCUMENTS: [(&str, &str); 2] = [("own", OWN), ("small", SMALL)];

/// Lists without order.
const UNORDERED: [&str; 7] = ["required", "enum", "tags", "parameters", "allOf", "security", "servers"];

fn json(text: &str) -> Value {
    read("document", text).root().to_json()
}

/// The findings between a document and JSON. Both are converted through JSON values, which round numbers to `f64`.
fn findings_in(text: &str, revision: &str) -> Vec<Finding> {
    compare(&read("base.yaml", &large::yaml(&json(text))), &read("revision.json", revision), SETTINGS).findings
}

/// JSON with the keys in another order.
fn ordered(value: &Value, order: &mut impl FnMut(&mut Vec<(&String, &Value)>)) -> String {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            order(&mut entries);
            let entry = |(key, value): (&String, &Value)| {
                format!("{}: {}", Value::from(key.as_str()), ordered(value, &mut *order))
            };
            format!("{{{}}}", entries.into_iter().map(entry).collect::<Vec<_>>().join(",\n"))
        }
        Value::Array(list) => {
            let items: Vec<_> = list.iter().map(|value| ordered(value, &mut *order)).collect();
            format!("[{}]", items.join(",\n"))
        }
        _ => value.to_string(),
    }
}

/// A deterministic generator of random numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % count
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}

/// Shuffles lists without order, except in examples and defaults.
fn shuffle(value: &mut Value, random: &mut Random) {
    let Value::Object(map) = value else {
        value.as_array_mut().into_iter().flatten().for_each(|item| shuffle(item, random));
        return;
    };
    for (key, value) in map {
        match value {
            Value::Array(list) if UNORDERED.contains(&&**key) => random.shuffle(list),
            _ if ["example", "examples", "default"].contains(&&**key) => continue,
            _ => {}
        }
        shuffle(value, random);
    }
}

/// Replaces references to the given kinds of components with their targets, except for cycles.
fn inlined(value: &Value, root: &Value, kinds: &[&str], within: &mut Vec<String>) -> Value {
    match value {
        Value::Object(map) => {
            let reference = map.get("$ref").and_then(Value::as_str).filter(|reference| {
                let kind = reference.split('/').nth(2).unwrap_or_default();
                kinds.contains(&kind) && !within.iter().any(|other| other == reference)
            });
            if let Some(reference) = reference {
                within.push(reference.to_owned());
                let target = inlined(root.pointer(reference.trim_start_matches('#')).unwrap(), root, kinds, within);
                within.pop();
                return target;
            }
            map.iter()
                .map(|(key, value)| {
                    // A mapping keeps its names.
                    (key.clone(), if key == "mapping" { value.clone() } else { inlined(value, root, kinds, within) })
                })
                .collect::<Map<_, _>>()
                .into()
        }
        Value::Array(list) => list.iter().map(|value| inlined(value, root, kinds, within)).collect(),
        _ => value.clone(),
    }
}

/// The document with references inlined everywhere but within the components of that kind themselves.
fn without_references(text: &str, kinds: &[&str]) -> String {
    let root = json(text);
    serde_json::to_string_pretty(&inlined(&root, &root, kinds, &mut Vec::new())).unwrap()
}

#[test]
fn a_document_equals_itself() {
    for (name, text) in DOCUMENTS {
        let review = compare(&read("a.yaml", text), &read("b.yaml", text), SETTINGS);
        assert!(review.findings.is_empty(), "{name}:{}", list(&review.findings));
        assert_eq!((review.bump, review.required_version, review.version_suffices), (Bump::None, None, true), "{name}");
        let document = read("a.yaml", text);
        assert!(compare(&document, &document, SETTINGS).findings.is_empty(), "{name}");
    }
}

#[test]
fn json_equals_yaml() {
    for (name, text) in DOCUMENTS {
        for json in [json(text).to_string(), serde_json::to_string_pretty(&json(text)).unwrap()] {
            let findings = findings_in(text, &json);
            assert!(findings.is_empty(), "{name}:{}", list(&findings));
        }
    }
}

#[test]
fn the_order_of_keys_does_not_matter() {
    for (name, text) in DOCUMENTS {
        let value = json(text);
        let findings = findings_in(text, &ordered(&value, &mut |entries| entries.reverse()));
        assert!(findings.is_empty(), "{name} reversed:{}", list(&findings));
        for seed in 0..4 {
            let mut random = Random(seed);
            let findings = findings_in(text, &ordered(&value, &mut |entries| random.shuffle(entries)));
            assert!(findings.is_empty(), "{name} {seed}:{}", list(&findings));
        }
    }
}

#[test]
fn the_order_of_most_lists_does_not_matter() {
    for (name, text) in DOCUMENTS {
        for seed in 0..4 {
            let mut value = json(text);
            shuffle(&mut value, &mut Random(seed));
            let findings = findings_in(text, &value.to_string());
            assert!(findings.is_empty(), "{name} {seed}:{}", list(&findings));
        }
    }
}

#[test]
fn inlining_parameters_and_responses_is_no_change() {
    for (name, text) in DOCUMENTS {
        for kinds in [&["parameters", "headers", "responses", "requestBodies"][..], &["parameters"], &["headers"]] {
            let findings = findings_in(text, &without_references(text, kinds));
            assert!(findings.is_empty(), "{name} {kinds:?}:{}", list(&findings));
        }
    }
}

/// Generated types are named after schemas, so their names are part of a document; nothing else about references is.
#[test]
fn inlining_schemas_affects_only_rust_types() {
    for (name, text) in DOCUMENTS {
        for swapped in [false, true] {
            let sides = [json(text).to_string(), without_references(text, &["schemas"])];
            let [base, revision] = if swapped { [&sides[1], &sides[0]] } else { [&sides[0], &sides[1]] };
            let findings = compare(&read("base", base), &read("revision", revision), SETTINGS).findings;
            let end = if swapped { "-schema-named" } else { "-schema-inlined" };
            let others: Vec<_> = findings
                .into_iter()
                .filter(|finding| finding.level > Level::Fine || !finding.id.ends_with(end))
                .collect();
            assert!(others.is_empty(), "{name}, swapped {swapped}:{}", list(&others));
        }
    }
}

/// Rules whose counterpart is not their mirror, with the reason.
const NOT_MIRRORED: [(&str, &str); 3] = [
    ("new-required-*{}", "requests lack the new property, but may still have the removed one"),
    ("{}-became-write-only", "only a response loses the property, and these are requests"),
    ("*-one-of-to-any-of", "the variants exclude each other, so nothing changes"),
];

/// A schema that is narrower in one direction is wider in the other, which breaks only one of them.
#[test]
fn swapping_the_documents_mirrors_levels() {
    let base = read("base.yaml", SMALL);
    let mut wrong = String::new();
    let mut used = BTreeSet::new();
    for row in ROWS {
        let revision = read("revision.yaml", &edited(row));
        let [there, back] = [compare(&base, &revision, SETTINGS), compare(&revision, &base, SETTINGS)];
        let ([one], [other]) = (&*there.findings, &*back.findings) else {
            wrong += &format!("\n  {}: there{}\n   back{}", row.name, list(&there.findings), list(&back.findings));
            continue;
        };
        // A rule with the same level in both directions has no mirror.
        let directed = [one, other].iter().all(|finding| finding.rule.request != finding.rule.response);
        let mirrored = !directed || (one.level == Level::Fine) != (other.level == Level::Fine);
        // Rust effects have no mirror: an added enum variant breaks a `match`, a wider type breaks nothing.
        if mirrored {
            continue;
        }
        match NOT_MIRRORED.iter().find(|(id, _)| [one.rule.id, other.rule.id].contains(id)) {
            Some((id, _)) => drop(used.insert(*id)),
            None => {
                wrong += &format!("\n  {}: there{}\n   back{}", row.name, list(&there.findings), list(&back.findings));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(used.len(), NOT_MIRRORED.len(), "{used:?} are all that is not mirrored");
}

#[test]
fn the_bump_depends_on_the_worst_finding() {
    for row in ROWS {
        for version in ["1.0.0", "0.3.1"] {
            let versioned =
                |text: &str| read("a.yaml", &text.replace("version: 1.0.0", &format!("version: {version}")));
            let review = compare(&versioned(SMALL), &versioned(&edited(row)), SETTINGS);
            let breaks = any_breaks(&review.findings);
            let least = match (breaks, version.starts_with('0')) {
                (_, _) if review.findings.is_empty() => Bump::None,
                (true, false) => Bump::Major,
                (true, true) => Bump::Minor,
                (false, _) => Bump::Patch,
            };
            assert!(review.bump >= least, "{}: {:?}", row.name, review.bump);
            assert!(breaks || review.bump < Bump::Major, "{}: {:?}", row.name, review.bump);
        }
    }
}

fn any_breaks(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.level == Level::Breaking || finding.rust.breaks)
}
