//! Compares the verdict of openapi-review with the values that prove or disprove it.

use std::collections::BTreeSet;

use fastrand::Rng;
use jsonschema::{Draft, Validator};
use openapi_review::document::Document;
use openapi_review::review::Direction::{self, Request, Response};
use openapi_review::rules::Level;
use openapi_review::{Settings, compare};
use serde_json::{Value, json};

use super::Case;
use super::instances::Instances;
use super::readings::{Reading, has_discriminators, inlined};
use super::schemas::places;

/// Values that are tried before a change counts as safe.
const ATTEMPTS: usize = 300;
/// Values that are tried before a breaking finding counts as a false alarm.
const MORE_ATTEMPTS: usize = 6_000;

/// Rules that judge a proven change below breaking on purpose.
const MILD: [(&str, Direction, &str); 6] = [
    ("*-enum-value-added", Response, "services add values all the time; clients are told to expect them"),
    ("*-enum-removed", Response, "the same, for all values at once"),
    ("*-{}-of-added", Response, "the same, for forms"),
    ("*-pattern-changed", Request, "which of two patterns allows more cannot be decided in general"),
    ("*-not-changed", Request, "which of two negations allows more is left to a person"),
    ("*-not-changed", Response, "which of two negations allows more is left to a person"),
];

/// Rules that call a change breaking that no value shows, on purpose.
const STRICT: [(&str, Direction, &str); 4] = [
    ("{}-removed", Response, "clients read the property, whatever its values; no value shows the loss"),
    ("response-required{}-property-removed", Response, "the same"),
    ("*-renamed", Response, "the same: the old name is lost"),
    ("{}-became-write-only", Response, "the same: the property is no longer sent"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// A breaking finding, and a value that shows why.
    Breaking,
    /// No breaking finding, and no value that would break.
    Safe,
    /// A proven change that a rule judges below breaking on purpose.
    Mild,
    /// A breaking finding without a value that shows it, on purpose.
    Strict,
    /// A part of a schema allows no value at all, so that values show nothing.
    Unsatisfiable,
    /// A value is refused, and no finding is breaking.
    Missed,
    /// A breaking finding, and no value is refused.
    FalseAlarm,
}

pub(crate) const VERDICTS: [Verdict; 7] = [
    Verdict::Breaking,
    Verdict::Safe,
    Verdict::Mild,
    Verdict::Strict,
    Verdict::Unsatisfiable,
    Verdict::Missed,
    Verdict::FalseAlarm,
];

#[derive(Debug, Clone)]
pub(crate) struct Judgement {
    pub(crate) verdict: Verdict,
    /// Level, id and text of each finding.
    pub(crate) findings: Vec<(Level, String, String)>,
    /// The ids of the rules with breaking findings.
    pub(crate) breaking: Vec<String>,
    /// The rules of all other findings.
    others: Vec<String>,
    pub(crate) witness: Option<Value>,
}

impl Judgement {
    /// The rules that are to blame.
    pub(crate) fn ids(&self) -> String {
        let mut ids = if self.verdict == Verdict::Missed { self.others.clone() } else { self.breaking.clone() };
        ids.sort();
        ids.dedup();
        ids.join(" ")
    }
}

/// None if a side is no valid document or schema.
pub(super) fn judge(case: &Case, rng: &mut Rng) -> Option<Judgement> {
    let [old, new] = [document(case, 0)?, document(case, 1)?];
    let review = compare(&old, &new, &Settings { today: "2026-08-15", ..Settings::default() });
    let rules = |breaking: bool| {
        let found = review.findings.iter().filter(|finding| (finding.level == Level::Breaking) == breaking);
        found.map(|finding| finding.rule.id.to_owned()).collect::<Vec<_>>()
    };
    let [breaking, others] = [true, false].map(rules);
    let is_listed = |list: &[(&str, Direction, &str)], rule: &String| {
        list.iter().any(|(id, direction, _)| id == rule && *direction == case.direction)
    };
    let (sender, receiver) = match case.direction {
        Request => (&case.sides[0], &case.sides[1]),
        Response => (&case.sides[1], &case.sides[0]),
    };
    let schemas = [sender, receiver].map(|side| inlined(&side["schema"], &side["components"]));
    let must = breaking.is_empty();
    let discriminates = schemas.iter().all(|schema| has_discriminators(schema) == Some(true));
    let hiding = if case.direction == Request { "readOnly" } else { "writeOnly" };
    let reading = |sends, must| Reading { hiding, sends, must, selects: discriminates || !must && !sends };
    let sent = validator(&reading(true, must).json_schema(&schemas[0]))?;
    let received = validator(&reading(false, must).json_schema(&schemas[1]))?;
    let attempts = if must { ATTEMPTS } else { MORE_ATTEMPTS };
    let witness = witness(rng, [&schemas[0], &schemas[1]], [&sent, &received], attempts);
    let verdict = match (must, witness.is_some()) {
        (false, true) => Verdict::Breaking,
        (true, false) => Verdict::Safe,
        (true, true) if others.iter().any(|rule| is_listed(&MILD, rule)) => Verdict::Mild,
        (false, false) if breaking.iter().all(|rule| is_listed(&STRICT, rule)) => Verdict::Strict,
        _ if !case.sides.iter().all(|side| is_satisfiable(side, rng, reading(true, false))) => Verdict::Unsatisfiable,
        (true, true) => Verdict::Missed,
        (false, false) => Verdict::FalseAlarm,
    };
    let findings = review.findings.into_iter().map(|finding| (finding.level, finding.id, finding.text)).collect();
    Some(Judgement { verdict, findings, breaking, others, witness })
}

fn document(case: &Case, side: usize) -> Option<Document> {
    let side = &case.sides[side];
    let content = json!({"application/json": {"schema": side["schema"]}});
    let operation = match case.direction {
        Request => json!({
            "requestBody": {"required": true, "content": content},
            "responses": {"204": {"description": ""}},
        }),
        Response => json!({"responses": {"200": {"description": "", "content": content}}}),
    };
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Any", "version": "1.0.0"},
        "paths": {"/a": {"post": operation}},
        "components": {"schemas": side["components"]},
    });
    let text = document.to_string().replace("\"#/components/", "\"#/components/schemas/");
    Document::parse("document", &text).ok()
}

