//! Edits of words, order and form only: whatever they do, no client and no program notices.

use openapi_review::compare;
use openapi_review::document::Document;
use openapi_review::review::Level;
use serde_json::{Value, json};

use crate::blind_spots::{SETTINGS, read, told};
use crate::large;

const OWN: &str = include_str!("../../openapi/partner-center-budgets.yaml");

/// Documents that are edited as text: ours, written by people, and a large one, made by a program.
fn documents() -> [(&'static str, String); 2] {
    [("own", OWN.to_owned()), ("large", large::yaml(&large::large(6, 30)))]
}

/// How much may be found.
#[derive(Clone, Copy, PartialEq)]
enum Allowed {
    Nothing,
    Words,
}

/// Compares with the edited text, both ways. Returns what is wrong.
fn wrong(name: &str, base: &Document, text: &str, allowed: Allowed) -> String {
    let revision = read("revision.yaml", text);
    let mut wrong = String::new();
    for [old, new] in [[base, &revision], [&revision, base]] {
        let mut findings = compare(old, new, SETTINGS).findings;
        if allowed == Allowed::Words {
            if findings.is_empty() {
                wrong += &format!("\n  {name}: not found");
            }
            findings.retain(|finding| finding.level > Level::Fine || finding.rust.breaks);
        }
        if !findings.is_empty() {
            wrong += &format!("\n  {name}:{}", told(&findings));
        }
    }
    wrong
}

/// Lines that end with a plain word after one of the keys of words, where a word more makes no other document.
fn worded(text: &str) -> Vec<usize> {
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
fn a_word_more_is_fine() {
    let (mut count, mut all) = (0, String::new());
    for (name, text) in documents() {
        let base = read("base.yaml", &text);
        let lines = worded(&text);
        let step = (lines.len() / 60).max(1);
        for number in lines.into_iter().step_by(step) {
            let edited = with_line(&text, number, |line| format!("{line} indeed"));
            all += &wrong(&format!("{name}, line {}", number + 1), &base, &edited, Allowed::Words);
            count += 1;
        }
    }
    assert!(count >= 100, "{count}");
    assert!(all.is_empty(), "{all}");
}

/// Where an extension can stand: at every map of the format that is none of names.
#[test]
fn an_extension_or_example_more_is_fine() {
    let (mut count, mut all) = (0, String::new());
    for (name, text) in documents() {
        let value = read("base.yaml", &text).root().to_json();
        let base = read("base.json", &value.to_string());
        let mut places = Vec::new();
        places_of_words(&value, String::new(), &mut places);
        let step = (places.len() / 50).max(1);
        for (number, (place, is_schema)) in places.iter().enumerate().step_by(step) {
            let mut edited = value.clone();
            let map = edited.pointer_mut(place).unwrap().as_object_mut().unwrap();
            match number % 3 {
                0 if *is_schema => map.insert("example".to_owned(), json!({"a": [1, 2.5, null]})),
                // No title: a generated type may be named after it.
                1 if *is_schema => map.insert("externalDocs".to_owned(), json!({"url": "https://example.com/more"})),
                _ => map.insert("x-more".to_owned(), json!({"required": true, "type": "string", "enum": ["a"]})),
            };
            all += &wrong(&format!("{name} {place}"), &base, &edited.to_string(), Allowed::Words);
            count += 1;
        }
    }
    assert!(count >= 100, "{count}");
    assert!(all.is_empty(), "{all}");
}

/// Schemas, operations and the document itself.
fn places_of_words(value: &Value, pointer: String, places: &mut Vec<(String, bool)>) {
    let Value::Object(map) = value else {
        for (number, item) in value.as_array().into_iter().flatten().enumerate() {
            places_of_words(item, format!("{pointer}/{number}"), places);
        }
        return;
    };
    let is_schema = map.get("type").is_some_and(Value::is_string) && !pointer.contains("/securitySchemes/");
    if (is_schema || map.contains_key("responses") || map.contains_key("openapi")) && !map.contains_key("components") {
        places.push((pointer.clone(), is_schema));
    }
    for (key, value) in map {
        if !["example", "examples", "default"].contains(&&**key) && !key.starts_with("x-") {
            places_of_words(value, format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), places);
        }
    }
}

/// An edit of the whole text.
type Edit = fn(&str) -> String;

#[test]
fn form_says_nothing() {
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
            // Not every line of what people write stands by itself.
            let by_line = ["a comment above each line", "deeper indentation"].contains(&what);
            // A JSON value holds numbers of no more digits than a float does.
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

/// A number is what it is, however it is written.
#[test]
fn notation_of_numbers_says_nothing() {
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

/// 60 edits of a large document, five of them of words: one finding for each.
#[test]
fn each_of_many_edits_is_found() {
    let document = large::large(60, 120);
    let [real, words] = large::edits();
    let base = read("base.json", &document.to_string());
    let mut revision = document.clone();
    large::change(&mut revision, &real);
    large::change(&mut revision, &words);
    let all = compare(&base, &read("revision.json", &revision.to_string()), SETTINGS).findings;
    assert_eq!(all.len(), real.len() + words.len(), "{}", told(&all));
    let of_words = all.iter().filter(|finding| finding.rule.id == "{}-changed").count();
    assert_eq!(of_words, words.len());
}
