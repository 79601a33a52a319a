//! Generates a large document, and edits of it.

use serde_json::{Map, Value, json};

/// A document with pairs of paths of two operations each, and schemas that refer to each other.
pub(crate) fn large(paths: usize, schemas: usize) -> Value {
    let schemas = schemas.max(8);
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Large", "version": "2.4.0", "description": "Many things, each with much to say."},
        "servers": [{"url": "https://api.example.com"}, {"url": "https://eu.example.com"}],
        "tags": (0..20).map(|tag| json!({"name": format!("group {tag}"), "description": "Things that belong together."}))
            .collect::<Vec<_>>(),
        "security": [{"key": []}],
        "paths": (0..paths).flat_map(|number| path(number, schemas)).collect::<Map<_, _>>(),
        "components": {
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
                "oauth": {"type": "oauth2", "flows": {"clientCredentials": {
                    "tokenUrl": "https://login.example.com/token",
                    "scopes": {"read": "Reads.", "write": "Writes."},
                }}},
            },
            "parameters": {
                "Trace": {"name": "X-Trace", "in": "header", "schema": {"type": "string", "maxLength": 64}},
                "Page": {"name": "page", "in": "query", "schema": {"type": "integer", "format": "int32", "minimum": 1}},
            },
            "responses": {
                "Missing": {
                    "description": "There is no such thing.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Schema0"}}},
                },
            },
            "schemas": (0..schemas).map(|number| (format!("Schema{number}"), schema(number, schemas)))
                .collect::<Map<_, _>>(),
        },
    })
}

fn path(number: usize, schemas: usize) -> [(String, Value); 2] {
    let reference =
        |step: usize| json!({"$ref": format!("#/components/schemas/Schema{}", (number * 5 + step) % schemas)});
    let words =
        "What it does, in a sentence that is as long as such sentences are, with a second half for good measure.";
    let common = json!([
        {"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}},
        {"$ref": "#/components/parameters/Trace"},
    ]);
    let headers = json!({
        "X-Count": {"description": "How many there are.", "schema": {"type": "integer", "format": "int64"}},
        "X-Kind": {"required": true, "schema": {"type": "string", "enum": ["whole", "part"]}},
    });
    let answer = |schema: Value| {
        json!({
            "200": {
                "description": "What was asked for.",
                "headers": headers,
                "content": {"application/json": {"schema": schema}},
            },
            "404": {"$ref": "#/components/responses/Missing"},
            "default": {"$ref": "#/components/responses/Missing"},
        })
    };
    let list = json!({
        "get": {
            "operationId": format!("list_things_{number}"),
            "tags": [format!("group {}", number % 20)],
            "summary": format!("Lists things of kind {number}"),
            "description": words,
            "parameters": [
                {"$ref": "#/components/parameters/Page"},
                {"name": "size", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}},
                {"name": "sort", "in": "query", "schema": {"type": "string", "enum": ["name", "date"]}},
                {"name": "only", "in": "query", "style": "form", "explode": true,
                    "schema": {"type": "array", "items": {"type": "string"}}},
            ],
            "responses": answer(json!({"type": "array", "maxItems": 100, "items": reference(0)})),
        },
        "post": {
            "operationId": format!("make_thing_{number}"),
            "tags": [format!("group {}", number % 20)],
            "summary": format!("Makes a thing of kind {number}"),
            "description": words,
            "security": [{"oauth": ["write"]}],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": 80},
                    "count": {"type": "integer", "minimum": 0, "maximum": 999},
                    "kind": {"type": "string", "enum": ["small", "big"]},
                    "code": {"type": "string", "pattern": "^[A-Z]+$"},
                    "lines": {"type": "array", "maxItems": 50, "items": {"type": "string"}},
                    "shape": {"oneOf": [reference(1), reference(2)]},
                    "note": {"type": "string", "nullable": true},
                    "fast": {"type": "boolean", "default": false},
                },
            }}}},
            "responses": answer(reference(3)),
        },
    });
    let one = json!({
        "parameters": common,
        "get": {
            "operationId": format!("get_thing_{number}"),
            "summary": format!("Reads one thing of kind {number}"),
            "description": words,
            "responses": answer(reference(4)),
        },
        "delete": {
            "operationId": format!("drop_thing_{number}"),
            "summary": format!("Drops one thing of kind {number}"),
            "description": words,
            "responses": {"204": {"description": "It is gone."}},
        },
    });
    [(format!("/v1/things-{number}"), list), (format!("/v1/things-{number}/{{id}}"), one)]
}

