//! Properties of the comparison of generated documents, whose schemas have any shape and any references.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use openapi_review::review::Direction;
use openapi_review::rules::Level;
use openapi_review::{accept, compare, output};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::rules::{SETTINGS, list, read};

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&NAMES[..])
}

fn reference() -> impl Strategy<Value = Value> {
    name().prop_map(|name| json!({"$ref": format!("#/components/schemas/{name}")}))
}

/// A keyword with its value. Any combination may occur.
fn keyword() -> impl Strategy<Value = (&'static str, Value)> {
    let number = || (-2..4).prop_map(Value::from);
    let flag = || any::<bool>().prop_map(Value::from);
    let of = |values: &'static [&'static str]| prop::sample::select(values).prop_map(Value::from);
    prop_oneof![
        of(&["string", "integer", "number", "boolean", "object", "array"]).prop_map(|value| ("type", value)),
        of(&["int32", "int64", "date", "uuid", "float"]).prop_map(|value| ("format", value)),
        flag().prop_map(|value| ("nullable", value)),
        flag().prop_map(|value| ("readOnly", value)),
        flag().prop_map(|value| ("writeOnly", value)),
        flag().prop_map(|value| ("deprecated", value)),
        flag().prop_map(|value| ("uniqueItems", value)),
        flag().prop_map(|value| ("exclusiveMaximum", value)),
        number().prop_map(|value| ("maximum", value)),
        number().prop_map(|value| ("minimum", value)),
        number().prop_map(|value| ("maxLength", value)),
        number().prop_map(|value| ("multipleOf", value)),
        number().prop_map(|value| ("maxItems", value)),
        number().prop_map(|value| ("default", value)),
        of(&["a", "^b$", ".*"]).prop_map(|value| ("pattern", value)),
        of(&["One.", "Two."]).prop_map(|value| ("description", value)),
        prop::collection::btree_set(name(), 0..4).prop_map(|values| ("enum", json!(values))),
        prop::collection::btree_set(name(), 0..4).prop_map(|values| ("required", json!(values))),
    ]
}

fn schema() -> impl Strategy<Value = Value> {
    let keywords = || prop::collection::btree_map(Just(()).prop_flat_map(|()| 0..9u8), keyword(), 0..4);
    let with = |keywords: BTreeMap<u8, (&'static str, Value)>, rest: Value| {
        let mut schema: BTreeMap<String, Value> =
            keywords.into_values().map(|(key, value)| (key.to_owned(), value)).collect();
        schema.extend(rest.as_object().cloned().unwrap_or_default());
        json!(schema)
    };
    let leaf = prop_oneof![
        2 => keywords().prop_map(move |keywords| with(keywords, Value::Null)),
        1 => reference(),
    ];
    leaf.prop_recursive(3, 12, 3, move |inner| {
        // Changes of duplicates would be the same change.
        let list = || {
            prop::collection::vec(inner.clone(), 1..4).prop_map(|mut list: Vec<Value>| {
                let mut seen = BTreeSet::new();
                list.retain(|schema| seen.insert(schema.to_string()));
                list
            })
        };
        let rest = prop_oneof![
            prop::collection::btree_map(name(), inner.clone(), 0..4).prop_map(|all| json!({"properties": all})),
            inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            inner.clone().prop_map(|values| json!({"type": "object", "additionalProperties": values})),
            any::<bool>().prop_map(|values| json!({"type": "object", "additionalProperties": values})),
            inner.clone().prop_map(|not| json!({"not": not})),
            list().prop_map(|list| json!({"oneOf": list})),
            list().prop_map(|list| json!({"anyOf": list, "discriminator": {"propertyName": "a"}})),
            list().prop_map(|list| json!({"allOf": list})),
        ];
        (keywords(), rest).prop_map(move |(keywords, rest)| with(keywords, rest))
    })
}

