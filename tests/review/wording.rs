//! Edits of annotations, order and formatting, which affect no client and no program.

use openapi_review::compare;
use openapi_review::document::Document;
use openapi_review::rules::Level;
use serde_json::{Value, json};

use crate::generated_documents as large;
use crate::rules::{SETTINGS, list, read};

const OWN: &str = include_str!("../../openapi/partner-center-budgets.yaml");

/// Documents to edit as text: ours, and a large generated one.
fn documents() -> [(&'static str, String); 2] {
    [("own", OWN.to_owned()), ("large", large::yaml(&large::large(6, 30)))]
}

/// The findings that an edit may have.
#[derive(Clone, Copy, PartialEq)]
enum Allowed {
    Nothing,
    Annotations,
}

/// Compares with the edited text in both directions. Returns unexpected findings.
fn wrong(name: &str, base: &Document, text: &str, allowed: Allowed) -> String {
    let revision = read("revision.yaml", text);
    let mut wrong = String::new();
    for [old, new] in [[base, &revision], [&revision, base]] {
        let mut findings = compare(old, new, SETTINGS).findings;
        if allowed == Allowed::Annotations {
            if findings.is_empty() {
                wrong += &format!("\n  {name}: not found");
            }
            findings.retain(|finding| finding.level > Level::Fine || finding.rust.breaks);
        }
        if !findings.is_empty() {
            wrong += &format!("\n  {name}:{}", list(&findings));
        }
    }
    wrong
}

/// Lines with an annotation, to which another word can be appended.
fn annotation_lines(text: &str) -> Vec<usize> {
    let keys = ["description: ", "summary: ", "title: ", "x-source: "];
    let single = |line: &str| {
        let Some((_, value)) = keys.iter().find_map(|key| line.split_once(key)) else { return false };
        line.trim_start().split(':').next().is_some_and(|key| keys.contains(&&*format!("{key}: ")))
            && value.starts_with(|letter: char| letter.is_ascii_alphabetic())
    };
    text.lines().enumerate().filter(|(_, line)| single(line)).map(|(number, _)| number).collect()
}

fn with_line(text: &str, number: usize, edit: impl Fn(&str) -> String) -> String {
    let lines = text.lines().enumerate();
    lines.map(|(other, line)| if other == number { edit(line) } else { line.to_owned() } + "\n").collect()
}

#[test]
fn another_word_in_an_annotation_is_fine() {
    let (mut count, mut all) = (0, String::new());
    for (name, text) in documents() {
        let base = read("base.yaml", &text);
        let lines = annotation_lines(&text);
        let step = (lines.len() / 60).max(1);
        for number in lines.into_iter().step_by(step) {
            let edited = with_line(&text, number, |line| format!("{line} indeed"));
            all += &wrong(&format!("{name}, line {}", number + 1), &base, &edited, Allowed::Annotations);
            count += 1;
        }
    }
    assert!(count >= 100, "{count}");
    assert!(all.is_empty(), "{all}");
}

#[test]
fn another_extension_or_example_is_fine() {
    let (mut count, mut all) = (0, String::new());
    for (name, text) in documents() {
        let value = read("base.yaml", &text).root().to_json();
        let base = read("base.json", &value.to_string());
        let mut places = Vec::new();
        annotatable(&value, String::new(), &mut places);
        let step = (places.len() / 50).max(1);
        for (number, (place, is_schema)) in places.iter().enumerate().step_by(step) {
            let mut edited = value.clone();
            let map = edited.pointer_mut(place).unwrap().as_object_mut().unwrap();
            match number % 3 {
                0 if *is_schema => map.insert("example".to_owned(), json!({"a": [1, 2.5, null]})),
                // Not `title`, because a generated type may be named after it.
                1 if *is_schema => map.insert("externalDocs".to_owned(), json!({"url": "https://example.com/more"})),
                _ => map.insert("x-more".to_owned(), json!({"required": true, "type": "string", "enum": ["a"]})),
            };
            all += &wrong(&format!("{name} {place}"), &base, &edited.to_string(), Allowed::Annotations);
            count += 1;
        }
    }
    assert!(count >= 100, "{count}");
    assert!(all.is_empty(), "{all}");
}

/// Schemas, operations and the document itself.
fn annotatable(value: &Value, pointer: String, places: &mut Vec<(String, bool)>) {
    let Value::Object(map) = value else {
        for (number, item) in value.as_array().into_iter().flatten().enumerate() {
            annotatable(item, format!("{pointer}/{number}"), places);
        }
        return;
    };
    let is_schema = map.get("type").is_some_and(Value::is_string) && !pointer.contains("/securitySchemes/");
    if (is_schema || map.contains_key("responses") || map.contains_key("openapi")) && !map.contains_key("components") {
        places.push((pointer.clone(), is_schema));
    }
    for (key, value) in map {
        if !["example", "examples", "default"].contains(&&**key) && !key.starts_with("x-") {
            annotatable(value, format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), places);
        }
    }
}