fn schema(number: usize, schemas: usize) -> Value {
    // References to neighbours and to earlier schemas, so that all are used and there are cycles.
    let reference = |other: usize| json!({"$ref": format!("#/components/schemas/Schema{}", other % schemas)});
    match number % 8 {
        6 => json!({
            "description": "One of two things.",
            "oneOf": [reference(number + 1), reference(number + 2)],
        }),
        7 => json!({
            "description": "A thing with what others have.",
            "allOf": [reference(number + 1), {"type": "object", "properties": {"more": {"type": "string"}}}],
        }),
        _ => json!({
            "type": "object",
            "description": format!("A thing of kind {number}, with all that belongs to it."),
            "required": ["id", "state"],
            "properties": {
                "id": {"type": "string", "format": "uuid", "description": "What it is known by."},
                "state": {"type": "string", "enum": ["open", "closed", "lost"], "description": "How far it is."},
                "amount": {"type": "number", "minimum": 0, "maximum": 100_000, "description": "How much of it."},
                "count": {"type": "integer", "format": "int64", "description": "How many of it there are."},
                "made": {"type": "string", "format": "date-time", "description": "When it was made."},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "parts": {"type": "array", "maxItems": 10, "items": reference(number + 1)},
                "next": reference(number + 3),
                "back": reference(number / 2),
                "title": {"type": "string", "maxLength": 120, "nullable": true, "description": "What to call it."},
            },
        }),
    }
}

/// An edit: a JSON pointer, and the new value; none for a removal.
pub(crate) type Edit = (String, Option<Value>);

/// Edits of different kinds at distant positions. The second list has edits of annotations.
pub(crate) fn edits() -> [Vec<Edit>; 2] {
    let body = |number: usize, rest: &str| {
        format!("/paths/~1v1~1things-{number}/post/requestBody/content/application~1json/schema/{rest}")
    };
    let list = |number: usize, rest: &str| format!("/paths/~1v1~1things-{number}/get/{rest}");
    let one = |number: usize, rest: &str| format!("/paths/~1v1~1things-{number}~1{{id}}/{rest}");
    let answer = |number: usize, rest: &str| list(number, &format!("responses/200/{rest}"));
    // Schemas whose number leaves 0 to 5 by 8 are objects, 6 a choice, 7 a sum.
    let schema = |number: usize, rest: &str| format!("/components/schemas/Schema{number}/{rest}");
    let set = |pointer: String, value: Value| (pointer, Some(value));
    let gone = |pointer: String| (pointer, None);
    let real = vec![
        set(body(1, "required"), json!(["name", "count"])),
        set(body(2, "properties/name/maxLength"), json!(40)),
        set(body(3, "properties/name/minLength"), json!(2)),
        set(body(4, "properties/count/maximum"), json!(99)),
        set(body(5, "properties/count/minimum"), json!(1)),
        set(body(6, "properties/kind/enum"), json!(["small"])),
        set(body(7, "properties/kind/enum"), json!(["small", "big", "huge"])),
        set(body(8, "properties/code/pattern"), json!("^[A-Z0-9]+$")),
        gone(body(9, "properties/code/pattern")),
        set(body(10, "properties/lines/maxItems"), json!(20)),
        set(body(11, "properties/lines/uniqueItems"), json!(true)),
        gone(body(12, "properties/note/nullable")),
        set(body(13, "properties/fast/default"), json!(true)),
        set(body(14, "properties/count/type"), json!("string")),
        gone(body(15, "properties/note")),
        set(body(16, "properties/other"), json!({"type": "string"})),
        set(body(17, "additionalProperties"), json!(false)),
        set(body(18, "minProperties"), json!(2)),
        set(body(19, "properties/count/multipleOf"), json!(5)),
        gone(body(20, "properties/shape/oneOf/1")),
        gone("/paths/~1v1~1things-21/post/requestBody/required".to_owned()),
        gone("/paths/~1v1~1things-22/post/requestBody".to_owned()),
        set("/paths/~1v1~1things-23/post/security/0/oauth".to_owned(), json!(["write", "read"])),
        set("/paths/~1v1~1things-24/post/security".to_owned(), json!([{"key": []}, {"oauth": ["write"]}])),
        set("/paths/~1v1~1things-25/post/operationId".to_owned(), json!("create_thing_25")),
        set(list(26, "parameters/1/schema/maximum"), json!(50)),
        set(list(27, "parameters/1/schema/default"), json!(10)),
        set(list(28, "parameters/1/required"), json!(true)),
        gone(list(29, "parameters/2")),
        set(list(30, "parameters/2/schema/enum"), json!(["name", "date", "size"])),
        set(list(31, "parameters/3/explode"), json!(false)),
        set(list(32, "parameters/3/style"), json!("pipeDelimited")),
        set(list(33, "parameters/4"), json!({"name": "until", "in": "query", "schema": {"type": "string"}})),
        set(list(34, "deprecated"), json!(true)),
        set(answer(35, "content/application~1json/schema/maxItems"), json!(500)),
        gone(answer(36, "headers/X-Kind")),
        gone(answer(37, "headers/X-Count")),
        set(answer(38, "headers/X-Kind/schema/enum"), json!(["whole", "part", "none"])),
        set(answer(39, "headers/X-Kind/required"), json!(false)),
        set(answer(40, "content/text~1csv"), json!({"schema": {"type": "string"}})),
        gone(list(41, "responses/404")),
        set(list(42, "responses/202"), json!({"description": "Later."})),
        gone(one(43, "delete")),
        set(one(44, "put"), json!({"responses": {"204": {"description": "Done."}}})),
        set(one(45, "parameters/0/schema/format"), json!("byte")),
        set(schema(8, "properties/state/enum"), json!(["open", "closed", "lost", "found"])),
        set(schema(17, "properties/amount/maximum"), json!(200_000)),
        set(schema(26, "properties/count/format"), json!("int32")),
        set(schema(35, "properties/title/maxLength"), json!(200)),
        set(schema(44, "required"), json!(["id"])),
        gone(schema(53, "properties/made")),
        set(schema(56, "properties/extra"), json!({"type": "integer"})),
        gone(schema(65, "properties/title/nullable")),
        set(schema(74, "properties/parts/maxItems"), json!(20)),
        set(schema(83, "properties/labels/additionalProperties"), json!({"type": "integer"})),
    ];
    let words = vec![
        set(list(46, "summary"), json!("Lists all things")),
        set(list(47, "description"), json!("Other words.")),
        set(schema(88, "description"), json!("Other words.")),
        set(schema(97, "properties/amount/description"), json!("Other words.")),
        set(list(48, "x-owner"), json!("nobody")),
    ];
    [real, words]
}

