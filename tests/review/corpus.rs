//! Pairs of documents with expected results: our own corpus, and optionally a large one with the verdicts of oasdiff.
//!
//! The large corpus is not part of this project. The environment variable `DIFF_CORPUS` names its folder.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use openapi_review::compare;
use openapi_review::document::Document;
use openapi_review::review::Review;
use openapi_review::rules::Level;
use serde_json::{Value, json};

use crate::rules::SETTINGS;
use crate::skip::skipped;

/// The cases with another verdict than the reference tool, and why ours is right.
const DISAGREEMENTS: [(&str, &str); 23] = [
    ("TestAPIGlobalSecurityScopeAdded", "tokens without the new scope are rejected"),
    ("TestAPIGlobalSecurityyAdded", "all existing requests lack a credential and are rejected"),
    ("TestBreaking_AddPatternRecursive", "the property is read-only, so no client sends it"),
    ("TestBreaking_AnyOf", "the schema allows lists only, and these have no properties"),
    ("TestBreaking_GeneralizedPattern", "clients may receive values that the old pattern excluded"),
    ("TestBreaking_MaxLengthFromNil", "all values of the `enum` are shorter than the new bound"),
    ("TestBreaking_ReqBodyNewRequiredPropertyNew", "requests without the new name in `required` are rejected"),
    ("TestBreaking_RequestBodyEnumRemoved", "without the enum, the body accepts more values than before"),
    (
        "TestBreaking_RequestParameterMaxItemsWithoutFlatten",
        "a parameter of a path is a parameter of its operations; oasdiff needs an option for this",
    ),
    ("TestBreaking_RequestPropertyAllOfAdded", "the new parts say only what other parts say already"),
    ("TestBreaking_RequestPropertyAllOfRemoved", "other parts say all that the removed parts said"),
    ("TestBreaking_RequestPropertyAnyOfRemoved", "another form accepts all values of the removed form"),
    ("TestBreaking_RequiredPropertyWriteOnlyEnabled", "clients no longer receive the property"),
    ("TestBreaking_Servers", "the only server moved, so the old address no longer works"),
    (
        "TestComponentSecurityTypeUpdated",
        "requests with an OAuth token are rejected if basic authentication is required",
    ),
    ("TestRequestPropertyAllOfAdded_WithSources_Inline", "the new part has only an optional property"),
    ("TestRequestPropertyMarkedOptional", "requests without the new name in `required` are rejected"),
    ("TestRequestRequiredPropertyBecameNonReadOnly", "requests must now have the property"),
    ("TestResponseDiscriminatorUpdatedCheckMappingChanging", "clients receive another name for the variant"),
    ("TestResponseOptionalPropertyBecameWriteOnly", "clients no longer receive the property"),
    ("TestResponsePropertyPatternChanged", "clients no longer receive a property that became write-only"),
    ("TestResponsePropertyPatternRemoved", "clients may receive values that the old pattern excluded"),
    ("TestResponseRequiredPropertyBecameWriteOnly", "clients no longer receive the property"),
];

fn cases(folder: &Path) -> Vec<Value> {
    let path = folder.join("cases.json");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn read(folder: &Path, file: &str) -> Document {
    let text = fs::read_to_string(folder.join(file)).unwrap();
    Document::parse(file, &text).unwrap_or_else(|diagnostic| panic!("{diagnostic}"))
}

fn review(folder: &Path, case: &Value) -> Review {
    let document = |key: &str| read(folder, case[key].as_str().unwrap());
    compare(&document("base"), &document("revision"), SETTINGS)
}

#[test]
fn own_corpus_has_the_expected_findings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/review/corpus");
    let cases = cases(&folder);
    let mut wrong = String::new();
    for case in &cases {
        let rust = |breaks| if breaks { "breaks Rust" } else { "keeps Rust" };
        let findings = review(&folder, case).findings;
        let found = findings.iter().map(|it| json!([it.id, it.level, rust(it.rust.breaks)])).collect::<Value>();
        if found != case["findings"] {
            wrong += &format!("\n  {}: {found} instead of {}", case["name"], case["findings"]);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    let listed = cases.iter().filter_map(|case| case["revision"].as_str()?.strip_prefix("documents/"));
    let mut listed: Vec<_> = listed.chain(["base.yaml"]).map(PathBuf::from).collect();
    let documents = fs::read_dir(folder.join("documents")).unwrap();
    let mut documents: Vec<PathBuf> = documents.map(|entry| entry.unwrap().file_name().into()).collect();
    listed.sort();
    documents.sort();
    assert_eq!(documents, listed, "each document is used by one case");
}

#[test]
#[expect(clippy::print_stderr, reason = "shows the agreement with the reference tool")]
fn verdicts_agree_with_the_reference_tool() {
    let Some(folder) = env::var_os("DIFF_CORPUS").map(PathBuf::from) else {
        skipped("only our own corpus is compared: set DIFF_CORPUS to the folder of a large one");
        return;
    };
    let is_breaking = |review: &Review| review.findings.iter().any(|finding| finding.level > Level::Fine);
    let cases = cases(&folder);
    let mut differs = BTreeMap::new();
    for case in &cases {
        let review = review(&folder, case);
        if is_breaking(&review) != case["breaking"].as_bool().unwrap() {
            let ours: Vec<String> = review
                .findings
                .iter()
                .filter(|finding| finding.level > Level::Fine || !is_breaking(&review))
                .map(|finding| format!("{} ({:?})", finding.id, finding.level))
                .collect();
            let name = case["name"].as_str().unwrap().to_owned();
            differs.insert(name, format!("oasdiff {}, ours {}", case["findings"], ours.join(", ")));
        }
    }
    let agreed = cases.len() - differs.len();
    eprintln!("{agreed} of {} verdicts agree: {:.1} %", cases.len(), 100.0 * agreed as f64 / cases.len() as f64);
    for (name, how) in &differs {
        let reason =
            DISAGREEMENTS.iter().find(|(known, _)| known == name).map_or("not explained", |(_, reason)| reason);
        eprintln!("- {name}: {reason}\n  {how}");
    }
    let different: Vec<&str> = differs.keys().map(String::as_str).collect();
    let mut explained: Vec<&str> = DISAGREEMENTS.iter().map(|(name, _)| *name).collect();
    explained.sort_unstable();
    assert_eq!(different, explained, "explain each disagreement, and no other");
}