type Edit = fn(&str) -> String;

#[test]
fn formatting_is_no_change() {
    let edits: [(&str, Edit); 14] = [
        ("no end of line at the end", |text| text.trim_end().to_owned()),
        ("empty lines at the end", |text| format!("{text}\n\n\n")),
        ("end of lines as on Windows", |text| text.replace('\n', "\r\n")),
        ("a start of a document", |text| format!("---\n{text}")),
        ("a comment above each line", |text| {
            each_line(text, |line| format!("{}# why not\n{line}", &line[..line.len() - line.trim_start().len()]))
        }),
        ("a comment behind words", |text| {
            each_line(
                text,
                |line| if line.ends_with("type: string") { format!("{line}  # as ever") } else { line.to_owned() },
            )
        }),
        ("spaces behind colons", |text| text.replace(": true\n", ":    true\n")),
        ("single quotes", |text| text.replace("type: string\n", "type: 'string'\n")),
        ("double quotes", |text| text.replace("type: string\n", "type: \"string\"\n")),
        ("quoted keys", |text| text.replace(" type: ", " 'type': ").replace(" schema:", " \"schema\":")),
        ("escaped letters", |text| text.replace("type: object\n", "type: \"\\x6fbject\"\n")),
        ("deeper indentation", |text| {
            each_line(text, |line| format!("{}{line}", &line[..line.len() - line.trim_start().len()]))
        }),
        ("flow style", |text| read("flow", text).root().to_json().to_string()),
        ("block style", |text| large::yaml(&read("block", text).root().to_json())),
    ];
    let mut all = String::new();
    for (name, text) in documents() {
        let base = read("base.yaml", &text);
        for (what, edit) in edits {
            // In our document, some values span several lines.
            let by_line = ["a comment above each line", "deeper indentation"].contains(&what);
            // A JSON value rounds numbers to `f64`.
            let by_value = ["flow style", "block style"].contains(&what);
            if by_line || by_value {
                let text = large::yaml(&base.root().to_json());
                let base = read("base.yaml", &text);
                all += &wrong(&format!("{name}, {what}"), &base, &edit(&text), Allowed::Nothing);
                continue;
            }
            all += &wrong(&format!("{name}, {what}"), &base, &edit(&text), Allowed::Nothing);
        }
    }
    assert!(all.is_empty(), "{all}");
}

fn each_line(text: &str, edit: impl Fn(&str) -> String) -> String {
    text.lines().map(|line| edit(line) + "\n").collect()
}

#[test]
fn notation_of_numbers_is_no_change() {
    let document = |number: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: A, version: 1.0.0}}\npaths:\n  /a:\n    get:\n      parameters:\n        - name: n\n          \
             in: query\n          schema: {{type: number, maximum: {number}, minimum: {number}, multipleOf: {number}, \
             default: {number}, enum: [{number}], maxLength: {number}}}\n      responses: {{'200': {{description: Yes.}}}}\n"
        )
    };
    let mut all = String::new();
    for (one, other) in
        [("1", "1.0"), ("100", "1e2"), ("100", "1.0e+2"), ("0.5", "5e-1"), ("0.50", "0.5"), ("-3", "-3.0")]
    {
        let base = read("base.yaml", &document(one));
        all += &wrong(&format!("{one} and {other}"), &base, &document(other), Allowed::Nothing);
    }
    assert!(all.is_empty(), "{all}");
}

#[test]
fn each_of_many_edits_has_one_finding() {
    let document = large::large(60, 120);
    let [real, words] = large::edits();
    let base = read("base.json", &document.to_string());
    let mut revision = document.clone();
    large::change(&mut revision, &real);
    large::change(&mut revision, &words);
    let all = compare(&base, &read("revision.json", &revision.to_string()), SETTINGS).findings;
    assert_eq!(all.len(), real.len() + words.len(), "{}", list(&all));
    let of_words = all.iter().filter(|finding| finding.rule.id == "{}-changed").count();
    assert_eq!(of_words, words.len());
}