/// A document in which requests and responses share schemas.
pub(crate) fn document() -> impl Strategy<Value = Value> {
    let parameter = (name(), prop::sample::select(&["query", "header"][..]), any::<bool>(), schema()).prop_map(
        |(name, place, required, schema)| json!({"name": name, "in": place, "required": required, "schema": schema}),
    );
    let parameters = prop::collection::vec(parameter, 0..3).prop_map(|mut list| {
        // Duplicate parameters are invalid.
        let mut seen = BTreeSet::new();
        list.retain(|parameter| seen.insert((parameter["name"].to_string(), parameter["in"].to_string())));
        list
    });
    let operation = (parameters, prop::option::of(schema()), prop::collection::btree_map(200..204u16, schema(), 1..3))
        .prop_map(|(parameters, body, responses)| {
            let content = |schema: &Value| json!({"application/json": {"schema": schema}});
            let responses: BTreeMap<_, _> = responses
                .iter()
                .map(|(status, schema)| (status.to_string(), json!({"description": "", "content": content(schema)})))
                .collect();
            let mut operation = json!({"parameters": parameters, "responses": responses});
            if let Some(body) = body {
                operation["requestBody"] = json!({"content": content(&body)});
            }
            operation
        });
    let paths = prop::collection::btree_map(name().prop_map(|name| format!("/{name}")), operation, 1..3);
    (paths, prop::collection::vec(schema(), NAMES.len())).prop_map(|(paths, schemas)| {
        let paths: BTreeMap<_, _> =
            paths.into_iter().map(|(path, operation)| (path, json!({"post": operation}))).collect();
        // A schema that is only a reference could refer to itself, which is invalid.
        let schemas = schemas
            .into_iter()
            .map(|schema| if schema.get("$ref").is_some() { json!({"allOf": [schema]}) } else { schema });
        let schemas: BTreeMap<_, _> = NAMES.iter().zip(schemas).collect();
        json!({
            "openapi": "3.0.3",
            "info": {"title": "Any", "version": "1.0.0"},
            "paths": paths,
            "components": {"schemas": schemas},
        })
    })
}

#[test]
fn a_change_that_a_recursive_schema_reaches_twice_is_one_finding() {
    let document = |items: Value| {
        let components = json!({"schemas": {"e": {"type": "array", "items": items}}});
        let content = json!({"application/json": {"schema": {}}});
        let responses = json!({"200": {"description": "", "content": content}});
        let paths = json!({"/a": {"post": {"parameters": [], "responses": responses}}});
        let info = json!({"title": "Any", "version": "1.0.0"});
        json!({"openapi": "3.0.3", "info": info, "paths": paths, "components": components}).to_string()
    };
    let reference = json!({"$ref": "#/components/schemas/e"});
    let base = read("base", &document(json!({"type": "array", "items": reference})));
    let revision = read("revision", &document(json!({"allOf": [reference], "uniqueItems": true})));
    let review = compare(&base, &revision, SETTINGS);
    let is_unique_items = |finding: &&openapi_review::review::Finding| finding.id.contains("unique-items");
    assert_eq!(review.findings.iter().filter(is_unique_items).count(), 1, "{}", list(&review.findings));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn compares_any_two_documents(one in document(), other in document()) {
        let texts = [&one, &other].map(|document| serde_json::to_string_pretty(document).unwrap());
        let [base, revision] = [0, 1].map(|side| read(["base", "revision"][side], &texts[side]));
        let review = compare(&base, &revision, SETTINGS);
        let again = compare(&base, &revision, SETTINGS);
        prop_assert_eq!(&review, &again);
        prop_assert_eq!(review.findings.is_empty(), one == other);
        let levels: Vec<Level> = review.findings.iter().map(|finding| finding.level).collect();
        prop_assert!(levels.is_sorted_by(|one, other| one >= other));
        let mut prints = BTreeMap::new();
        for finding in &review.findings {
            prop_assert!(finding.old.is_some() || finding.new.is_some());
            for (side, (document, text)) in [(&finding.old, (&base, &texts[0])), (&finding.new, (&revision, &texts[1]))] {
                let Some(side) = side else { continue };
                prop_assert!((1..=text.lines().count()).contains(&side.line), "{:?}", side);
                let node = document.root().at(&side.pointer);
                prop_assert_eq!(node.map(|node| node.line()), Some(side.line), "{:?}", side);
            }
            if let Some(other) = prints.insert(finding.fingerprint(), finding) {
                prop_assert!(false, "the same fingerprint:{}{}", list(std::slice::from_ref(other)), list(std::slice::from_ref(finding)));
            }
        }
    }

    #[test]
    fn a_document_equals_its_reformatted_text(document in document()) {
        let base = read("base", &document.to_string());
        let revision = read("revision", &serde_json::to_string_pretty(&document).unwrap());
        let review = compare(&base, &revision, SETTINGS);
        prop_assert!(review.findings.is_empty(), "{}", list(&review.findings));
    }
}

