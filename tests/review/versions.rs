//! OpenAPI 3.1, and documents of which only one side is 3.1.

use std::collections::BTreeSet;

use openapi_review::document::Document;
use openapi_review::review::{Bump, Finding, Review};
use openapi_review::rules::Level::{self, Breaking, Check, Fine};
use openapi_review::{LeftOut, Settings, accept, compare, output};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::rules::{SETTINGS, list, read};

const V30: &str = "3.0.3";
const V31: &str = "3.1.0";

/// A document with one schema: in a `request`, in a `response` or in `both`.
fn document(version: &str, directions: &str, schema: &str) -> Document {
    let sent = "      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}\n";
    let received = "          content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}\n";
    let text = format!(
        "openapi: {version}\ninfo: {{title: T, version: 1.0.0}}\npaths:\n  /a:\n    post:\n{}      responses:\n        '200':\n          \
         description: OK\n{}components:\n  schemas:\n    T: {{type: object, properties: {{t: {{type: string}}}}}}\n    S: {schema}\n",
        if directions != "response" { sent } else { "" },
        if directions != "request" { received } else { "" },
    );
    Document::parse("api.yaml", &text).unwrap_or_else(|problem| panic!("{problem}\n{text}"))
}

fn schema(document: &Document) -> Value {
    document.root().at("/components/schemas/S").unwrap().to_json()
}

fn reviewed([base, revision]: [(&str, &str); 2], directions: &str) -> Review {
    let [base, revision] = [base, revision].map(|(version, schema)| document(version, directions, schema));
    compare(&base, &revision, SETTINGS)
}

fn worst(review: &Review) -> Option<Level> {
    review.findings.iter().map(|finding| finding.level).max()
}

fn warnings(document: &Document) -> Vec<String> {
    document.warnings().iter().map(ToString::to_string).collect()
}

