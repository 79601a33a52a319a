//! SARIF 2.1.0, the Static Analysis Results Interchange Format.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::report::{Report, acceptance, affected, clip, one_line, rust_verdict};
use crate::review::{Finding, Side};
use crate::rules::Level;

/// A SARIF log with one run. A breaking finding is an error, one to check a warning, and all others are notes. An accepted
/// finding has a suppression with its reason.
///
/// A removal has the position of the nearest parent that the new document still has.
///
/// ```
/// # use openapi_review::document::Document;
/// # use openapi_review::{Settings, compare};
/// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
/// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
/// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
/// #  ]}}}}";
/// # let base = Document::parse("main:openapi.yaml", text)?;
/// # let revision = Document::parse("openapi.yaml", &text.replace("500", "300"))?;
/// # let review = compare(&base, &revision, &Settings::default());
/// # let report = openapi_review::output::Report {
/// #     review: &review,
/// #     decision: &Default::default(),
/// #     file: revision.name(),
/// #     documents: 1,
/// #     files: &[],
/// #     annotations: false,
/// #     see_all: "run `openapi-review diff`",
/// # };
/// let log: serde_json::Value = serde_json::from_str(&openapi_review::output::sarif(&report))?;
/// assert_eq!(log["runs"][0]["results"][0]["level"], "error");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn sarif(report: &Report<'_>) -> String {
    let review = report.review;
    let ids: BTreeMap<&str, &Finding> = review.findings.iter().rev().map(|finding| (&*finding.id, finding)).collect();
    let rules: Vec<Value> = ids.values().map(|finding| rule(finding)).collect();
    let index: BTreeMap<&str, usize> = ids.keys().enumerate().map(|(at, id)| (*id, at)).collect();
    let results: Vec<Value> =
        review.findings.iter().map(|finding| result(report, finding, index[&*finding.id])).collect();
    let notifications: Vec<Value> = (report.decision.diagnostics.iter())
        .map(|diagnostic| {
            json!({
                "level": "error",
                "message": {"text": one_line(&diagnostic.reason)},
                "locations": [location(&diagnostic.file, diagnostic.line, diagnostic.column)],
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "openapi-review",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "invocations": [{
                "executionSuccessful": notifications.is_empty(),
                "toolConfigurationNotifications": notifications,
            }],
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {"verdict": one_line(&report.verdict())},
        }],
    });
    // Cannot fail: the value has only texts, numbers and booleans.
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

fn rule(finding: &Finding) -> Value {
    let rule = finding.rule;
    let mut value = json!({
        "id": finding.id,
        "shortDescription": {"text": rule.reason},
        "fullDescription": {"text": format!("On the wire: {}. Generated Rust code: {}.", rule.reason, rule.rust)},
    });
    if !rule.suggestion.is_empty() {
        value["help"] = json!({"text": format!("Instead: {}.", rule.suggestion)});
    }
    value
}

/// The maximum number of operations in a result: all of them would make a large report grow with the square of the document.
const MAX_OPERATIONS: usize = 100;

fn result(report: &Report<'_>, finding: &Finding, rule: usize) -> Value {
    let level = match finding.level {
        Level::Breaking => "error",
        Level::Check => "warning",
        Level::Fine => "note",
    };
    let mut text = vec![one_line(&clip(&finding.text, 1000))];
    let affected = one_line(&affected(finding, str::to_owned));
    if !affected.is_empty() {
        text.push(format!("Affects {affected}."));
    }
    let rust = rust_verdict(report, finding);
    if !rust.is_empty() {
        text.push(format!("Rust: {}.", one_line(&clip(&rust, 1000))));
    }
    if finding.level > Level::Fine && !finding.rule.suggestion.is_empty() {
        text.push(format!("Instead: {}.", finding.rule.suggestion));
    }
    let mut value = json!({
        "ruleId": finding.id,
        "ruleIndex": rule,
        "level": level,
        "message": {"text": text.join("\n")},
        "partialFingerprints": {"change/v1": finding.fingerprint()},
        "properties": {
            "operations": finding.operations.iter().map(|it| &it.operation).take(MAX_OPERATIONS).collect::<BTreeSet<_>>(),
            "annotation": finding.is_annotation(),
        },
    });
    let side = finding.new.as_ref().or(finding.surviving_parent.as_ref());
    let of_side = |side: &Side| location(&side.file, side.line, side.column);
    value["locations"] = match side {
        Some(side) => json!([of_side(side)]),
        None => json!([location(report.file, 1, 1)]),
    };
    if let Some(old) = &finding.old {
        let mut related = of_side(old);
        related["message"] = json!({"text": "in the old document"});
        value["relatedLocations"] = json!([related]);
    }
    if let Some(acceptance) = acceptance(report, finding) {
        let reason = format!("accepted {acceptance}");
        value["suppressions"] = json!([{"kind": "external", "justification": one_line(&reason)}]);
    }
    value
}

fn location(file: &str, line: usize, column: usize) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(file)},
            "region": {"startLine": line, "startColumn": column},
        },
    })
}

/// A relative URI. The name of a document may be `REV:PATH`, whose colon must not look like the end of a scheme.
fn uri(file: &str) -> String {
    let mut uri = String::new();
    for byte in file.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}
