//! How often our verdict is that of the field's reference tool, over pairs of documents taken from that tool's tests.
//!
//! The corpus is not part of this project. It is read from the folder that `DIFF_CORPUS` names, or from
//! `../shared/diff-corpus` beside the checkout; where there is none, the test says so and does nothing.

#![expect(clippy::print_stderr, reason = "whoever measures wants to read it")]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use openapi_review::compare;
use openapi_review::document::Document;
use openapi_review::review::Review;
use openapi_review::rules::Level;
use serde_json::Value;

use crate::rules::SETTINGS;

/// Where we differ, and why ours is right.
const DISAGREEMENTS: [(&str, &str); 7] = [
    ("TestAPIGlobalSecurityScopeAdded", "tokens that were granted without the new scope are refused"),
    ("TestAPIGlobalSecurityyAdded", "calls without a credential, which is all there were, are refused"),
    ("TestBreaking_AddPatternRecursive", "the property is read-only: no client sends it, whatever its pattern"),
    ("TestBreaking_RequestBodyEnumRemoved", "without its enum the body takes more than before, and refuses nothing"),
    (
        "TestBreaking_RequestParameterMaxItemsWithoutFlatten",
        "a parameter that stands at the path is one of its operations; theirs finds it with another option",
    ),
    ("TestBreaking_Servers", "the only server moved: the old address gets no answer"),
    ("TestComponentSecurityTypeUpdated", "clients that bring an OAuth token are refused where basic is asked for"),
];

fn corpus() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/diff-corpus");
    let folder = env::var_os("DIFF_CORPUS").map_or_else(beside, PathBuf::from);
    folder.join("cases.json").exists().then_some(folder)
}

fn read(folder: &Path, file: &str) -> Document {
    let text = fs::read_to_string(folder.join(file)).unwrap();
    Document::parse(file, &text).unwrap_or_else(|diagnostic| panic!("{diagnostic}"))
}

fn breaks(review: &Review) -> bool {
    review.findings.iter().any(|finding| finding.level > Level::Fine)
}

#[test]
fn verdicts_agree_with_the_reference_tool() {
    let Some(folder) = corpus() else {
        eprintln!("no corpus: set DIFF_CORPUS to its folder");
        return;
    };
    let cases: Vec<Value> = serde_json::from_str(&fs::read_to_string(folder.join("cases.json")).unwrap()).unwrap();
    let mut differs = BTreeMap::new();
    for case in &cases {
        let text = |key: &str| case[key].as_str().unwrap();
        let review = compare(&read(&folder, text("base")), &read(&folder, text("revision")), SETTINGS);
        if breaks(&review) != case["breaking"].as_bool().unwrap() {
            let ours: Vec<String> = review
                .findings
                .iter()
                .filter(|finding| finding.level > Level::Fine || !breaks(&review))
                .map(|finding| format!("{} ({:?})", finding.id, finding.level))
                .collect();
            differs.insert(text("name").to_owned(), format!("theirs {}, ours {}", case["findings"], ours.join(", ")));
        }
    }
    let agreed = cases.len() - differs.len();
    eprintln!("{agreed} of {} verdicts agree: {:.1} %", cases.len(), 100.0 * agreed as f64 / cases.len() as f64);
    for (name, how) in &differs {
        let reason =
            DISAGREEMENTS.iter().find(|(known, _)| known == name).map_or("NOT EXPLAINED", |(_, reason)| reason);
        eprintln!("- {name}: {reason}\n  {how}");
    }
    assert!(agreed * 100 >= cases.len() * 98, "fewer than 98 % agree");
    let explained: Vec<&str> = differs.keys().map(String::as_str).collect();
    let mut known: Vec<&str> = DISAGREEMENTS.iter().map(|(name, _)| *name).collect();
    known.sort_unstable();
    assert_eq!(explained, known, "explain each disagreement, and no other");
}