#[test]
fn schemas_have_the_form_of_openapi_3_0() {
    for (newer, older) in [
        ("{type: [string, 'null'], maxLength: 3}", json!({"maxLength": 3, "type": "string", "nullable": true})),
        ("{type: [string]}", json!({"type": "string"})),
        ("{type: ['null']}", json!({"type": "null"})),
        ("{type: [string, null]}", json!({"type": "string", "nullable": true})),
        (
            "{type: [string, array, 'null'], maxLength: 3, items: {type: integer}, title: a, minimum: 1}",
            json!({"title": "a", "nullable": true, "anyOf": [
                {"type": "string", "maxLength": 3}, {"type": "array", "items": {"type": "integer"}}
            ]}),
        ),
        (
            "{type: [string, integer], anyOf: [{enum: [a]}, {enum: [1]}], format: int32}",
            json!({"anyOf": [{"enum": ["a"]}, {"enum": [1]}],
                "allOf": [{"anyOf": [{"type": "string"}, {"type": "integer", "format": "int32"}]}]}),
        ),
        (
            "{anyOf: [{type: string, maxLength: 3}, {type: 'null'}], title: a}",
            json!({"title": "a", "type": "string", "maxLength": 3, "nullable": true}),
        ),
        (
            "{oneOf: [{type: 'null'}, {$ref: '#/components/schemas/T'}]}",
            json!({"allOf": [{"$ref": "#/components/schemas/T"}], "nullable": true}),
        ),
        (
            "{anyOf: [{type: string}, {type: integer}, {const: null, description: no}]}",
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
        ),
        (
            "{anyOf: [{type: string, title: a}, {enum: [null]}], title: b}",
            json!({"title": "b", "allOf": [{"type": "string", "title": "a"}], "nullable": true}),
        ),
        (
            "{type: string, anyOf: [{maxLength: 3}, {type: 'null'}]}",
            json!({"type": "string", "allOf": [{"maxLength": 3}]}),
        ),
        ("{anyOf: [{type: 'null'}]}", json!({"anyOf": [{"type": "null"}]})),
        (
            "{anyOf: [{anyOf: [{type: string}, {type: 'null'}]}, {type: 'null'}]}",
            json!({"type": "string", "nullable": true}),
        ),
        ("{const: a}", json!({"enum": ["a"]})),
        ("{const: {type: [a, b]}, enum: [1, 2]}", json!({"enum": [{"type": ["a", "b"]}]})),
        (
            "{exclusiveMaximum: 5, exclusiveMinimum: 1}",
            json!({"maximum": 5, "exclusiveMaximum": true, "minimum": 1, "exclusiveMinimum": true}),
        ),
        (
            "{maximum: 4, exclusiveMaximum: 5, minimum: 1.0, exclusiveMinimum: 1}",
            json!({"maximum": 4, "minimum": 1, "exclusiveMinimum": true}),
        ),
        (
            "{$ref: '#/components/schemas/T', description: a}",
            json!({"description": "a", "allOf": [{"$ref": "#/components/schemas/T"}]}),
        ),
        (
            "{allOf: [{title: a}], $ref: '#/components/schemas/T'}",
            json!({"allOf": [{"title": "a"}, {"$ref": "#/components/schemas/T"}]}),
        ),
        (
            "{properties: {a: true, b: false}, additionalProperties: false, items: false, not: true}",
            json!({"properties": {"a": {}, "b": {"not": {}}}, "additionalProperties": false, "items": {"not": {}}, "not": {}}),
        ),
        ("{type: string, contentEncoding: base64}", json!({"type": "string", "format": "byte"})),
        ("{type: string, contentMediaType: application/octet-stream}", json!({"type": "string", "format": "binary"})),
        ("{type: object, unevaluatedProperties: false}", json!({"type": "object", "additionalProperties": false})),
        (
            "{allOf: [{type: object}], unevaluatedProperties: false}",
            json!({"allOf": [{"type": "object"}], "unevaluatedProperties": false}),
        ),
        ("{examples: [a]}", json!({"example": "a"})),
        ("{examples: [{type: [a]}, b]}", json!({"examples": [{"type": ["a"]}, "b"]})),
        (
            "{default: {const: a}, example: {nullable: true}, x-a: {const: 1}, enum: [{const: 1}]}",
            json!({"default": {"const": "a"}, "example": {"nullable": true}, "x-a": {"const": 1}, "enum": [{"const": 1}]}),
        ),
        (
            "{properties: {const: {const: a}, type: {type: [string, 'null']}}}",
            json!({"properties": {"const": {"enum": ["a"]}, "type": {"type": "string", "nullable": true}}}),
        ),
        (
            "{if: {const: 1}, then: {type: [string]}, prefixItems: [{const: 1}], patternProperties: {a: {const: 1}}}",
            json!({"if": {"enum": [1]}, "then": {"type": "string"}, "prefixItems": [{"enum": [1]}],
                "patternProperties": {"a": {"enum": [1]}}}),
        ),
    ] {
        let parsed = document(V31, "both", newer);
        assert_eq!(schema(&parsed), older, "{newer}");
        assert_eq!(warnings(&parsed), Vec::<String>::new(), "{newer}");
    }
}

#[test]
fn nodes_keep_the_position_and_pointer_of_their_source() {
    let parsed = document(
        V31,
        "request",
        "\n      type: [string, 'null']\n      exclusiveMaximum: 5\n      $ref: '#/components/schemas/T'",
    );
    let written = |pointer: &str| {
        let node = parsed.root().at(&format!("/components/schemas/S{pointer}")).unwrap();
        let source = node.as_written();
        assert_eq!((node.line(), node.column()), (source.line(), source.column()), "{pointer}");
        (source.pointer().trim_start_matches("/components/schemas/S").to_owned(), source.line(), source.to_json())
    };
    assert_eq!(
        written(""),
        (
            String::new(),
            13,
            json!({"type": ["string", "null"], "exclusiveMaximum": 5, "$ref": "#/components/schemas/T"})
        )
    );
    assert_eq!(written("/type"), ("/type/0".to_owned(), 14, json!("string")));
    assert_eq!(written("/nullable"), ("/type/1".to_owned(), 14, json!("null")));
    assert_eq!(written("/maximum"), ("/exclusiveMaximum".to_owned(), 15, json!(5)));
    assert_eq!(written("/allOf/0"), ("/$ref".to_owned(), 16, json!("#/components/schemas/T")));
    let part = parsed.root().at("/components/schemas/S/allOf/0").unwrap();
    assert_eq!(part.target(), parsed.root().at("/components/schemas/T").unwrap());
}

