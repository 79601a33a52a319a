//! Reviews written by hand, to test the formats and the accept list.

use openapi_review::accept::Date;
use openapi_review::progenitor_effect::{Effect, RuleEffect};
use openapi_review::review::{AffectedOperation, Bump, Direction, Finding, Operations, Review, Side};
use openapi_review::rules::{Level, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "*-became-required",
    request: Level::Breaking,
    response: Level::Fine,
    message: "{subject} is now required",
    reason: "requests without it are rejected | always",
    suggestion: "keep it optional, and give it a default",
    rust: RuleEffect::Breaks("`Option<T>` becomes `T`"),
};

static ANNOTATION: Rule = Rule {
    id: "{}-changed",
    request: Level::Fine,
    response: Level::Fine,
    message: "{subject} {new}",
    reason: "annotations do not affect clients",
    suggestion: "",
    rust: RuleEffect::Nothing,
};

pub(crate) const TODAY: Date = Date { year: 2026, month: 11, day: 21 };

pub(crate) fn side(file: &str, line: usize, pointer: &str, value: &str, snippet: &str) -> Side {
    let [file, pointer, value, snippet] = [file, pointer, value, snippet].map(str::to_owned);
    Side { file, line, column: 7, pointer, value, snippet }
}

pub(crate) fn operations(count: usize) -> Operations {
    let one = |number| AffectedOperation {
        operation: format!("GET /v1/things/{number}"),
        id: Some(format!("get_thing_{number}")),
        direction: Direction::Response,
    };
    (1..=count).map(one).collect()
}

/// An operation without an `operationId`.
pub(crate) fn operation(name: &str) -> AffectedOperation {
    AffectedOperation { operation: name.to_owned(), id: None, direction: Direction::Response }
}

/// A change of `required` in a request body of one operation.
pub(crate) fn finding(level: Level, name: &str) -> Finding {
    let pointer = format!("/paths/~1v1~1things/get/requestBody/{name}");
    Finding {
        id: "request-property-became-required".to_owned(),
        rule: &RULE,
        level,
        rust: Effect { breaks: true, text: format!("`{name}: Option<Decimal>` becomes `{name}: Decimal`") },
        stable_path: format!("get_thing_1 request body {name}"),
        canonical_values: [Some("false".to_owned()), Some("true".to_owned())],
        old: Some(side("main:openapi/a.yaml", 12, &pointer, "false", "required: []\ntype: object")),
        new: Some(side("openapi/a.yaml", 14, &pointer, "true", "required: [a]\ntype: object")),
        surviving_parent: None,
        operations: operations(1),
        text: format!("property `{name}` is now required"),
    }
}

pub(crate) fn review(findings: Vec<Finding>) -> Review {
    let none = findings.is_empty();
    Review {
        findings,
        bump: if none { Bump::None } else { Bump::Minor },
        versions: ["0.1.0".to_owned(), "0.1.0".to_owned()],
        required_version: (!none).then(|| "0.2.0".to_owned()),
        version_suffices: none,
        warnings: Vec::new(),
        rust_unknown: None,
    }
}

/// A text that every format must escape.
pub(crate) const HOSTILE: &str =
    "a`b ```\n```\r::error::x</details><img src=x> @everyone #1 | [x](http://x) \u{1b}[31m100%,\u{202e}: *b*";

/// One finding of each kind, all of them full of [`HOSTILE`].
pub(crate) fn hostile() -> Review {
    let mut shared = finding(Level::Breaking, "amount");
    shared.old = Some(side("main:openapi/a.yaml", 3, "/components/schemas/A/properties/amount", "1", HOSTILE));
    shared.new = Some(side("openapi/a.yaml", 5, "/components/schemas/A/properties/amount", "2", "amount: 2"));
    shared.operations = operations(11);
    let mut removed = finding(Level::Breaking, "x");
    removed.text = format!("operation {HOSTILE} was removed");
    removed.id = HOSTILE.to_owned();
    removed.new = None;
    removed.surviving_parent = Some(side("openapi/a.yaml", 9, "/paths/~1v1~1things", "{}", ""));
    let mut check = finding(Level::Check, "y");
    check.text = format!("property `{HOSTILE}` changed");
    check.rust = Effect { breaks: false, text: HOSTILE.to_owned() };
    check.operations = [operation(HOSTILE)].into_iter().collect();
    let mut added = finding(Level::Fine, "z");
    added.old = None;
    added.new = Some(side(HOSTILE, 1, "/info", "\"x\"", HOSTILE));
    added.operations = Operations::default();
    added.rust = Effect { breaks: false, text: String::new() };
    let rust = finding(Level::Fine, "rust");
    let mut annotation = finding(Level::Fine, "annotation");
    annotation.rule = &ANNOTATION;
    annotation.id = "description-changed".to_owned();
    annotation.text = format!("`description` of {HOSTILE} changed");
    annotation.rust = Effect::default();
    let mut review =
        review(vec![shared, removed, finding(Level::Breaking, "accepted"), check, added, rust, annotation]);
    review.versions[1] = HOSTILE.to_owned();
    review
}