/// Applies edits, whose parents must exist.
pub(crate) fn change(document: &mut Value, edits: &[Edit]) {
    for (pointer, value) in edits {
        let (above, last) = pointer.rsplit_once('/').unwrap();
        let parent = document.pointer_mut(above).unwrap_or_else(|| panic!("no {above}"));
        match (parent, value) {
            (Value::Object(map), Some(value)) => drop(map.insert(last.replace("~1", "/"), value.clone())),
            (Value::Object(map), None) => assert!(map.remove(&last.replace("~1", "/")).is_some(), "no {pointer}"),
            (Value::Array(list), Some(value)) => match list.get_mut(last.parse::<usize>().unwrap()) {
                Some(item) => *item = value.clone(),
                None => list.push(value.clone()),
            },
            (Value::Array(list), None) => drop(list.remove(last.parse().unwrap())),
            _ => panic!("no {above}"),
        }
    }
}

/// Converts JSON to YAML in block style.
pub(crate) fn yaml(value: &Value) -> String {
    let mut text = String::new();
    block(value, 0, &mut text);
    text
}

fn block(value: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                text.push_str(&format!("{indent}{}:", plain(key)));
                below(value, depth, text);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            for value in list {
                text.push_str(&format!("{indent}-"));
                below(value, depth, text);
            }
        }
        _ => text.push_str(&format!("{indent}{value}\n")),
    }
}

fn below(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            text.push('\n');
            block(value, depth + 1, text);
        }
        Value::Array(list) if !list.is_empty() => {
            text.push('\n');
            block(value, depth + 1, text);
        }
        Value::String(string) => text.push_str(&format!(" {}\n", plain(string))),
        _ => text.push_str(&format!(" {value}\n")),
    }
}

/// A text, quoted only if necessary.
fn plain(text: &str) -> String {
    let simple = |letter: char| letter.is_ascii_alphanumeric() || " ._/-".contains(letter);
    let word = text.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !text.ends_with(' ');
    if word
        && text.chars().all(simple)
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&&*text.to_lowercase())
    {
        text.to_owned()
    } else {
        Value::from(text).to_string()
    }
}