#[test]
fn references_into_schemas_lead_to_their_new_form() {
    let parsed = document(
        V31,
        "request",
        "{properties: {a: {anyOf: [{type: string}, {type: 'null'}]}, b: {anyOf: [{type: object}, {type: string}]}, \
         c: {$ref: '#/components/schemas/S/properties/a/anyOf/0'}, d: {$ref: '#/components/schemas/S/properties/b/anyOf/1'}, \
         e: {$ref: '#part'}, f: {$anchor: part, type: integer}}}",
    );
    let at = |name: &str| parsed.root().at(&format!("/components/schemas/S/properties/{name}")).unwrap();
    assert_eq!(at("c").target(), at("a"));
    assert_eq!(at("d").target(), at("b/anyOf/1"));
    assert_eq!(at("e").target(), at("f"));
}

/// Each pair means the same, whichever side is the newer one.
#[test]
fn versions_are_compared_by_meaning() {
    for (older, newer) in [
        ("{type: string, nullable: true}", "{type: [string, 'null']}"),
        ("{type: string, nullable: true}", "{type: ['null', string]}"),
        ("{type: string, nullable: true}", "{anyOf: [{type: string}, {type: 'null'}]}"),
        (
            "{type: object, properties: {a: {type: string, nullable: true}}}",
            "{type: object, properties: {a: {type: [string, 'null']}}}",
        ),
        (
            "{allOf: [{$ref: '#/components/schemas/T'}], nullable: true}",
            "{anyOf: [{$ref: '#/components/schemas/T'}, {type: 'null'}]}",
        ),
        (
            "{allOf: [{$ref: '#/components/schemas/T'}], description: a}",
            "{$ref: '#/components/schemas/T', description: a}",
        ),
        ("{type: string, enum: [a]}", "{type: string, const: a}"),
        ("{type: integer, maximum: 5, exclusiveMaximum: true}", "{type: integer, exclusiveMaximum: 5}"),
        ("{type: integer, minimum: 5, exclusiveMinimum: true}", "{type: integer, exclusiveMinimum: 5.0}"),
        ("{type: string, format: byte}", "{type: string, contentEncoding: base64}"),
        ("{type: string, format: binary}", "{type: string, contentMediaType: application/octet-stream}"),
        ("{type: string, example: a}", "{type: string, examples: [a]}"),
        ("{type: string, example: a}", "{type: string, examples: [a, b]}"),
        ("{type: object, properties: {a: {}}}", "{type: object, properties: {a: true}}"),
        ("{type: array, items: {type: string}}", "{type: array, items: {type: [string]}}"),
        ("{anyOf: [{type: string}, {type: integer}]}", "{type: [string, integer]}"),
        ("{type: object, additionalProperties: false}", "{type: object, unevaluatedProperties: false}"),
    ] {
        for pair in [[(V30, older), (V31, newer)], [(V31, newer), (V30, older)]] {
            let review = reviewed(pair, "both");
            assert!(worst(&review) <= Some(Fine), "{older} {newer}:\n{}", list(&review.findings));
            let said = review.findings.iter().any(|finding| finding.text.contains("same meaning"));
            assert!(!said, "{older} {newer}:\n{}", list(&review.findings));
        }
    }
}

