//! Properties of parsing: any text gives a document or a diagnostic, and JSON and YAML give the same tree.

use openapi_review::document::{Document, Node};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// The text gives a document whose methods do not panic, or a diagnostic at a position in the text.
fn check(text: &str) {
    let lines = text.split(['\n', '\r']).count();
    match Document::parse("api", text) {
        Ok(document) => {
            let mut open = vec![document.root()];
            while let Some(node) = open.pop() {
                assert_eq!(document.root().at(&node.pointer()), Some(node));
                assert!(node.lines().start <= node.lines().last().unwrap() && node.lines().end <= lines + 1);
                assert!(node.same(node) && node.target().target() == node.target());
                open.extend(node.items().chain(node.entries().map(|(_, value)| value)));
            }
        }
        Err(diagnostic) => {
            assert!((1..=lines).contains(&diagnostic.line) && diagnostic.column >= 1, "{diagnostic}");
            assert!(!diagnostic.reason.is_empty());
        }
    }
}

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    scalar.prop_recursive(5, 60, 30, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..30).prop_map(Value::from),
            prop::collection::hash_map("[a-z~/é\"]{0,3}", inner, 0..30).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

/// The value as blocks of YAML; texts are quoted as in JSON.
fn blocks(value: &Value, indent: usize, into: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                into.push_str(&format!("\n{pad}? {}\n{pad}:", Value::from(key.as_str())));
                blocks(value, indent + 2, into);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                into.push_str(&format!("\n{pad}-"));
                blocks(item, indent + 2, into);
            }
        }
        scalar => into.push_str(&format!(" {}", escaped(scalar))),
    }
}

/// A scalar in ASCII: YAML has fewer characters than JSON that may stand for themselves.
fn escaped(scalar: &Value) -> String {
    let text = scalar.to_string();
    let escape = |character: char| match character {
        ' '..='~' => character.to_string(),
        _ => format!("\\U{:08x}", character as u32),
    };
    text.chars().map(escape).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_document_or_a_diagnostic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_text_gives_a_document_or_a_diagnostic(text in "\\PC{0,60}") {
        check(&text);
        check(&format!("openapi: 3.0.3\n{text}"));
        check(&format!("{{\"openapi\":{text}"));
    }

    #[test]
    fn any_yaml_gives_a_document_or_a_diagnostic(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "a", "b: ", "- ", "? ", ": ", "\n", "\n  ", "\n    ", "{", "}", "[", "]", ",", "&x ", "*x", "!!str ", "|", ">-", "'", "\"",
                "#", "\t", "\r\n", "\r", "---", "...", "\u{feff}", "<<: ", "$ref: ", "'#/b'", "1", "~", "é", "\\", "%",
            ]),
            0..25,
        ),
    ) {
        check(&parts.concat());
        check(&format!("openapi: 3.0.3\n{}", parts.concat()));
    }

    #[test]
    fn any_json_gives_a_document_or_a_diagnostic(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"a\"", "\"$ref\":\"#\"", "1", "-", ".5", "e9", "true", "null", "\n", " ", "\"", "\\u00e9",
                "\\ud83d", "\\ude00", "\\", "é", "\t",
            ]),
            0..25,
        ),
    ) {
        check(&format!("{{\"openapi\":\"3.0.3\",\"a\":{}", parts.concat()));
    }

    #[test]
    fn json_and_yaml_of_a_value_are_equal(value in value()) {
        let whole: Value = Map::from_iter([("openapi".to_owned(), "3.0.3".into()), ("x-a".to_owned(), value)]).into();
        let mut yaml = String::new();
        blocks(&whole, 0, &mut yaml);
        let documents = [whole.to_string(), serde_json::to_string_pretty(&whole).unwrap(), yaml.clone()]
            .map(|text| Document::parse("api", &text).unwrap_or_else(|diagnostic| panic!("{diagnostic}\n{text}")));
        for document in &documents {
            prop_assert!(document.root().same(documents[0].root()), "{yaml}");
            prop_assert_eq!(document.root().to_json(), whole.clone());
            let count = |node: Node<'_>| node.entries().count();
            prop_assert_eq!(count(document.root()), 2);
        }
    }
}