/// A document with one operation that returns `S0`, and the schemas `S0`, `S1`, ….
fn returning(schemas: impl Iterator<Item = String>) -> String {
    let mut text = "openapi: 3.0.3\ninfo: {title: Any, version: 1.0.0}\npaths:\n  /a:\n    get:\n      responses:\n        '200':\n          \
        description: Yes.\n          content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}\ncomponents:\n  schemas:\n"
        .to_owned();
    for (number, schema) in schemas.enumerate() {
        let _ = writeln!(text, "    S{number}: {schema}");
    }
    text
}

fn chain(length: usize, last: &str) -> String {
    returning((0..=length).map(|number| {
        if number == length {
            last.to_owned()
        } else {
            format!("{{type: object, properties: {{next: {{$ref: '#/components/schemas/S{}'}}}}}}", number + 1)
        }
    }))
}

/// Recursion would overflow the stack, and quadratic time would be minutes.
#[test]
fn compares_a_long_chain_of_references() {
    let [base, revision] = ["{type: string}", "{type: integer}"].map(|last| read("chain", &chain(20_000, last)));
    let review = compare(&base, &revision, SETTINGS);
    let [finding] = &*review.findings else { panic!("{}", list(&review.findings)) };
    assert_eq!((finding.level, finding.operations.first().unwrap().direction), (Level::Breaking, Direction::Response));
}

#[test]
fn compares_cyclic_schemas() {
    let reference = "{$ref: '#/components/schemas/S0'}";
    for key in ["allOf", "oneOf", "anyOf"] {
        for form in [
            format!("{{{key}: [{reference}]}}"),
            format!("{{{key}: [{reference}, {{type: object, properties: {{a: WHAT}}}}]}}"),
            format!(
                "{{type: object, properties: {{a: {{{key}: [{reference}, {{type: array, items: {reference}}}]}}, b: WHAT}}}}"
            ),
            format!("{{type: array, items: {{{key}: [{{type: object, additionalProperties: {reference}}}, WHAT]}}}}"),
            format!("{{not: {{{key}: [{reference}]}}, properties: {{b: WHAT}}}}"),
        ] {
            let [base, revision] =
                ["{type: string}", "{type: boolean}"].map(|what| returning([form.replace("WHAT", what)].into_iter()));
            let review = compare(&read("base", &base), &read("revision", &revision), SETTINGS);
            assert_eq!(review.findings.is_empty(), !form.contains("WHAT"), "{form}{}", list(&review.findings));
            assert!(review.findings.len() < 3, "{form}{}", list(&review.findings));
        }
    }
}

/// Two schemas that refer to each other are equivalent to one that refers to itself.
#[test]
fn compares_a_cycle_of_two_with_a_cycle_of_one() {
    let link = |number| format!("{{type: object, properties: {{next: {{$ref: '#/components/schemas/S{number}'}}}}}}");
    let base = returning([link(1), link(0)].into_iter());
    let revision = returning([link(0)].into_iter());
    for sides in [[&base, &revision], [&revision, &base]] {
        let [base, revision] = sides.map(|text| read("cycle", text));
        let review = compare(&base, &revision, SETTINGS);
        assert!(review.count(Level::Fine) == review.findings.len(), "{}", list(&review.findings));
    }
}