/// The level in a request, and in a response.
#[test]
fn changes_of_openapi_3_1_are_judged() {
    for (old, new, levels) in [
        ("{type: string}", "{type: [string, 'null']}", [Fine, Breaking]),
        ("{type: [string, 'null']}", "{type: string}", [Breaking, Fine]),
        ("{type: string}", "{anyOf: [{type: string}, {type: 'null'}]}", [Fine, Breaking]),
        (
            "{$ref: '#/components/schemas/T'}",
            "{anyOf: [{$ref: '#/components/schemas/T'}, {type: 'null'}]}",
            [Fine, Breaking],
        ),
        ("{type: [string, integer]}", "{type: [string, integer, boolean]}", [Fine, Breaking]),
        ("{type: [string, integer]}", "{type: string}", [Breaking, Fine]),
        ("{type: string, const: a}", "{type: string, const: b}", [Breaking, Check]),
        ("{type: string, const: a}", "{type: string, enum: [a, b]}", [Fine, Check]),
        ("{type: string}", "{type: string, const: a}", [Breaking, Fine]),
        ("{type: integer, exclusiveMaximum: 5}", "{type: integer, exclusiveMaximum: 4}", [Breaking, Fine]),
        ("{type: integer, maximum: 5}", "{type: integer, exclusiveMaximum: 5}", [Breaking, Fine]),
        (
            "{if: {required: [a]}, then: {required: [b]}}",
            "{if: {required: [a]}, then: {required: [c]}}",
            [Check, Check],
        ),
        ("{type: object}", "{type: object, if: {required: [a]}}", [Check, Check]),
        (
            "{type: array, prefixItems: [{type: string}]}",
            "{type: array, prefixItems: [{type: integer}]}",
            [Check, Check],
        ),
        ("{type: object, dependentRequired: {a: [b]}}", "{type: object, dependentRequired: {a: [c]}}", [Check, Check]),
        ("{allOf: [{type: object}], unevaluatedProperties: false}", "{allOf: [{type: object}]}", [Check, Check]),
        (
            "{type: string, description: a, contentMediaType: text/csv}",
            "{type: string, description: b, contentMediaType: text/tsv}",
            [Check, Check],
        ),
        (
            "{$ref: '#/components/schemas/T', maxProperties: 5}",
            "{$ref: '#/components/schemas/T', maxProperties: 4}",
            [Breaking, Fine],
        ),
        ("{type: string, $comment: a}", "{type: string, $comment: b}", [Fine, Fine]),
    ] {
        for (direction, level) in ["request", "response"].into_iter().zip(levels) {
            let review = reviewed([(V31, old), (V31, new)], direction);
            assert_eq!(worst(&review), Some(level), "{direction} {old} {new}:\n{}", list(&review.findings));
            assert_eq!(review.warnings, []);
        }
        for version in [V30, V31] {
            let same = reviewed([(version, old), (version, old)], "both");
            assert_eq!(same.findings, [], "{version} {old}");
        }
    }
}

#[test]
fn a_keyword_that_cannot_be_judged_says_so() {
    let pair = ["{type: array, prefixItems: [{type: string}]}", "{type: array, prefixItems: [{type: integer}]}"];
    let review = reviewed(pair.map(|schema| (V31, schema)), "response");
    let [Finding { id, text, rule, new, .. }] = &*review.findings else { panic!("{}", list(&review.findings)) };
    assert_eq!(
        (id.as_str(), new.as_ref().unwrap().pointer.as_str()),
        ("response-body-prefix-items-keyword-changed", "/components/schemas/S/prefixItems")
    );
    assert_eq!(text, "`prefixItems` of `S` changed from `[{\"type\":\"string\"}]` to `[{\"type\":\"integer\"}]`");
    assert!(rule.reason.contains("a person has to decide"), "{}", rule.reason);
}

#[test]
fn a_schema_is_shown_as_written() {
    let review =
        reviewed([(V31, "{not: {type: string}}"), (V31, "{not: {type: [string, 'null'], const: a}}")], "request");
    let [finding] = &*review.findings else { panic!("{}", list(&review.findings)) };
    let written = "{\"type\":[\"string\",\"null\"],\"const\":\"a\"}";
    assert_eq!(finding.text, format!("`not` of `S` changed from `{{\"type\":\"string\"}}` to `{written}`"));
    assert_eq!(finding.new.as_ref().unwrap().value, written);
}

