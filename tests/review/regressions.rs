//! Comparisons that once had a wrong level, a missing finding or a duplicate one.

use openapi_review::compare;
use openapi_review::rules::Level::{self, Breaking, Check, Fine};

use crate::rules::{SETTINGS, list, read};

/// Name, the contents of `post` and `components` of a small document, an edit, the number of findings that are not fine,
/// and the worst level.
type Case = (&'static str, &'static str, &'static str, (&'static str, &'static str), usize, Level);

const ACCEPTS_A: &str = "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}";
const RETURNS_A: &str =
    "responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}";

const CASES: &[Case] = &[
    (
        "a schema of a query and of a body",
        "parameters: [{name: q, in: query, schema: {$ref: '#/components/schemas/Id'}}]
requestBody: {content: {application/json: {schema: {type: object, properties: {id: {$ref: '#/components/schemas/Id'}}}}}}",
        "schemas: {Id: {type: integer}}",
        ("Id: {type: integer}", "Id: {type: string}"),
        1,
        Breaking,
    ),
    (
        "a default of a parameter that may be missing, shared with one that may not",
        "parameters: [{name: a, in: query, required: true, schema: {$ref: '#/components/schemas/Id'}}, {name: b, in: query, schema: {$ref: '#/components/schemas/Id'}}]",
        "schemas: {Id: {type: integer, default: 1}}",
        ("default: 1", "default: 2"),
        1,
        Check,
    ),
    (
        "required in one part, described in another",
        ACCEPTS_A,
        "schemas: {A: {allOf: [{$ref: '#/components/schemas/B'}, {type: object}]}, B: {type: object, properties: {a: {type: string}}}}",
        (", {type: object}]", ", {type: object, required: [a]}]"),
        1,
        Breaking,
    ),
    (
        "no longer required beside the parts",
        RETURNS_A,
        "schemas: {A: {required: [a], allOf: [{$ref: '#/components/schemas/B'}, {type: object}]}, B: {type: object, properties: {a: {type: string}}}}",
        ("required: [a], ", ""),
        1,
        Breaking,
    ),
    (
        "a part gone with a property that was always there",
        RETURNS_A,
        "schemas: {A: {allOf: [{$ref: '#/components/schemas/B'}, {type: object, required: [c], properties: {c: {type: string}}}, {type: object}]}, B: {type: object}}",
        (", {type: object, required: [c], properties: {c: {type: string}}}", ""),
        1,
        Breaking,
    ),
    (
        "a part gone whose properties another part has",
        RETURNS_A,
        "schemas: {A: {allOf: [{type: object, properties: {c: {type: string}}}, {type: object, properties: {c: {type: string}, d: {type: string}}}, {type: object}]}}",
        ("{type: object, properties: {c: {type: string}}}, ", ""),
        0,
        Fine,
    ),
    (
        "a form that only a discriminator leads to",
        RETURNS_A,
        "schemas: {A: {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}}, Cat: {allOf: [{$ref: '#/components/schemas/A'}, {type: object, properties: {lives: {type: integer}}}]}}",
        ("lives: {type: integer}", "lives: {type: string}"),
        1,
        Breaking,
    ),
    ("the last digit of a bound", ACCEPTS_A, "schemas: {A: {type: number, maximum: 28.82860766744404945074}}", ("074}", "073}"), 1, Breaking),
    ("an exponent", ACCEPTS_A, "schemas: {A: {type: number, maximum: 1e401}}", ("1e401", "1e400"), 1, Breaking),
    ("a tenth of a multiple", ACCEPTS_A, "schemas: {A: {type: number, multipleOf: 0.3}}", ("Of: 0.3", "Of: 0.1"), 0, Fine),
    ("a multiple of another", RETURNS_A, "schemas: {A: {type: number, multipleOf: 3}}", ("Of: 3", "Of: 2"), 1, Breaking),
    (
        "oneOf to anyOf",
        ACCEPTS_A,
        "schemas: {A: {oneOf: [{type: string}, {type: object, properties: {b: {type: string}}}]}}",
        ("oneOf", "anyOf"),
        0,
        Fine,
    ),
    (
        "a mapping to the same schema by its name",
        RETURNS_A,
        "schemas: {A: {type: object, discriminator: {propertyName: k, mapping: {c: '#/components/schemas/C'}}}, C: {type: object}}",
        ("c: '#/components/schemas/C'", "c: C"),
        0,
        Fine,
    ),
    (
        "where a callback goes",
        "callbacks: {done: {'{$request.body#/url}': {post: {responses: {'200': {description: ''}}}}}}",
        "schemas: {}",
        ("#/url}", "#/uri}"),
        1,
        Breaking,
    ),
    (
        "what a callback brings may be missing now",
        "callbacks: {done: {'{$request.body#/url}': {post: {requestBody: {required: true, content: {}}, responses: {'200': {description: ''}}}}}}",
        "schemas: {}",
        ("required: true, ", ""),
        1,
        Breaking,
    ),
    (
        "a server of its own",
        "servers: [{url: 'https://one.example'}]",
        "schemas: {}",
        ("https://one.example", "https://two.example"),
        1,
        Breaking,
    ),
    (
        "a credential less",
        "security: [{k: [], o: [r]}]",
        "securitySchemes: {k: {type: apiKey, in: header, name: K}, o: {type: http, scheme: basic}}",
        ("{k: [], o: [r]}", "{o: [r]}"),
        0,
        Fine,
    ),
    (
        "explode of one value",
        "parameters: [{name: q, in: query, explode: true, schema: {type: string}}]",
        "schemas: {}",
        ("explode: true", "explode: false"),
        0,
        Fine,
    ),
    (
        "a list of a query as text",
        "parameters: [{name: q, in: query, schema: {type: array, items: {type: string}}}]",
        "schemas: {}",
        ("type: array, items: {type: string}", "type: string"),
        1,
        Breaking,
    ),
    (
        "a part gone that is a part of itself",
        RETURNS_A,
        "schemas: {A: {allOf: [{$ref: '#/components/schemas/B'}, {type: object}, {type: string}]}, B: {allOf: [{$ref: '#/components/schemas/B'}, {type: object}]}}",
        ("{$ref: '#/components/schemas/B'}, {type: object}, {type: string}", "{type: object}, {type: string}"),
        0,
        Fine,
    ),
    (
        "a status of a range",
        "responses: {2XX: {description: ''}}",
        "schemas: {}",
        ("2XX: {description: ''}", "2XX: {description: ''}, '200': {description: ''}"),
        0,
        Fine,
    ),
];

fn document((_, call, components, _, _, _): &Case) -> String {
    let responses = if call.contains("responses") { "" } else { "      responses: {'200': {description: ''}}\n" };
    let call: String = call.lines().map(|line| format!("      {line}\n")).collect();
    format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: 1.0.0}}\npaths:\n  /a:\n    post:\n{call}{responses}components:\n  {components}\n"
    )
}

#[test]
fn findings_are_correct() {
    let mut wrong = String::new();
    for case in CASES {
        let (name, _, _, (find, replace), count, worst) = case;
        let base = document(case);
        assert_eq!(base.matches(find).count(), 1, "{name}: `{find}`");
        let findings =
            compare(&read("base.yaml", &base), &read("revision.yaml", &base.replace(find, replace)), SETTINGS).findings;
        let above = findings.iter().filter(|finding| finding.level > Fine).count();
        let seen = findings.iter().map(|finding| finding.level).max();
        if above != *count || seen != Some(*worst) {
            wrong += &format!("\n  {name}: not {count} and {worst:?}{}", list(&findings));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
