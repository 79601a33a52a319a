//! The document's schemas accept its examples and all fixtures, and each operation has the required fixtures.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use openapi_review::document::Document;
use serde_json::{Map, Value, json};
use xtask::{Workspace, lint, operations, read_document};

use crate::decode::text;
use crate::generated::OPERATIONS;

pub(crate) fn document() -> Document {
    read_document(&Workspace::here().document()).unwrap()
}

/// Converts a schema of OpenAPI 3.0 to JSON Schema, which has no `nullable`: that keyword adds null to the `type` next to
/// it, and does not affect `allOf`.
fn to_json_schema(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(to_json_schema).collect(),
        Value::Object(map) => {
            let converted: Map<_, _> = map.iter().map(|(key, value)| (key.clone(), to_json_schema(value))).collect();
            let mut converted = Value::Object(converted);
            if converted["nullable"] == true {
                converted.as_object_mut().unwrap().remove("nullable");
                if converted["type"].is_string() {
                    converted["type"] = json!([converted["type"], "null"]);
                }
            }
            converted
        }
        other => other.clone(),
    }
}

pub(crate) fn validator(document: &Document, schema: &Value) -> Validator {
    let mut root = to_json_schema(schema);
    root["components"] = to_json_schema(&document.root().get("components").unwrap().to_json());
    jsonschema::draft4::new(&root).unwrap()
}

pub(crate) fn problems(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

pub(crate) fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The fixture of an operation with every property of its schema.
pub(crate) fn full(operation: &str) -> PathBuf {
    let is_full = |file: &PathBuf| file.file_stem().is_some_and(|name| name.to_string_lossy().ends_with("-full"));
    fixtures(operation).into_iter().find(is_full).unwrap_or_else(|| panic!("tests/fixtures/{operation}/docs-full.json"))
}

#[test]
fn has_no_lint_problems() {
    lint::ensure_none(&lint::problems(&document())).unwrap();
}

#[test]
fn accepts_all_fixtures() {
    let document = document();
    let mut wrong = Vec::new();
    for (operation, name) in OPERATIONS {
        let validator = validator(&document, &json!({ "$ref": format!("#/components/schemas/{name}") }));
        for file in fixtures(operation) {
            let value: Value = serde_json::from_str(&text(&file)).unwrap();
            wrong.extend(problems(&validator, &value).iter().map(|problem| format!("{}: {problem}", file.display())));
        }
    }
    assert!(wrong.is_empty(), "the document refuses these fixtures; correct the document:\n{}", wrong.join("\n"));
}

#[test]
fn each_operation_has_its_fixtures_and_origins() {
    let problems = operations::problems(&Workspace::here()).unwrap();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn accepts_its_own_examples() {
    let document = document();
    let mut wrong = Vec::new();
    let schemas = document.root().at("/components/schemas").unwrap();
    for (name, schema) in schemas.entries() {
        for (key, property) in schema.get("properties").unwrap().entries() {
            let Some(example) = property.get("example") else { continue };
            let validator = validator(&document, &property.to_json());
            wrong.extend(
                problems(&validator, &example.to_json()).iter().map(|problem| format!("{name}.{key}: {problem}")),
            );
        }
    }
    for kind in ["parameters", "headers"] {
        for (name, node) in document.root().at(&format!("/components/{kind}")).unwrap().entries() {
            let validator = validator(&document, &node.get("schema").unwrap().to_json());
            let example = node.get("example").unwrap().to_json();
            wrong.extend(problems(&validator, &example).iter().map(|problem| format!("{name}: {problem}")));
        }
    }
    for (location, media) in media_types(&document) {
        let validator = validator(&document, &media["schema"]);
        for example in media["examples"].as_object().into_iter().flat_map(Map::values) {
            let pointer = example["$ref"].as_str().unwrap().trim_start_matches('#');
            let value = document.root().at(pointer).unwrap().get("value").unwrap().to_json();
            wrong
                .extend(problems(&validator, &value).iter().map(|problem| format!("{location}: {pointer}: {problem}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// All `application/json` bodies of the document, with their JSON pointers.
fn media_types(document: &Document) -> Vec<(String, Value)> {
    fn collect(pointer: &str, value: &Value, found: &mut Vec<(String, Value)>) {
        for (key, child) in value.as_object().into_iter().flatten() {
            let pointer = format!("{pointer}/{key}");
            if key == "application/json" {
                found.push((pointer, child.clone()));
            } else {
                collect(&pointer, child, found);
            }
        }
    }
    let mut found = Vec::new();
    collect("", &document.root().to_json(), &mut found);
    assert!(found.len() > 11, "the document describes bodies");
    found
}
