//! The fields that decoding drops, found by comparing JSON with exact numbers.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// A JSON value whose numbers are their text in the file.
#[derive(Debug, PartialEq)]
enum Exact {
    Object(BTreeMap<String, Exact>),
    Array(Vec<Exact>),
    Text(String),
    Other(String),
}

impl Exact {
    fn parse(text: &str) -> Self {
        match text.as_bytes()[0] {
            b'{' => {
                let members: BTreeMap<String, Box<RawValue>> = read(text);
                Self::Object(members.into_iter().map(|(key, value)| (key, Self::parse(value.get()))).collect())
            }
            b'[' => {
                let items: Vec<Box<RawValue>> = read(text);
                Self::Array(items.iter().map(|item| Self::parse(item.get())).collect())
            }
            b'"' => Self::Text(read(text)),
            _ => Self::Other(text.to_owned()),
        }
    }
}

fn read<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// The paths of `before` that are not in `after` with the same value.
///
/// A missing null is not lost: null and absent mean the same.
pub(crate) fn lost(before: &str, after: &str) -> Vec<String> {
    let mut lost = Vec::new();
    compare("", &Exact::parse(before.trim()), Some(&Exact::parse(after.trim())), &mut lost);
    lost
}

fn compare(path: &str, before: &Exact, after: Option<&Exact>, lost: &mut Vec<String>) {
    match (before, after) {
        (Exact::Other(null), None) if null == "null" => {}
        (Exact::Object(before), Some(Exact::Object(after))) => {
            for (key, value) in before {
                compare(&format!("{path}/{key}"), value, after.get(key), lost);
            }
        }
        (Exact::Array(before), Some(Exact::Array(after))) => {
            for (index, value) in before.iter().enumerate() {
                compare(&format!("{path}/{index}"), value, after.get(index), lost);
            }
        }
        (before, Some(after)) if before == after => {}
        _ => lost.push(path.to_owned()),
    }
}

#[test]
fn names_dropped_fields() {
    let before = r#"{"a": 1.10, "b": {"c": null, "d": "x"}, "e": [1, 2]}"#;
    assert_eq!(lost(before, before), Vec::<String>::new());
    assert_eq!(lost(before, r#"{"a": 1.1, "b": {}, "e": [1]}"#), ["/a", "/b/d", "/e/1"]);
}