fn validator(schema: &Value) -> Option<Validator> {
    jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).build(schema).ok()
}

/// A value that is sent and refused.
fn witness(rng: &mut Rng, schemas: [&Value; 2], [sent, received]: [&Validator; 2], attempts: usize) -> Option<Value> {
    let mut instances = Instances::new(rng, schemas);
    (0..attempts).find_map(|attempt| {
        let mut value = instances.valid(schemas[usize::from(attempt % 5 == 4)]);
        if attempt % 5 > 2 {
            instances.mutate(&mut value);
        }
        (!received.is_valid(&value) && sent.is_valid(&value)).then_some(value)
    })
}

/// Whether each schema of a side allows a value, each of its properties occurs in one, and each form is chosen by one.
fn is_satisfiable(side: &Value, rng: &mut Rng, reading: Reading) -> bool {
    let places = places(side).into_iter().filter(|place| !place.contains("/not"));
    places.filter_map(|place| side.pointer(&place)).all(|schema| {
        let schema = inlined(schema, &side["components"]);
        let forms = ["oneOf", "anyOf"].into_iter().flat_map(|key| schema[key].as_array().into_iter().flatten());
        let chosen = forms.map(|form| json!({"allOf": [form, schema]}));
        allows_values(&schema, rng, reading) && chosen.into_iter().all(|schema| allows_values(&schema, rng, reading))
    })
}

fn allows_values(schema: &Value, rng: &mut Rng, reading: Reading) -> bool {
    let Some(validator) = validator(&reading.json_schema(schema)) else { return false };
    let mut missing = properties(schema);
    let mut instances = Instances::new(rng, [schema, schema]);
    let mut is_allowed = false;
    (0..MORE_ATTEMPTS).any(|_| {
        let value = instances.valid(schema);
        if validator.is_valid(&value) {
            is_allowed = true;
            missing.retain(|name| value.get(name).is_none());
        }
        is_allowed && missing.is_empty()
    })
}

/// The names of the properties of a schema and its parts.
fn properties(schema: &Value) -> BTreeSet<String> {
    let own = schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone());
    own.chain(schema["allOf"].as_array().into_iter().flatten().flat_map(properties)).collect()
}
