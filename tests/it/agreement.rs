//! The generated types have the shape that the document describes: the JSON Schema that schemars derives from each type
//! agrees with the document's schema.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::document;
use crate::generated::derived_schemas;

/// A property as both sides describe it.
#[derive(Debug, PartialEq)]
struct Shape {
    kind: String,
    nullable: bool,
    required: bool,
}

type Shapes = BTreeMap<String, Shape>;

fn name_of(reference: &Value) -> String {
    reference.as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// A kind such as `number decimal`, `array of Link` or `any`.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema.get("$ref").or_else(|| schema["allOf"][0].get("$ref")) {
        return name_of(reference);
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("array"), _) => format!("array of {}", kind(&schema["items"])),
        // A date keeps its text, so that an unusual one does not make a page unreadable.
        (Some("string"), Some("date-time")) | (Some("string"), None) => "string".to_owned(),
        (Some(kind), Some(format)) => format!("{kind} {format}"),
        (Some(kind), None) => kind.to_owned(),
        (None, _) => "any".to_owned(),
    }
}

fn required(schema: &Value, key: &str) -> bool {
    schema["required"].as_array().is_some_and(|names| names.iter().any(|name| name == key))
}

fn documented(schema: &Value) -> Shapes {
    let shape = |(key, property): (&String, &Value)| {
        let nullable = property["nullable"] == true || kind(property) == "any";
        (key.clone(), Shape { kind: kind(property), nullable, required: required(schema, key) })
    };
    schema["properties"].as_object().unwrap().iter().map(shape).collect()
}

fn derived(schema: &Value) -> Shapes {
    let shape = |(key, property): (&String, &Value)| {
        let mut property = property.clone();
        let mut nullable = false;
        if let Some(types) = property["type"].as_array().cloned() {
            nullable = types.iter().any(|name| name == "null");
            property["type"] = types.into_iter().find(|name| name != "null").unwrap();
        }
        if let Some(branches) = property.get("anyOf").and_then(Value::as_array).cloned() {
            nullable = branches.iter().any(|branch| branch["type"] == "null");
            property = branches.into_iter().find(|branch| branch["type"] != "null").unwrap();
        }
        let kind = kind(&property);
        (key.clone(), Shape { nullable: nullable || kind == "any", kind, required: required(schema, key) })
    };
    schema["properties"].as_object().unwrap().iter().map(shape).collect()
}

#[test]
fn types_and_document_agree() {
    let document = document();
    let schemas = document.root().at("/components/schemas").unwrap();
    let derived_schemas = derived_schemas();
    assert_eq!(derived_schemas.len(), schemas.entries().count(), "the table in generated.rs has every schema");
    for (name, schema) in derived_schemas {
        assert_eq!(derived(schema.as_value()), documented(&schemas.get(name).unwrap().to_json()), "{name}");
    }
}
