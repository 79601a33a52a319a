//! The output formats: hostile texts are escaped, and no comment is too long.

use openapi_review::accept::{AcceptList, Decision};
use openapi_review::output::{self, Changed, Report};
use openapi_review::review::Review;
use openapi_review::rules::Level;
use proptest::collection::vec;
use proptest::prelude::*;

use serde_json::Value;

use crate::rules::{ROWS, SMALL, edited, reviewed};
use crate::sample_reviews::{HOSTILE, RULE, TODAY, finding, hostile, operation, review, side};

const SEE_ALL: &str = "run `review` without `--format`";

/// Accepts the finding `accepted` of [`hostile`], and has an entry without a finding.
fn decision(review: &Review) -> Decision {
    let text = AcceptList::default().propose(review, Level::Check, TODAY).unwrap().0;
    let accepted = text.split("[[accept]]").find(|entry| entry.contains("body accepted")).unwrap();
    let filled = accepted.replace("reason = \"\"", "reason = 'no client <b>'").replace("owner = \"\"", "owner = '@me'");
    let unused = filled.replace("fingerprint = \"", "fingerprint = \"0");
    let list = AcceptList::parse("accepted.toml", &format!("[[accept]]{filled}[[accept]]{unused}")).unwrap();
    list.apply(review, TODAY, &AcceptList::default())
}

fn report<'a>(review: &'a Review, decision: &'a Decision) -> Report<'a> {
    Report { review, decision, file: "openapi/a.yaml", documents: 1, files: &[], annotations: true, see_all: SEE_ALL }
}

fn shown(review: &Review, format: fn(&Report<'_>) -> String) -> String {
    let decision = decision(review);
    format(&report(review, &decision))
}

fn markdown(review: &Review) -> String {
    let decision = Decision::default();
    output::markdown(&report(review, &decision))
}

#[test]
fn text_has_each_finding_and_no_control_character() {
    let text = shown(&hostile(), output::text);
    let plain = anstream::adapter::strip_str(&text).to_string();
    assert!(plain.chars().all(|character| character == '\n' || !character.is_control()), "{plain}");
    assert!(text.contains("\u{1b}[1m"), "no colours: {text}");
    insta::assert_snapshot!(plain);
}

#[test]
fn markdown_folds_findings_that_are_not_breaking() {
    insta::assert_snapshot!(shown(&hostile(), output::markdown));
}

#[test]
fn json_has_everything_unescaped() {
    let text = shown(&hostile(), output::json);
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["findings"][4]["new"]["file"], HOSTILE);
    assert_eq!(value["findings"][4]["old"], Value::Null);
    insta::assert_snapshot!(text);
}

/// The schema with all keys of its objects listed: a key of the output that it does not describe is an error.
fn closed(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut map: serde_json::Map<_, _> = map.iter().map(|(key, value)| (key.clone(), closed(value))).collect();
            if map.get("type").is_some_and(|kind| kind == "object") {
                map.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            Value::Object(map)
        }
        Value::Array(items) => items.iter().map(closed).collect(),
        other => other.clone(),
    }
}

#[test]
fn json_matches_its_published_schema() {
    let schema: Value = serde_json::from_str(output::JSON_SCHEMA).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&closed(&schema)).unwrap();
    let ensure_valid = |text: &str| {
        let value: Value = serde_json::from_str(text).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    };
    // An accepted finding, a removal, an addition, and a problem of the accept list.
    let text = shown(&hostile(), output::json);
    ensure_valid(&text);
    for part in
        ["\"accepted\": {", "\"new\": null", "\"old\": null", "\"complaints\": [\n    {", "\"surviving_parent\": {"]
    {
        assert!(text.contains(part), "{part}");
    }
    ensure_valid(&output::json(&report(&review(Vec::new()), &Decision::default())));
    for row in ROWS {
        let (review, decision) = (reviewed(SMALL, &edited(row)), Decision::default());
        let changed = Changed { path: "a".to_owned(), files: 1, added: 2, removed: 3 };
        let report = Report { files: &[changed], ..report(&review, &decision) };
        ensure_valid(&output::json(&report));
    }
}

