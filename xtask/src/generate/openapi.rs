//! The document in the form that progenitor needs, without the parts for readers and other tools.

use std::collections::BTreeSet;

use openapi_review::document::{Document, Node};
use openapiv3::OpenAPI;
use serde_json::Value;

/// Headers that the client sends with its calls. The client's `ClientHooks` set them in one place, so the generated
/// methods do not take them as arguments.
pub const CLIENT_HEADERS: [&str; 6] = [
    "MS-Contract-Version",
    "MS-CorrelationId",
    "MS-PartnerCenter-Application",
    "MS-RequestId",
    "ValidateMfa",
    "X-Locale",
];

/// Converts the document, or fails at the location that OpenAPI 3.0 does not allow.
pub(super) fn prepare(document: &Document) -> anyhow::Result<OpenAPI> {
    let mut value = document.root().to_json();
    strip_extensions(&mut value);
    strip_nullable_of_named_schemas(&mut value);
    strip_client_headers(&mut value);
    serde_path_to_error::deserialize(&value).map_err(|error| {
        let path = error.path().to_string();
        let pointer: String =
            error.path().iter().map(|step| format!("/{}", step.to_string().replace('/', "~1"))).collect();
        let reason = format!("not a valid OpenAPI 3.0 document at {path}: {}", error.inner());
        nearest(document, &pointer).diagnostic(reason).into()
    })
}

/// The deepest existing node on the path of `pointer`.
fn nearest<'a>(document: &'a Document, pointer: &str) -> Node<'a> {
    let mut end = pointer.len();
    loop {
        if let Some(node) = document.root().at(&pointer[..end]) {
            return node;
        }
        end = pointer[..end].rfind('/').unwrap_or(0);
    }
}

/// Progenitor compares schemas with their `x-` keys: a schema of format decimal with `x-source` does not match the schema
/// of the conversion.
fn strip_extensions(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !key.starts_with("x-"));
            map.values_mut().for_each(strip_extensions);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_extensions),
        _ => {}
    }
}

/// OpenAPI 3.0.3 requires `nullable` on a schema that nullable properties refer to. Progenitor would then turn the type
/// itself into an option, and accept a whole response body of `null`.
fn strip_nullable_of_named_schemas(document: &mut Value) {
    let mut references = BTreeSet::new();
    collect_nullable_references(document, &mut references);
    for reference in references {
        let schema = reference.strip_prefix('#').and_then(|pointer| document.pointer_mut(pointer));
        if let Some(schema) = schema.and_then(Value::as_object_mut) {
            schema.remove("nullable");
        }
    }
}

/// Collects the references in `allOf` next to `nullable: true`.
fn collect_nullable_references(value: &Value, references: &mut BTreeSet<String>) {
    if value["nullable"] == true {
        let parts = value["allOf"].as_array().into_iter().flatten();
        references.extend(parts.filter_map(|part| Some(part["$ref"].as_str()?.to_owned())));
    }
    match value {
        Value::Object(members) => members.values().for_each(|value| collect_nullable_references(value, references)),
        Value::Array(items) => items.iter().for_each(|value| collect_nullable_references(value, references)),
        _ => {}
    }
}

fn strip_client_headers(document: &mut Value) {
    let named: Vec<String> = document["components"]["parameters"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, parameter)| is_client_header(parameter))
        .map(|(name, _)| format!("#/components/parameters/{name}"))
        .collect();
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for item in paths.values_mut().filter_map(Value::as_object_mut) {
        let operations = item.values_mut().filter_map(|operation| operation.get_mut("parameters"));
        operations.for_each(|list| remove_client_headers(list, &named));
        item.get_mut("parameters").into_iter().for_each(|list| remove_client_headers(list, &named));
    }
}

fn remove_client_headers(parameters: &mut Value, named: &[String]) {
    if let Some(list) = parameters.as_array_mut() {
        list.retain(|parameter| match parameter["$ref"].as_str() {
            Some(reference) => !named.iter().any(|name| name == reference),
            None => !is_client_header(parameter),
        });
    }
}

fn is_client_header(parameter: &Value) -> bool {
    parameter["in"] == "header" && parameter["name"].as_str().is_some_and(|name| CLIENT_HEADERS.contains(&name))
}
