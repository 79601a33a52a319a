//! A page that is decoded while it arrives equals the page that is decoded as a whole.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::CustomerUsageRecord;
use crate::generated::types::CustomerMonthlyUsageRecordCollection as Page;

/// The content of a page.
type Read = (Vec<CustomerUsageRecord>, Option<String>, bool);

fn parts(page: Page) -> Read {
    let parts = page.parts();
    (parts.items, parts.token, parts.links.is_some())
}

fn whole(page: &[u8]) -> Option<Read> {
    serde_json::from_slice(page).ok().map(parts)
}

fn decoded<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Result<Read, String> {
    let mut decoder = PageDecoder::<Page>::default();
    chunks.for_each(|chunk| decoder.push(Bytes::copy_from_slice(chunk)));
    let page = decoder.finish()?;
    let envelope = serde_json::from_slice(&page.envelope).map_err(|error| error.to_string())?;
    let (left, token, links) = parts(envelope);
    let mut records = page.records?;
    assert!(left.is_empty() || records.is_empty(), "items are either split off or left in the envelope");
    records.extend(left);
    Ok((records, token, links))
}

fn at_once(page: &str) -> Result<Read, String> {
    decoded([page.as_bytes()].into_iter())
}

#[test]
fn names_the_first_invalid_item() {
    let error = at_once(r#"{"items":[{},{"name":"a"},{"name":7},{"name":true}]}"#).unwrap_err();
    assert_eq!(error, "item 3 of the page: `items[2].name` is a number, expected a string (line 1, column 9)");
    let error = at_once(r#"{"items":[{"customerName":"Contoso","customerId":"c-1","name":7}]}"#).unwrap_err();
    assert!(error.starts_with("item 1 of the page of `Contoso` c-1: `items[0].name` is a number"), "{error}");
    let error = at_once(r#"{"items":[{},]}"#).unwrap_err();
    assert_eq!(error, "item 2 of the page: items[1] is not JSON: EOF while parsing a value at line 1 column 0");
    at_once(r#"{"items":[{},null]}"#).unwrap_err();
    at_once(r#"{"items":[{} 7{}]}"#).unwrap_err();
    at_once(r#"{"items":[{}}]}"#).unwrap_err();
    at_once(r#"{"items":[{}],"items":[{}]}"#).unwrap_err();
    at_once(r#"{"items":[{}]"#).unwrap_err();
    assert_eq!(at_once(r#"{"items":[{}]}"#).unwrap().0.len(), 1);
}

/// An object with a text of `length` bytes.
fn object_of(length: usize) -> String {
    let frame = r#"{"name":""}"#.len();
    format!(r#"{{"name":"{}"}}"#, "a".repeat(length - frame))
}

#[test]
fn refuses_an_item_that_is_too_long() {
    let page = |length: usize| format!(r#"{{"items":[{{}},{}]}}"#, object_of(length));
    // In two chunks, so that the end of the item has to be found.
    let in_two = |page: &str| {
        let (first, second) = page.as_bytes().split_at(20);
        decoded([first, second].into_iter())
    };
    assert_eq!(in_two(&page(1_048_576)).unwrap().0.len(), 2);
    assert_eq!(in_two(&page(1_048_577)).unwrap_err(), "item 2 of the page is longer than 1048576 bytes");
}

#[test]
fn refuses_an_envelope_that_is_too_long() {
    let frame = r#"{"new":"","items":[]}"#.len();
    let page = |length: usize| format!(r#"{{"new":"{}","items":[{{}}]}}"#, "a".repeat(length - frame));
    assert_eq!(at_once(&page(1_048_576)).unwrap().0.len(), 1);
    let error = at_once(&page(1_048_577)).unwrap_err();
    assert_eq!(error, "the page without its items is longer than the limit of 1048576 bytes");
}

#[test]
fn refuses_a_page_with_too_many_items() {
    let page = |count: usize| format!(r#"{{"items":[{}]}}"#, vec!["{}"; count].join(","));
    assert_eq!(at_once(&page(250_000)).unwrap().0.len(), 250_000);
    assert_eq!(at_once(&page(250_001)).unwrap_err(), "the page has more than 250000 items");
}

#[test]
fn shows_the_beginning_of_a_body() {
    let mut decoder = PageDecoder::<Page>::default();
    decoder.push(Bytes::from_static(b"<html>"));
    assert_eq!(decoder.beginning(), b"<html>");
}

#[test]
fn a_character_may_be_cut_between_chunks() {
    let page = r#"{"items":[{"name":"Zürich"},{"name":"東京"}]}"#.as_bytes();
    for at in 0..=page.len() {
        let (first, second) = page.split_at(at);
        assert_eq!(decoded([first, second].into_iter()).unwrap().0.len(), 2, "{at}");
    }
    // A name that is not UTF-8 makes its item invalid, and no other.
    let error = decoded([&b"{\"items\":[{\"name\":\"a\"},{\"name\":\"\xff\"}]}"[..]].into_iter()).unwrap_err();
    assert!(error.starts_with("item 2 of the page"), "{error}");
}

#[test]
fn skips_deep_nesting_in_unknown_fields() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let page = format!(r#"{{"new":{deep},"items":[{{"new":{deep},"name":"a"}}]}}"#);
    assert_eq!(at_once(&page).unwrap(), whole(page.as_bytes()).unwrap());
}

fn value() -> impl Strategy<Value = String> {
    let words = [
        "null",
        "true",
        "0",
        "-1.50",
        "1e3",
        "28.82860766744404945074",
        "1e999",
        "\"\"",
        "\"a\"",
        "\"]}\"",
        "\"\\\"[,\"",
        "\"\\ud800\"",
        "\"\\u00e9é\"",
        "\"00000000-0000-0000-0000-000000000001\"",
        "{}",
        "[]",
        "[ ]",
        "{\"amount\":1}",
        "{\"amount\":null}",
        "[{\"items\":[1]},\"x\"]",
        "{\"items\":[{}]}",
    ];
    select(words.to_vec()).prop_map(str::to_owned)
}

fn blank() -> impl Strategy<Value = &'static str> {
    select(&["", "", "", " ", "\n", "\t ", "\r\n"][..])
}

fn object(keys: &'static [&'static str]) -> impl Strategy<Value = String> {
    let field = (select(keys), value(), blank(), blank());
    let field =
        field.prop_map(|(key, value, before, after)| format!("{before}\"{key}\"{after}:{before}{value}{after}"));
    proptest::collection::vec(field, 0..4).prop_map(|fields| format!("{{{}}}", fields.join(",")))
}

fn item() -> impl Strategy<Value = String> {
    let good = |key: &'static str, value: &'static str| Just(format!("{{\"{key}\":{value}}}"));
    prop_oneof![
        4 => good("name", "\"a, [b]\""),
        4 => good("totalCost", "27.23292827625710931604"),
        2 => good("unknown", "{\"items\":[1,\"]\"]}"),
        2 => object(&["name", "budget", "customerSpendingBudget", "percentUsed", "isUpgraded", "resourceId", "other"]),
        1 => value(),
    ]
}

fn items() -> impl Strategy<Value = String> {
    let item = (blank(), item(), blank()).prop_map(|(before, item, after)| format!("{before}{item}{after}"));
    let list = proptest::collection::vec(item, 0..5).prop_map(|items| items.join(","));
    (select(&["items", "items", "items", "items", "\\u0069tems", "x\\\"items"][..]), blank(), list, blank())
        .prop_map(|(key, before, list, after)| format!("\"{key}\"{before}:{after}[{before}{list}]"))
}

fn page() -> impl Strategy<Value = String> {
    let others = ["continuationToken", "links", "totalCount", "attributes", "items", "unknown"];
    let other = (select(others.to_vec()), value()).prop_map(|(key, value)| format!("\"{key}\":{value}"));
    let field = prop_oneof![3 => items(), 2 => other, 1 => Just("\"continuationToken\":\"t\"".to_owned())];
    (proptest::collection::vec(field, 0..4), blank()).prop_map(|(fields, end)| format!("{{{}}}{end}", fields.join(",")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn decodes_chunks_as_it_decodes_the_whole_page(
        page in page(),
        size in 1..500_usize,
        damage in proptest::option::of((any::<prop::sample::Index>(), select(b"{}[],:\"\\ a1\x0c\xff".to_vec()), 0..3_u8)),
    ) {
        let mut page = page.into_bytes();
        if let Some((at, byte, how)) = damage {
            let at = at.index(page.len());
            match how {
                0 => page[at] = byte,
                1 => page.insert(at, byte),
                _ => drop(page.remove(at)),
            }
        }
        let read = decoded(page.chunks(size));
        prop_assert_eq!(read.ok(), whole(&page), "{}", String::from_utf8_lossy(&page));
    }
}