#[test]
fn a_change_below_a_keyword_that_cannot_be_judged_is_found() {
    for keyword in ["prefixItems: [HERE]", "if: HERE", "dependentSchemas: {a: HERE}", "then: {properties: {a: HERE}}"] {
        let schema = format!("{{type: object, {}}}", keyword.replace("HERE", "{$ref: '#/components/schemas/T'}"));
        let text = |kind: &str| {
            let text = format!(
                "openapi: 3.1.0\npaths: {{/a: {{get: {{responses: {{200: {{content: {{a/b: {{schema: {schema}}}}}}}}}}}}}}}\n\
                 components: {{schemas: {{T: {{properties: {{s: {{$ref: '#/components/schemas/T'}}, t: {{type: {kind}}}}}}}}}}}"
            );
            Document::parse("api.yaml", &text).unwrap()
        };
        let review = compare(&text("string"), &text("integer"), SETTINGS);
        assert_eq!(worst(&review), Some(Check), "{keyword}:\n{}", list(&review.findings));
        assert_eq!(compare(&text("string"), &text("string"), SETTINGS).findings, []);
    }
}

#[test]
fn levels_of_webhooks_depend_on_the_direction() {
    let closed = "{type: object, additionalProperties: false, properties: {a: {}}}";
    let two = "{type: object, additionalProperties: false, properties: {a: {}, b: {}}}";
    let map = "{type: object, additionalProperties: {type: string}, properties: {a: {}}}";
    let [old_name, new_name] =
        ["user_name", "userName"].map(|name| format!("{{type: object, properties: {{{name}: {{type: string}}}}}}"));
    for (old, new, received, sent) in [
        (closed, two, Breaking, Fine),
        (two, closed, Breaking, Breaking),
        (closed, map, Breaking, Fine),
        (&*old_name, &*new_name, Breaking, Check),
    ] {
        let level = |text: fn(&str) -> String| {
            let [old, new] = [old, new].map(|schema| Document::parse("api.yaml", &text(schema)).unwrap());
            worst(&compare(&old, &new, SETTINGS))
        };
        let request = |schema: &str| {
            format!(
                "{{openapi: 3.1.0, webhooks: {{a: {{post: {{requestBody: {{content: {{a/b: {{schema: {schema}}}}}}}}}}}}}}}"
            )
        };
        let response = |schema: &str| {
            format!(
                "{{openapi: 3.1.0, webhooks: {{a: {{post: {{responses: {{'200': {{content: {{a/b: {{schema: {schema}}}}}}}}}}}}}}}}}"
            )
        };
        assert_eq!((level(request), level(response)), (Some(received), Some(sent)), "{old} -> {new}");
    }
}

#[test]
fn webhooks_are_received_by_clients() {
    let hooks = |hooks: &str| {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: 1.0.0}}\nwebhooks: {hooks}\n\
            components: {{pathItems: {{Shared: {{put: {{requestBody: {{content: {{a/b: {{schema: {{type: string}}}}}}}}}}}}}}}}"
        );
        Document::parse("api.yaml", &text).unwrap()
    };
    let body = |schema: &str| {
        format!("{{post: {{operationId: hook, requestBody: {{content: {{a/b: {{schema: {schema}}}}}}}}}}}")
    };
    let compared = |old: &str, new: &str| compare(&hooks(old), &hooks(new), SETTINGS).findings;
    let [old, wider] = [body("{type: string}"), body("{type: [string, 'null']}")].map(|body| format!("{{a: {body}}}"));
    let [widened] = &*compared(&old, &wider) else { panic!("{}", list(&compared(&old, &wider))) };
    assert_eq!((widened.level, widened.operations.first().unwrap().operation.as_str()), (Breaking, "webhook POST a"));
    let [narrowed] = &*compared(&wider, &old) else { panic!("{}", list(&compared(&wider, &old))) };
    assert_eq!(narrowed.level, Fine);
    let [added] = &*compared("{}", &old) else { panic!("{}", list(&compared("{}", &old))) };
    assert_eq!((added.id.as_str(), added.text.as_str()), ("api-webhook-added", "the webhook `POST a` is new"));
    let [removed] = &*compared(&old, "{}") else { panic!("{}", list(&compared(&old, "{}"))) };
    assert_eq!((removed.id.as_str(), removed.level), ("api-webhook-removed", Breaking));
    let internal = old.replace("operationId: hook", "operationId: hook, tags: [internal]");
    let left_out = Settings { left_out: LeftOut { paths: &[], tags: &["internal".to_owned()] }, ..*SETTINGS };
    assert_eq!(compare(&hooks("{}"), &hooks(&internal), &left_out).findings, []);
    let shared = "{a: {$ref: '#/components/pathItems/Shared'}}";
    assert_eq!(
        compared(
            shared,
            &shared.replace("{a:", "{a: {put: {requestBody: {content: {a/b: {schema: {type: string}}}}}}, b:")
        )
        .len(),
        1
    );
    assert_eq!(compared(&old, &old), []);
}

