//! What has to hold between comparisons, whatever a document says: the same said in another way is no change, and what is
//! narrower one way is wider the other way.

use std::collections::BTreeSet;

use openapi_review::compare;
use openapi_review::review::{Bump, Finding, Level};
use serde_json::{Map, Value};

use crate::blind_spots::{ROWS, SETTINGS, SMALL, edited, read, told};
use crate::large;

const OWN: &str = include_str!("../../openapi/partner-center-budgets.yaml");

const DOCUMENTS: [(&str, &str); 2] = [("own", OWN), ("small", SMALL)];

/// Lists whose order says nothing.
const UNORDERED: [&str; 7] = ["required", "enum", "tags", "parameters", "allOf", "security", "servers"];

fn json(text: &str) -> Value {
    read("document", text).root().to_json()
}

/// What is found between a document and the same as text of JSON. Both go through JSON values, which hold numbers of no
/// more digits than a float does.
fn against(text: &str, revision: &str) -> Vec<Finding> {
    compare(&read("base.yaml", &large::yaml(&json(text))), &read("revision.json", revision), SETTINGS).findings
}

/// JSON whose keys stand in the order that `order` gives them.
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

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
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

/// Shuffles lists without order; those of words are left alone where they are examples, which are values.
fn shuffle(value: &mut Value, dice: &mut Dice) {
    let Value::Object(map) = value else {
        value.as_array_mut().into_iter().flatten().for_each(|item| shuffle(item, dice));
        return;
    };
    for (key, value) in map {
        match value {
            Value::Array(list) if UNORDERED.contains(&&**key) => dice.shuffle(list),
            _ if ["example", "examples", "default"].contains(&&**key) => continue,
            _ => {}
        }
        shuffle(value, dice);
    }
}

/// Replaces references to the given kinds of components by what they lead to, at most once on each way down.
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
                    // What a mapping names stays a name.
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
fn a_document_does_not_differ_from_itself() {
    for (name, text) in DOCUMENTS {
        let review = compare(&read("a.yaml", text), &read("b.yaml", text), SETTINGS);
        assert!(review.findings.is_empty(), "{name}:{}", told(&review.findings));
        assert_eq!((review.bump, review.asked_version, review.version_suffices), (Bump::None, None, true), "{name}");
        let document = read("a.yaml", text);
        assert!(compare(&document, &document, SETTINGS).findings.is_empty(), "{name}");
    }
}

#[test]
fn json_says_the_same_as_yaml() {
    for (name, text) in DOCUMENTS {
        for json in [json(text).to_string(), serde_json::to_string_pretty(&json(text)).unwrap()] {
            let findings = against(text, &json);
            assert!(findings.is_empty(), "{name}:{}", told(&findings));
        }
    }
}

#[test]
fn keys_have_no_order() {
    for (name, text) in DOCUMENTS {
        let value = json(text);
        let findings = against(text, &ordered(&value, &mut |entries| entries.reverse()));
        assert!(findings.is_empty(), "{name} reversed:{}", told(&findings));
        for seed in 0..4 {
            let mut dice = Dice(seed);
            let findings = against(text, &ordered(&value, &mut |entries| dice.shuffle(entries)));
            assert!(findings.is_empty(), "{name} {seed}:{}", told(&findings));
        }
    }
}

#[test]
fn most_lists_have_no_order() {
    for (name, text) in DOCUMENTS {
        for seed in 0..4 {
            let mut value = json(text);
            shuffle(&mut value, &mut Dice(seed));
            let findings = against(text, &value.to_string());
            assert!(findings.is_empty(), "{name} {seed}:{}", told(&findings));
        }
    }
}

#[test]
fn shared_parts_may_stand_where_they_are_used() {
    for (name, text) in DOCUMENTS {
        for kinds in [&["parameters", "headers", "responses", "requestBodies"][..], &["parameters"], &["headers"]] {
            let findings = against(text, &without_references(text, kinds));
            assert!(findings.is_empty(), "{name} {kinds:?}:{}", told(&findings));
        }
    }
}

/// Generated types are named after schemas, so their names are part of a document; nothing else about references is.
#[test]
fn only_types_miss_schemas_that_stand_where_they_are_used() {
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
            assert!(others.is_empty(), "{name}, swapped {swapped}:{}", told(&others));
        }
    }
}

/// Rules whose counterpart is not its mirror, and why.
const NOT_MIRRORED: [(&str, &str); 3] = [
    ("*-multiple-of-changed", "neither of two takes what the other takes"),
    ("*-pattern-changed", "which of two patterns takes more only a person can tell, either way"),
    ("*-all-of-removed", "a part that goes takes its properties with it, which nobody likes either way"),
];

/// What is narrower one way is wider the other way: bad for one of them only.
#[test]
fn swapped_sides_mirror_levels() {
    let base = read("base.yaml", SMALL);
    let mut wrong = String::new();
    let mut used = BTreeSet::new();
    for row in ROWS {
        let revision = read("revision.yaml", &edited(row));
        let [there, back] = [compare(&base, &revision, SETTINGS), compare(&revision, &base, SETTINGS)];
        let ([one], [other]) = (&*there.findings, &*back.findings) else {
            wrong += &format!("\n  {}: there{}\n   back{}", row.name, told(&there.findings), told(&back.findings));
            continue;
        };
        // A rule that is as bad for both directions has no direction.
        let directed = [one, other].iter().all(|finding| finding.rule.request != finding.rule.response);
        let mirrored = !directed || (one.level == Level::Fine) != (other.level == Level::Fine);
        // What a change does to Rust has no mirror: a variant more breaks a `match`, a type that takes more nobody.
        if mirrored {
            continue;
        }
        match NOT_MIRRORED.iter().find(|(id, _)| [one.rule.id, other.rule.id].contains(id)) {
            Some((id, _)) => drop(used.insert(*id)),
            None => {
                wrong += &format!("\n  {}: there{}\n   back{}", row.name, told(&there.findings), told(&back.findings));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(used.len(), NOT_MIRRORED.len(), "{used:?} are all that is not mirrored");
}

#[test]
fn the_bump_follows_from_the_worst_finding() {
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
