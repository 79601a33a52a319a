//! Each fixture decodes into the response type of its operation. The snapshot lists dropped fields under `lost:`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::document::{fixtures, full};
use crate::dropped_fields;
use crate::generated::{OPERATIONS, decode};

/// The text of a fixture without a byte order mark.
pub(crate) fn text(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()
}

fn snapshot(operation: &str, path: &Path) -> String {
    let text = text(path);
    let (decoded, written) = decode(operation, &text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lost = dropped_fields::lost(&text, &written);
    let lost = if lost.is_empty() { " nothing".to_owned() } else { format!("\n{}", lost.join("\n")) };
    format!("{decoded}\n\nlost:{lost}")
}

#[test]
fn decodes_every_fixture() {
    for (operation, _) in OPERATIONS {
        for file in fixtures(operation) {
            let suffix = file.file_name().unwrap().to_str().unwrap();
            insta::with_settings!({ omit_expression => true, snapshot_suffix => suffix }, {
                insta::assert_snapshot!(*operation, snapshot(operation, &file));
            });
        }
    }
}

/// `value` with every property of its objects replaced.
fn map_objects(value: &Value, change: &impl Fn(&mut serde_json::Map<String, Value>)) -> Value {
    match value {
        Value::Object(members) => {
            let mut members = members.iter().map(|(key, value)| (key.clone(), map_objects(value, change))).collect();
            change(&mut members);
            Value::Object(members)
        }
        Value::Array(items) => items.iter().map(|item| map_objects(item, change)).collect(),
        other => other.clone(),
    }
}

#[test]
fn accepts_responses_without_values_with_nulls_and_with_unknown_fields() {
    for (operation, _) in OPERATIONS {
        let text = text(&full(operation));
        let response: Value = serde_json::from_str(&text).unwrap();
        let minimal = json!({ "attributes": response["attributes"] });
        let nulls = map_objects(&response, &|members| members.values_mut().for_each(|value| *value = Value::Null));
        for body in [minimal, nulls] {
            decode(operation, &body.to_string()).unwrap_or_else(|error| panic!("{operation}: {error}: {body}"));
        }
        let unknown = map_objects(&response, &|members| {
            members.insert("unknownField".to_owned(), json!({ "text": "x", "list": [1, null, true] }));
        });
        assert_eq!(
            decode(operation, &unknown.to_string()).unwrap().0,
            decode(operation, &response.to_string()).unwrap().0
        );
    }
}
