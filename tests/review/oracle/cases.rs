//! The oracle on seeded pairs, and on counter-examples that it once found.

use fastrand::Rng;
use openapi_review::document::Document;
use openapi_review::review::Direction::{self, Request, Response};
use serde_json::json;

use super::judge::judge;
use super::{Case, Verdict, counterexamples, describe, run};

const PAIRS: usize = 300;

/// At most one false alarm in so many pairs.
const PAIRS_PER_FALSE_ALARM: usize = 100;

#[test]
fn values_confirm_the_verdicts_on_generated_pairs() {
    let figures = run(PAIRS, 7);
    let list = || {
        let examples = counterexamples(&figures);
        examples.iter().map(|(_, case, judgement)| describe(case, judgement)).collect::<String>()
    };
    assert_eq!(figures.pairs, PAIRS);
    assert!(
        figures.count(Verdict::Breaking) > PAIRS / 10 && figures.count(Verdict::Safe) > PAIRS / 10,
        "{}",
        figures.summary()
    );
    assert_eq!(figures.count(Verdict::Missed), 0, "{}", list());
    assert!(figures.count(Verdict::FalseAlarm) * PAIRS_PER_FALSE_ALARM <= PAIRS, "{}", list());
}

/// Name, direction, old schema, new schema, and the verdict.
const CASES: &[(&str, Direction, &str, &str, Verdict)] = &[
    (
        "property without a schema became required",
        Request,
        "{type: object}",
        "{type: object, required: [c]}",
        Verdict::Breaking,
    ),
    (
        "property added that a map had with another type",
        Request,
        "{type: object, additionalProperties: {type: string}}",
        "{type: object, properties: {b: {type: array}}}",
        Verdict::Breaking,
    ),
    (
        "property removed from a closed object",
        Request,
        "{type: object, additionalProperties: false, properties: {b: {type: string}}}",
        "{type: object, additionalProperties: false}",
        Verdict::Breaking,
    ),
    (
        "property added to a map with other values",
        Response,
        "{type: object, additionalProperties: {type: string}}",
        "{type: object, additionalProperties: {type: string}, properties: {a: {type: integer}}}",
        Verdict::Breaking,
    ),
    (
        "property added to a closed object",
        Response,
        "{type: object, additionalProperties: false}",
        "{type: object, additionalProperties: false, properties: {d: {type: string}}}",
        Verdict::Breaking,
    ),
    (
        "property became a value of a map with another type",
        Response,
        "{type: object, properties: {a: {type: number}}}",
        "{type: object, additionalProperties: {type: string}}",
        Verdict::Breaking,
    ),
    (
        "part with a bound removed",
        Response,
        "{allOf: [{type: string}, {type: string, maxLength: 4}]}",
        "{type: string}",
        Verdict::Breaking,
    ),
    ("only part removed", Response, "{allOf: [{type: string}]}", "{}", Verdict::Breaking),
    ("form of another type", Request, "{type: string}", "{anyOf: [{type: object}]}", Verdict::Breaking),
    ("type that was no form", Response, "{anyOf: [{type: array}]}", "{type: string}", Verdict::Breaking),
    (
        "null allowed beside a part that allowed it",
        Response,
        "{type: object, allOf: [{type: object, nullable: true}]}",
        "{type: object, nullable: true}",
        Verdict::Breaking,
    ),
    ("type dropped for a format", Request, "{type: string}", "{format: uuid}", Verdict::Breaking),
    ("part without effect added", Request, "{type: integer}", "{allOf: [{type: integer}, {}]}", Verdict::Safe),
    ("part without effect in a response", Response, "{type: integer}", "{allOf: [{type: integer}, {}]}", Verdict::Safe),
    (
        "same form under the other keyword",
        Request,
        "{oneOf: [{type: number}]}",
        "{anyOf: [{type: number}]}",
        Verdict::Safe,
    ),
    ("single form", Response, "{type: string}", "{oneOf: [{type: string}]}", Verdict::Safe),
    ("wider type instead of an enum", Request, "{type: number, enum: [1]}", "{type: integer}", Verdict::Safe),
    ("enum instead of a type", Response, "{type: number}", "{enum: [0]}", Verdict::Safe),
    ("pattern that matches everything", Request, "{type: string}", "{type: string, pattern: '.*'}", Verdict::Safe),
    (
        "covered form removed",
        Request,
        "{anyOf: [{type: string}, {type: string, minLength: 2}]}",
        "{anyOf: [{type: string}]}",
        Verdict::Safe,
    ),
    (
        "write-only property sent with another type",
        Response,
        "{type: object, properties: {c: {type: integer, writeOnly: true}}}",
        "{type: object, properties: {c: {type: string}}}",
        Verdict::Safe,
    ),
    ("null without a type", Request, "{type: array, nullable: true}", "{}", Verdict::Safe),
];

#[test]
fn values_confirm_the_verdicts_on_former_counter_examples() {
    for (name, direction, old, new, verdict) in CASES {
        let sides = [old, new].map(|text| {
            let schema = Document::parse(
                "schema",
                &format!("openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\npaths: {{}}\nx-schema: {text}"),
            );
            json!({"schema": schema.unwrap().root().to_json()["x-schema"], "components": {}})
        });
        let case = Case { direction: *direction, sides };
        let judgement = judge(&case, &mut Rng::with_seed(1)).expect("a valid document");
        assert_eq!(judgement.verdict, *verdict, "{name}{}", describe(&case, &judgement));
    }
}
