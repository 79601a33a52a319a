//! Where items begin and end, and what stays in the envelope.

use super::*;

/// Makes the splitter search for the end of each item.
#[derive(Default)]
struct Items(Vec<String>);

impl ItemSink for Items {
    fn take_leading(&mut self, _: &str) -> Option<usize> {
        None
    }

    fn push(&mut self, item: &[u8]) {
        self.0.push(String::from_utf8(item.to_vec()).unwrap());
    }
}

/// The items and the envelope of a page that arrives in pieces of `size` bytes.
fn split(page: &str, size: usize) -> (Vec<String>, String) {
    let (mut splitter, mut items) = (ItemSplitter::default(), Items::default());
    for chunk in page.as_bytes().chunks(size) {
        splitter.push(chunk, &mut items);
    }
    (items.0, String::from_utf8(splitter.into_envelope()).unwrap())
}

fn check(page: &str, items: &[&str], rest: &str) {
    for size in 1..=page.len() {
        assert_eq!(
            split(page, size),
            (items.iter().map(ToString::to_string).collect(), rest.to_owned()),
            "{size}: {page}"
        );
    }
}

#[test]
fn splits_items_from_the_envelope() {
    check(
        r#"{"items":[{"a":1},{"b":[2,{}]}],"links":{}}"#,
        &[r#"{"a":1}"#, r#"{"b":[2,{}]}"#],
        r#"{"items":[],"links":{}}"#,
    );
    check(r#"{"totalCount":2, "items" : [ {} , 7 ] }"#, &[" {} ", " 7 "], r#"{"totalCount":2, "items" : [] }"#);
    check("\u{feff}{\"items\":[null]}", &["null"], "\u{feff}{\"items\":[]}");
    check(r#"{"items":[]}"#, &[], r#"{"items":[]}"#);
    check("{\"items\":[ \n]}", &[], "{\"items\":[ \n]}");
}

#[test]
fn ignores_brackets_commas_and_quotes_in_strings() {
    check(
        r#"{"items":[{"a\\":"]},\"{"},"\\",{"é":"\\\""}]}"#,
        &[r#"{"a\\":"]},\"{"}"#, r#""\\""#, r#"{"é":"\\\""}"#],
        r#"{"items":[]}"#,
    );
    check(r#"{"a":"[\"","items":[1]}"#, &["1"], r#"{"a":"[\"","items":[]}"#);
}

#[test]
fn ignores_items_of_nested_objects() {
    for page in [
        r#"{"links":{"items":[1]}}"#,
        r#"{"a":[{"items":[1]}]}"#,
        r#"{"a\"items":[1]}"#,
        r#"{"a,\"items":[1]}"#,
        r#"{"Items":[1],"items":null}"#,
        r#"{"\u0069tems":[1]}"#,
        r#"["items",[1]]"#,
        r#"{"a":"items","b":[1]}"#,
        r#"[{"items":[1]}]"#,
    ] {
        check(page, &[], page);
    }
}

#[test]
fn passes_invalid_json_on() {
    check(r#"{"items":[{},]}"#, &["{}", ""], r#"{"items":[]}"#);
    check(r#"{"items":[,{}]}"#, &["", "{}"], r#"{"items":[]}"#);
    check(r#"{"items":[{]},1]}"#, &["{]}", "1"], r#"{"items":[]}"#);
    check(r#"{"items":[}]}"#, &["}"], r#"{"items":[]}"#);
    check(r#"{"items":[1] 2}"#, &["1"], r#"{"items":[] 2}"#);
    check(r#"{"items":[1]"#, &["1"], r#"{"items":[]"#);
    check(r#"{"items":[{"a":1"#, &[], r#"{"items":["#);
    check(r#"{"items":[1],"items":[2]}"#, &["1", "2"], r#"{"items":[],"items":[]}"#);
    check("{\"items\":[\u{c}]}", &[], "{\"items\":[\u{c}]}");
    check(r#"{ "a" "items":[1]}"#, &[], r#"{ "a" "items":[1]}"#);
}