#[test]
fn sarif_has_a_result_for_each_finding() {
    let review = hostile();
    let log: Value = serde_json::from_str(&shown(&review, output::sarif)).unwrap();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), review.findings.len());
    for (result, finding) in results.iter().zip(&review.findings) {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!((&rule["id"], &result["ruleId"]), (&result["ruleId"], &Value::from(&*finding.id)));
        let location = &result["locations"][0]["physicalLocation"];
        let uri = location["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.contains([' ', '<', ':', '\n']), "{uri}");
        let side = finding.new.as_ref().or(finding.surviving_parent.as_ref()).unwrap();
        assert_eq!(location["region"]["startLine"], side.line);
        assert!(!result["message"]["text"].as_str().unwrap().contains('\u{1b}'));
    }
    let levels: Vec<&str> = results.iter().map(|result| result["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["error", "error", "error", "warning", "note", "note", "note"]);
    assert_eq!(results[2]["suppressions"][0]["kind"], "external");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false, "the accept list has a problem");
}

#[test]
fn html_escapes_texts_and_loads_nothing() {
    let page = shown(&hostile(), output::html);
    assert!(!page.contains("<img") && !page.contains('\u{1b}') && !page.contains('\u{202e}'));
    assert!(!page.contains("<link") && !page.contains("url(") && !page.contains("@import"), "the page loads something");
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(page.matches("<article ").count(), hostile().findings.len());
    let [verdict, first] = ["<h1>2 breaking", "<article class=\"breaking\""].map(|part| page.find(part).unwrap());
    assert!(verdict < first);
    assert!(page.contains("data-direction=\"response\""));
}

#[test]
fn html_marks_the_words_that_changed() {
    let mut one = finding(Level::Breaking, "a");
    one.old = Some(side("old.yaml", 3, "/paths/a/get/parameters/0", "1", "schema:\n  maximum: 500\n  type: integer"));
    one.new = Some(side("new.yaml", 3, "/paths/a/get/parameters/0", "2", "schema:\n  maximum: 300\n  type: integer"));
    let (review, decision) = (review(vec![one]), Decision::default());
    let page = output::html(&report(&review, &decision));
    for part in ["<span class=\"line\">  maximum: <mark>500</mark></span>", "  maximum: <mark>300</mark></span>"] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn changelog_groups_changes_by_operation() {
    let text = shown(&hostile(), |report| output::changelog(report, "2026-11-21"));
    insta::assert_snapshot!(text);
    let (review, decision) = (review(Vec::new()), Decision::default());
    let text = output::changelog(&report(&review, &decision), "2026-11-21");
    assert_eq!(text, "## 0.1.0 - 2026-11-21\n\nThe API did not change.\n");
}

#[test]
fn text_counts_annotations_unless_it_should_list_them() {
    let (review, decision) = (hostile(), Decision::default());
    let text = |annotations| {
        let report = Report { annotations, ..report(&review, &decision) };
        anstream::adapter::strip_str(&output::text(&report)).to_string()
    };
    assert!(
        text(false)
            .contains("\n1 change in annotations: descriptions, examples, extensions; `--annotations` shows more\n")
    );
    assert!(!text(false).contains("description-changed") && !text(false).contains("`description` of"));
    assert!(text(true).contains("\nannotation  `description` of"));
}

#[test]
fn a_removal_is_at_the_nearest_parent_that_still_exists() {
    let base = "openapi: 3.0.3
info: {title: A, version: 1.0.0}
paths:
  /a:
    get:
      parameters:
        - {name: one, in: query, schema: {type: string}}
        - name: two
          in: query
          schema:
            type: string
            enum: [a, b]
      responses: {'200': {description: Yes.}}
    delete:
      responses: {'200': {description: Yes.}}
  /b:
    get:
      responses: {'200': {description: Yes.}}
";
    let lines = |removed: &str| -> Vec<usize> {
        assert_eq!(base.matches(removed).count(), 1, "{removed}");
        let findings = reviewed(base, &base.replace(removed, "")).findings;
        findings.iter().map(|finding| finding.surviving_parent.as_ref().map_or(0, |side| side.line)).collect()
    };
    // The path, the paths, and the list of parameters.
    assert_eq!(lines("    delete:\n      responses: {'200': {description: Yes.}}\n"), [4]);
    assert_eq!(lines("  /b:\n    get:\n      responses: {'200': {description: Yes.}}\n"), [3]);
    assert_eq!(lines("        - {name: one, in: query, schema: {type: string}}\n"), [6]);
    // The parameter is another item of the list now: its `enum` is found by the name of the parameter.
    let revision =
        base.replace("        - {name: one, in: query, schema: {type: string}}\n", "").replace("[a, b]", "[a]");
    let findings = reviewed(base, &revision).findings;
    let value = findings.iter().find(|finding| finding.id.contains("enum")).unwrap();
    assert_eq!(value.surviving_parent.as_ref().map(|side| side.line), Some(11));
}

#[test]
fn github_annotations_have_one_line_each() {
    let text = shown(&hostile(), output::github);
    assert!(text.lines().all(|line| line.starts_with("::")), "{text}");
    assert!(!text.contains('\r') && !text.contains('\u{1b}'), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn all_formats_report_no_change() {
    let (review, decision) = (review(Vec::new()), Decision::default());
    let report = report(&review, &decision);
    assert_eq!(anstream::adapter::strip_str(&output::text(&report)).to_string(), "no change\n");
    assert_eq!(output::markdown(&report), "**Document diff:** no change\n");
    assert_eq!(output::github(&report), "::notice title=document diff::no change\n");
    assert!(output::json(&report).contains("\"bump\": \"none\""));
}

#[test]
fn verdict_names_a_sufficient_version() {
    let mut review = review(vec![finding(Level::Breaking, "a")]);
    review.versions[1] = "0.2.0".to_owned();
    review.version_suffices = true;
    let decision = Decision::default();
    let report = report(&review, &decision);
    assert_eq!(report.verdict(), "1 breaking, 0 to check, 0 fine; 1 breaks Rust; version 0.2.0 is sufficient");
    review.required_version = None;
    review.versions[0] = "one".to_owned();
    let report = self::report(&review, &decision);
    let expected =
        "1 breaking, 0 to check, 0 fine; 1 breaks Rust; requires a new version, but one is not a semantic version";
    assert_eq!(report.verdict(), expected);
}

#[test]
fn github_annotations_are_limited() {
    let levels = [Level::Breaking, Level::Check, Level::Fine];
    let review =
        review(levels.into_iter().flat_map(|level| (0..25).map(move |n| finding(level, &n.to_string()))).collect());
    let decision = Decision::default();
    let report = report(&review, &decision);
    let text = output::github(&report);
    let count = |kind| text.lines().filter(|line| line.starts_with(kind)).count();
    assert_eq!([count("::error "), count("::warning "), count("::notice ")], [10, 10, 1]);
    assert!(text.contains(&format!("::error title=document diff::… and 16 more: {SEE_ALL}\n")), "{text}");
}

#[test]
fn markdown_leaves_out_the_least_important_findings() {
    let many = |breaking, fine| {
        let breaking = (0..breaking).map(|number| finding(Level::Breaking, &format!("b{number}")));
        let fine = (0..fine).map(|number| finding(Level::Fine, &format!("f{number}")));
        markdown(&review(breaking.chain(fine).collect()))
    };
    let note = |text: &str| text.lines().nth(2).unwrap().to_owned();
    assert_eq!(note(&many(3, 50)), "### 3 breaking");
    let omitted = |what| format!("Too long for a comment. Left out: {what}. To see everything, {SEE_ALL}.");
    assert_eq!(note(&many(3, 250)), omitted("snippets of fine findings"));
    let text = many(3, 1000);
    assert_eq!(note(&text), omitted("1000 of 1000 fine"));
    assert_eq!(text.matches("```diff").count(), 3);
    assert_eq!(note(&many(180, 1000)), omitted("snippets of breaking findings, 1000 of 1000 fine"));
    assert_eq!(note(&many(400, 1000)), omitted("details of breaking findings, 1000 of 1000 fine"));
    let text = many(3000, 1);
    let shown = text.matches("is now required").count();
    assert!(shown > 500, "{shown}");
    assert!(note(&text).contains(&format!("{} of 3000 breaking", 3000 - shown)), "{}", note(&text));
    assert!(text.contains(&format!("… and {} more: {SEE_ALL}", 3000 - shown)), "{}", note(&text));
}

#[test]
fn rules_are_a_markdown_table() {
    insta::assert_snapshot!(output::rules(std::iter::once(&RULE)), @r"
    | rule | in requests | in responses | reason | suggestion | Rust |
    |---|---|---|---|---|---|
    | `*-became-required` | breaking | fine | requests without it are rejected \| always | keep it optional, and give it a default | `Option<T>` becomes `T` |
    ");
}

/// `text` without its fenced blocks. Panics if a fence is not closed.
fn outside_fences(text: &str) -> Vec<&str> {
    let mut open: Option<&str> = None;
    let mut outside = Vec::new();
    for line in text.lines() {
        let content = line.trim_start();
        let marks = &content[..content.len() - content.trim_start_matches('`').len()];
        match open {
            Some(mark) if marks.len() >= mark.len() && content == marks => open = None,
            Some(_) => assert!(line.starts_with("  "), "outside of the list item: {line:?}"),
            None if marks.len() >= 3 && content[marks.len()..] == *"diff" => open = Some(marks),
            None => outside.push(line),
        }
    }
    assert_eq!(open, None, "an open fence");
    outside
}

fn hostile_text() -> impl Strategy<Value = String> {
    const PARTS: &[&str] = &[
        "`",
        "```",
        "\n",
        "\r",
        "<details>",
        "</details>",
        "<!--",
        "@all",
        " ",
        "a",
        "|",
        "\u{1b}",
        "~~~",
        "  - ",
        "\\",
    ];
    vec(prop_oneof![4 => proptest::sample::select(PARTS).prop_map(str::to_owned), 1 => "\\PC{0,9}"], 0..30)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]

    #[test]
    fn markdown_is_well_formed_and_short_enough(
        texts in vec((hostile_text(), hostile_text(), hostile_text(), 0..3_usize), 1..12),
        copies in prop_oneof![Just(1_usize), 1..100_usize],
        blow_up in prop_oneof![Just(1_usize), 1..300_usize],
    ) {
        let mut findings = Vec::new();
        for (text, snippet, name, level) in texts {
            let mut one = finding([Level::Breaking, Level::Check, Level::Fine][level], &name);
            one.text = text.repeat(blow_up);
            one.new = Some(side(&name, 1, "/info", "0", &snippet));
            one.operations = [operation(&name)].into_iter().collect();
            findings.resize(findings.len() + copies, one);
        }
        let text = markdown(&review(findings));
        prop_assert!(text.chars().count() < 65_536);
        prop_assert!(text.len() <= output::MAX_BYTES);
        prop_assert!(text.starts_with("**Document diff:** "));
        prop_assert!(!text.contains(['\r', '\x1b']));
        let mut depth = 0;
        for line in outside_fences(&text) {
            match line {
                "<details>" => depth += 1,
                "</details>" => depth -= 1,
                _ if line.starts_with("<summary>") => {}
                _ => prop_assert!(!without_code(line).contains(['<', '@', '[', '~']), "{line}"),
            }
            prop_assert!((0..=1).contains(&depth), "{line}");
        }
        prop_assert_eq!(depth, 0);
    }
}

/// A line of Markdown without its code spans.
fn without_code(line: &str) -> String {
    let mut rest = line;
    let mut output = String::new();
    while let Some(begin) = rest.find('`') {
        let marks = rest[begin..].len() - rest[begin..].trim_start_matches('`').len();
        output += &rest[..begin];
        let inside = &rest[begin + marks..];
        let mut end = 0;
        rest = loop {
            let Some(next) = inside[end..].find('`') else { panic!("an open code span: {line}") };
            let run = inside[end + next..].len() - inside[end + next..].trim_start_matches('`').len();
            end += next + run;
            if run == marks {
                break &inside[end..];
            }
        };
    }
    output + rest
}
