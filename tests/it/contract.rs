//! The document without its texts, as a snapshot. It includes what generated code does not show, such as credentials,
//! common headers and deprecations. Reviewers read its diff next to the document's.

use std::fmt::Write;

use openapi_review::document::Node;
use serde_json::Value;

use crate::document::document;

/// The name of a schema, or a short description of one without a name.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap().to_owned();
    }
    let mut words = vec![schema["type"].as_str().unwrap_or("any").to_owned()];
    words.extend(schema["allOf"].as_array().into_iter().flatten().map(kind));
    words.extend(schema["format"].as_str().map(str::to_owned));
    words.extend(schema.get("items").map(|items| format!("of {}", kind(items))));
    for flag in ["nullable", "deprecated"] {
        words.extend((schema[flag] == true).then(|| flag.to_owned()));
    }
    for bound in ["minimum", "maximum"] {
        words.extend(schema.get(bound).map(|value| format!("{bound} {value}")));
    }
    words.join(" ")
}

fn content(node: Node<'_>) -> String {
    let media = node.get("content").into_iter().flat_map(Node::entries);
    media.map(|(name, media)| format!("{name} {}", kind(&media.get("schema").unwrap().to_json()))).collect()
}

fn is_true(node: Node<'_>, key: &str) -> bool {
    node.get(key).is_some_and(|value| value.bool() == Some(true))
}

fn parameters(node: Node<'_>, out: &mut String) {
    for parameter in node.get("parameters").into_iter().flat_map(Node::items).map(Node::target) {
        let [location, name] = ["in", "name"].map(|key| parameter.get(key).unwrap().text().unwrap());
        let required = if is_true(parameter, "required") { " required" } else { "" };
        writeln!(out, "  {location} {name}: {}{required}", kind(&parameter.get("schema").unwrap().to_json())).unwrap();
    }
}

fn operation(title: &str, operation: Node<'_>, out: &mut String) {
    let id = operation.get("operationId").unwrap().text().unwrap();
    writeln!(out, "{title}: {id} {}", operation.get("tags").unwrap().to_json()).unwrap();
    writeln!(out, "  security {}", operation.get("security").unwrap().to_json()).unwrap();
    parameters(operation, out);
    if let Some(body) = operation.get("requestBody") {
        let required = if is_true(body, "required") { " required" } else { "" };
        writeln!(out, "  body: {}{required}", content(body)).unwrap();
    }
    for (status, response) in operation.get("responses").unwrap().entries() {
        let response = response.target();
        let headers = response.get("headers").into_iter().flat_map(Node::entries);
        let headers: Vec<_> = headers
            .map(|(name, header)| format!("{name}: {}", kind(&header.target().get("schema").unwrap().to_json())))
            .collect();
        writeln!(out, "  {status}: {} {{{}}}", content(response), headers.join(", ")).unwrap();
    }
}

#[test]
fn is_recorded_in_a_snapshot() {
    let document = document();
    let mut out = String::new();
    for server in document.root().get("servers").unwrap().items() {
        writeln!(out, "server {}", server.get("url").unwrap().text().unwrap()).unwrap();
    }
    for (name, scheme) in document.root().at("/components/securitySchemes").unwrap().entries() {
        let [kind, flows] = ["type", "flows"].map(|key| scheme.get(key).unwrap().to_json());
        writeln!(out, "security scheme {name}: {kind} {flows:#}").unwrap();
    }
    for (path, item) in document.root().get("paths").unwrap().entries() {
        writeln!(out, "\n{path}").unwrap();
        parameters(item, &mut out);
        for (method, node) in item.entries().filter(|(key, _)| *key != "parameters") {
            operation(method, node, &mut out);
        }
    }
    for (name, schema) in document.root().at("/components/schemas").unwrap().entries() {
        let required = schema.get("required").map(|names| format!(" required {}", names.to_json()));
        writeln!(out, "\n{name}: {}{}", kind(&schema.to_json()), required.unwrap_or_default()).unwrap();
        for (key, property) in schema.get("properties").unwrap().entries() {
            writeln!(out, "  {key}: {}", kind(&property.to_json())).unwrap();
        }
    }
    insta::assert_snapshot!("contract", out);
}