/// Schemas in a circle, or in a chain, each used by an operation of its own. All of them change.
fn used_schemas(count: usize, is_cycle: bool) -> [String; 2] {
    ["string", "integer"].map(|kind| {
        let (mut paths, mut schemas) = (String::new(), String::new());
        for number in 0..count {
            paths += &format!(
                "  /p{number:05}: {{get: {{operationId: get{number}, responses: {{200: {{content: {{a/b: {{schema: {{$ref: \
                 '#/components/schemas/S{number}'}}}}}}}}}}}}}}\n"
            );
            let next = (number + 1) % count;
            let reference = format!(", next: {{$ref: '#/components/schemas/S{next}'}}");
            let reference = if next > 0 || is_cycle { reference } else { String::new() };
            schemas += &format!("    S{number}: {{properties: {{v: {{type: {kind}}}{reference}}}}}\n");
        }
        format!("openapi: 3.0.3\npaths:\n{paths}components:\n  schemas:\n{schemas}")
    })
}

#[test]
fn findings_share_their_operations() {
    for (is_cycle, expected) in [(true, [40, 40, 40]), (false, [1, 20, 40])] {
        let [base, revision] = used_schemas(40, is_cycle).map(|text| read("api.yaml", &text));
        let review = compare(&base, &revision, SETTINGS);
        assert_eq!(review.findings.len(), 40);
        let count = |schema: usize| {
            let pointer = format!("/components/schemas/S{schema}/properties/v/type");
            let found = review.findings.iter().find(|found| found.new.as_ref().unwrap().pointer == pointer).unwrap();
            let names: Vec<&str> = found.operations.iter().map(|one| one.operation.as_str()).collect();
            assert!(names.is_sorted() && names.len() == found.operations.len(), "{names:?}");
            assert!(names.contains(&format!("GET /p{schema:05}").as_str()), "{names:?}");
            names.len()
        };
        assert_eq!([0, 19, 39].map(count), expected);
    }
}

/// Lists of operations grow with the square of the number of schemas, and would have 30 GB.
#[test]
fn json_of_a_large_review_refers_to_shared_sets_of_operations() {
    for (is_cycle, sets) in [(true, 1), (false, 2_980)] {
        let [base, revision] = used_schemas(3_000, is_cycle).map(|text| read("api.yaml", &text));
        let review = compare(&base, &revision, SETTINGS);
        let decision = accept::Decision::default();
        let formats = output::Report {
            review: &review,
            decision: &decision,
            file: "",
            documents: 1,
            annotations: false,
            files: &[],
            see_all: "",
        };
        assert!(output::text(&formats).len() < 5_000_000);
        let text = output::json(&formats);
        assert!(text.len() < 20_000_000, "{}", text.len());
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["operation_sets"].as_array().unwrap().len(), sets);
        for (finding, json) in review.findings.iter().zip(report["findings"].as_array().unwrap()).step_by(100) {
            let all: Vec<&str> = finding.operations.iter().map(|one| one.operation.as_str()).collect();
            let listed = json["operations"].as_array().unwrap();
            assert_eq!(listed.len(), all.len().min(20));
            assert_eq!(json["operations_count"], all.len());
            let Some(set) = json["operation_set"].as_u64() else {
                assert!(all.len() <= 20);
                continue;
            };
            let ranges = &report["operation_sets"][usize::try_from(set).unwrap()];
            let positions = ranges
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|range| range[0].as_u64().unwrap()..=range[1].as_u64().unwrap());
            let found: Vec<&str> = positions
                .map(|at| report["operations"][usize::try_from(at).unwrap()]["operation"].as_str().unwrap())
                .collect();
            assert_eq!(found, all);
        }
    }
}