#[test]
fn a_path_may_refer_to_a_shared_path_item() {
    let text = |kind: &str| {
        let text = format!(
            "openapi: 3.1.0\npaths: {{/a: {{$ref: '#/components/pathItems/A'}}}}\ncomponents: {{pathItems: {{A: {{get: {{responses: \
             {{200: {{content: {{a/b: {{schema: {{type: {kind}}}}}}}}}}}}}}}}}}}"
        );
        Document::parse("api.yaml", &text).unwrap()
    };
    let findings = compare(&text("string"), &text("integer"), SETTINGS).findings;
    let [finding] = &*findings else { panic!("{}", list(&findings)) };
    assert_eq!((finding.level, finding.operations.first().unwrap().operation.as_str()), (Breaking, "GET /a"));
}

#[test]
fn keywords_of_the_other_version_are_warnings() {
    for (version, keywords, warning) in [
        (
            V30,
            "const: a",
            "`const` has no meaning in OpenAPI 3.0, so it is not compared: remove it, or write `openapi: 3.1.0`",
        ),
        (V30, "type: [string, 'null']", "a list of types has no meaning in OpenAPI 3.0, and is read as in OpenAPI 3.1"),
        (V30, "type: 'null'", "the type `null` has no meaning in OpenAPI 3.0"),
        (
            V30,
            "exclusiveMinimum: 5",
            "a number as `exclusiveMinimum` has no meaning in OpenAPI 3.0, and is read as in OpenAPI 3.1",
        ),
        (V30, "if: {type: string}", "`if` has no meaning in OpenAPI 3.0, so it is not compared"),
        (V30, "prefixItems: []", "`prefixItems` has no meaning in OpenAPI 3.0, so it is not compared"),
        (V30, "patternProperties: {}", "`patternProperties` has no meaning in OpenAPI 3.0, so it is not compared"),
        (
            V30,
            "$ref: '#/components/schemas/T', maxLength: 3",
            "`maxLength` next to `$ref` has no meaning in OpenAPI 3.0: use `allOf`",
        ),
        (
            V31,
            "type: string, nullable: true",
            "`nullable` has no meaning in OpenAPI 3.1, so it is not compared: write `type: [T, 'null']`",
        ),
        (
            V31,
            "maximum: 5, exclusiveMaximum: true",
            "a boolean as `exclusiveMaximum` has no meaning in OpenAPI 3.1, and is read as in OpenAPI 3.0",
        ),
    ] {
        let parsed = document(version, "both", &format!("{{{keywords}}}"));
        let [found] = &*warnings(&parsed) else { panic!("{keywords}: {:?}", parsed.warnings()) };
        assert!(found.starts_with("api.yaml:14:") && found.contains(warning), "{found}");
    }
    for (version, keywords) in [
        (V30, "type: string, nullable: true"),
        (V30, "maximum: 5, exclusiveMaximum: true"),
        (V30, "$ref: '#/components/schemas/T', description: a, x-a: b"),
        (V30, "properties: {const: {type: string}, if: {}}, example: {const: a}"),
        (V31, "exclusiveMaximum: 5"),
    ] {
        assert_eq!(
            warnings(&document(version, "both", &format!("{{{keywords}}}"))),
            Vec::<String>::new(),
            "{keywords}"
        );
    }
    let many = document(V30, "both", "{properties: {a: {const: 1}, b: {const: 2}, c: {const: 3}}}");
    assert_eq!(many.warnings().len(), 1);
    assert!(many.warnings()[0].reason.ends_with("(3 times)"));
}

#[test]
fn a_keyword_of_the_other_version_is_not_judged_wrongly() {
    for (version, old, new, level) in [
        (V30, "{type: string, const: a}", "{type: string, const: b}", None),
        (V30, "{type: string}", "{type: string, if: {minLength: 3}}", None),
        (V30, "{type: [string]}", "{type: string}", None),
        (V30, "{type: [string]}", "{type: [string, 'null']}", Some(Breaking)),
        (V30, "{type: integer, maximum: 5, exclusiveMaximum: true}", "{type: integer, exclusiveMaximum: 5}", None),
        (V31, "{type: string}", "{type: string, nullable: true}", None),
    ] {
        let review = reviewed([(version, old), (version, new)], "response");
        assert_eq!(worst(&review), level, "{old} {new}:\n{}", list(&review.findings));
        assert!(!review.warnings.is_empty(), "{old} {new}");
    }
    // What the keyword means counts where its version is.
    let review = reviewed([(V30, "{type: string, const: a}"), (V31, "{type: string, const: a}")], "request");
    assert_eq!(worst(&review), Some(Breaking), "{}", list(&review.findings));
}

#[test]
fn webhooks_have_no_meaning_in_openapi_3_0() {
    let text = |name: &str| format!("openapi: 3.0.3\nwebhooks: {{{name}: {{post: {{}}}}}}\n");
    let [old, new] = ["a", "b"].map(|name| Document::parse("api.yaml", &text(name)).unwrap());
    let review = compare(&old, &new, SETTINGS);
    assert_eq!(review.findings, []);
    assert!(review.warnings[0].to_string().contains("2:1: `webhooks` has no meaning in OpenAPI 3.0"));
}

#[test]
fn the_effect_on_rust_is_left_out_for_openapi_3_1() {
    let review = reviewed([(V31, "{type: object}"), (V31, "{type: object, properties: {size: {}}}")], "request");
    assert_eq!(review.bump, Bump::Minor, "a compatible addition");
    let review = reviewed([(V31, "{type: string}"), (V31, "{type: integer}")], "response");
    assert!(review.findings.iter().all(|finding| !finding.rust.breaks && finding.rust.text.is_empty()));
    let decision = accept::Decision::default();
    let report = output::Report {
        review: &review,
        decision: &decision,
        file: "api.yaml",
        documents: 1,
        annotations: false,
        files: &[],
        see_all: "",
    };
    let text = output::text(&report);
    assert_eq!(text.matches("ust").count(), 1, "{text}");
    assert!(
        text.lines().next().unwrap().contains("effect on Rust unknown: progenitor does not read OpenAPI 3.1"),
        "{text}"
    );
    let json: Value = serde_json::from_str(&output::json(&report)).unwrap();
    assert_eq!(json["rust_unknown"], "progenitor does not read OpenAPI 3.1");
    assert_eq!(json["findings"][0]["rust"], "unknown");
}

#[test]
fn deep_schemas_are_brought_into_another_form() {
    for (open, close, levels) in
        [("{items: ", "}", 240), ("{allOf: [", "]}", 120), ("{type: [object, 'null'], properties: {a: ", "}}", 120)]
    {
        let deep = format!("{}{{const: a}}{}", open.repeat(levels), close.repeat(levels));
        let parsed = document(V31, "both", &deep);
        assert!(schema(&parsed).to_string().contains("{\"enum\":[\"a\"]}"));
    }
}

/// Writes the schemas of a document of OpenAPI 3.0 as OpenAPI 3.1 does.
fn upgraded(value: &Value) -> Value {
    let Value::Object(map) = value else {
        let items = value.as_array().map(|items| items.iter().map(upgraded).collect());
        return items.map_or_else(|| value.clone(), Value::Array);
    };
    let mut upgraded: serde_json::Map<String, Value> =
        map.iter().map(|(key, value)| (key.clone(), self::upgraded(value))).collect();
    if upgraded.get("openapi").is_some() {
        upgraded.insert("openapi".to_owned(), json!(V31));
    }
    let is_nullable = upgraded.get("nullable") == Some(&json!(true));
    if let (Some(kind), true) = (upgraded.get("type").filter(|kind| kind.is_string()).cloned(), is_nullable) {
        upgraded.insert("type".to_owned(), json!([kind, "null"]));
    }
    if is_nullable {
        upgraded.remove("nullable");
    }
    for (exclusive, bound) in [("exclusiveMaximum", "maximum"), ("exclusiveMinimum", "minimum")] {
        if upgraded.get(exclusive) == Some(&json!(true))
            && let Some(value) = upgraded.remove(bound)
        {
            upgraded.insert(exclusive.to_owned(), value);
        }
    }
    if let Some([value]) = upgraded.get("enum").and_then(Value::as_array).map(Vec::as_slice) {
        let value = value.clone();
        upgraded.remove("enum");
        upgraded.insert("const".to_owned(), value);
    }
    Value::Object(upgraded)
}

/// Removes keywords of OpenAPI 3.0 that have no effect where they are.
fn without_idle_keywords(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, companion) in
                [("nullable", "type"), ("exclusiveMaximum", "maximum"), ("exclusiveMinimum", "minimum")]
            {
                let is_set = map.get(key) == Some(&json!(true));
                let has_companion = map.get(companion).is_some_and(|value| value.is_string() || value.is_number());
                if map.get(key).is_some_and(Value::is_boolean) && !(is_set && has_companion) {
                    map.remove(key);
                }
            }
            map.values_mut().for_each(without_idle_keywords);
        }
        Value::Array(items) => items.iter_mut().for_each(without_idle_keywords),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_upgraded_document_means_the_same(mut older in crate::properties::document()) {
        without_idle_keywords(&mut older);
        let newer = upgraded(&older);
        let [older, newer] = [&older, &newer].map(|document| read("api.json", &document.to_string()));
        prop_assert_eq!(newer.warnings(), []);
        for [base, revision] in [[&older, &newer], [&newer, &older]] {
            let review = compare(base, revision, SETTINGS);
            prop_assert!(worst(&review) <= Some(Fine), "{}", list(&review.findings));
        }
    }

    #[test]
    fn findings_between_upgraded_documents_are_those_between_the_older_ones(
        one in crate::properties::document(), other in crate::properties::document(),
    ) {
        let older = [one, other].map(|mut document| {
            without_idle_keywords(&mut document);
            document
        });
        let newer = older.each_ref().map(upgraded);
        let found = |documents: &[Value; 2]| {
            let [base, revision] = documents.each_ref().map(|document| read("api.json", &document.to_string()));
            compare(&base, &revision, SETTINGS).findings
        };
        let judged = |findings: &[Finding]| {
            let judged = findings.iter().filter(|finding| finding.level > Fine);
            judged.map(|finding| (finding.level, finding.id.clone(), finding.stable_path.clone())).collect::<BTreeSet<_>>()
        };
        let findings = found(&newer);
        prop_assert_eq!(judged(&findings), judged(&found(&older)));
        for finding in &findings {
            for (side, document) in [&finding.old, &finding.new].into_iter().zip(&newer) {
                let Some(side) = side else { continue };
                prop_assert!(document.pointer(&side.pointer).is_some(), "{side:?}");
            }
        }
    }
}
