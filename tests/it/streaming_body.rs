//! Pages over a real socket, decoded while they arrive.

use std::error::Error as _;
use std::fs;
use std::path::Path;

use partner_center_budgets::{CustomerUsageRecord, Error};

use crate::operations::all;
use crate::scripted_server::{Script, answer};

/// A page of `count` customers.
fn page(count: usize) -> String {
    let items: Vec<_> = (0..count).map(|number| format!(r#"{{"name":"c{number}","new":[1,"]}}"]}}"#)).collect();
    format!("\u{feff}{{\"totalCount\":{count},\"items\":[{}],\"links\":{{}}}}", items.join(" ,\n"))
}

fn names(records: &[CustomerUsageRecord]) -> Vec<String> {
    records.iter().map(|record| record.customer_name.clone().unwrap_or_default()).collect()
}

async fn read(script: &Script) -> Result<Vec<CustomerUsageRecord>, Error> {
    all(script.client().build().unwrap().list_customer_usage_records()).await
}

#[tokio::test]
async fn reads_a_long_page_completely_and_in_order() {
    let script = Script::start([answer("200 OK", "", &page(20_000))]).await;
    let expected: Vec<_> = (0..20_000).map(|number| format!("c{number}")).collect();
    assert_eq!(names(&read(&script).await.unwrap()), expected);
}

#[tokio::test]
async fn reads_a_chunked_page() {
    let chunked = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
    let page = page(3);
    let (begin, end) = page.split_at(40);
    let body = chunked(begin) + &chunked(end) + &chunked("");
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    let script = Script::start([head.to_owned() + &body]).await;
    assert_eq!(names(&read(&script).await.unwrap()), ["c0", "c1", "c2"]);
}

#[tokio::test]
async fn retries_a_truncated_page_and_returns_none_of_its_items() {
    let whole = answer("200 OK", "", &page(2000));
    let broken = answer("200 OK", "", &page(2000).replace(r#"{"name":"c7","#, r#"{"name":7,"#));
    let half = |text: &str| text[..text.len() / 2].to_owned();
    let nearly = |text: &str| text[..text.len() - 1].to_owned();
    // An invalid item is an error only if the page is complete.
    let script = Script::start([half(&whole), nearly(&broken), nearly(&whole), whole.clone()]).await;
    assert_eq!(read(&script).await.unwrap().len(), 2000);
    assert_eq!(script.requests().len(), 4);
}

#[tokio::test]
async fn refuses_a_page_with_an_unreadable_item() {
    let broken = page(2000).replace(r#"{"name":"c1500","#, r#"{"name":true,"#);
    let script = Script::start([answer("200 OK", "", &broken)]).await;
    let mut list = script.client().build().unwrap().list_customer_usage_records();
    let error = list.try_next().await.unwrap_err();
    assert!(matches!(error, Error::Decode { operation: "list_customer_usage_records", .. }), "{error:?}");
    let source = error.source().unwrap().to_string();
    assert!(
        source.contains("`items[1500].name` is a boolean, expected a string") && source.starts_with("item 1501 "),
        "{source}"
    );
    assert!(list.try_next().await.unwrap().is_none());
    assert_eq!(script.requests().len(), 1, "a retry would get the same page");
}

#[tokio::test]
async fn refuses_a_page_over_the_limit() {
    let script = Script::start([answer("200 OK", "", &page(100))]).await;
    let length = page(100).len();
    let client = |limit| script.client().response_limit(limit).build().unwrap();
    let error = all(client(length - 1).list_customer_usage_records()).await.unwrap_err();
    assert!(error.source().unwrap().to_string().contains("longer than the limit"), "{error:?}");
    assert_eq!(all(client(length).list_customer_usage_records()).await.unwrap().len(), 100);
}

#[tokio::test]
async fn refuses_a_page_with_too_many_items() {
    for (items, expected) in [(250_000, Ok(250_000)), (250_001, Err("the page has more than 250000 items"))] {
        let body = format!(r#"{{"items":[{}]}}"#, vec!["{}"; items].join(","));
        let script = Script::start([answer("200 OK", "", &body)]).await;
        let records = read(&script).await.map(|records| records.len());
        assert_eq!(
            records.as_ref().map_err(|error| error.source().unwrap().to_string()),
            expected.as_ref().map_err(|why| (*why).to_owned())
        );
    }
}

#[tokio::test]
async fn refuses_a_long_object_before_decoding_it() {
    // None of these lists are the items of the page.
    let many = vec!["{}"; 400_000].join(",");
    for body in [
        format!(r#"{{"\u0069tems":[{many}]}}"#),
        format!(r#"{{"items":[],"links":{{"next":{{"headers":[{many}]}}}}}}"#),
        format!(r#"{{"items":[{{"budget":{{"links":{{"self":{{"headers":[{many}]}}}}}}}}]}}"#),
    ] {
        let script = Script::start([answer("200 OK", "", &body)]).await;
        let error = read(&script).await.unwrap_err();
        assert!(error.source().unwrap().to_string().contains("longer than"), "{error:?}");
    }
    let script = Script::start([answer("200 OK", "", &format!(r#"{{"amount":97,"links":[{many}]}}"#))]).await;
    let error = script.client().build().unwrap().get_budget(crate::replay::customer()).await.unwrap_err();
    assert!(error.source().unwrap().to_string().contains("longer than"), "{error:?}");
}

#[tokio::test]
async fn reads_as_many_records_as_each_fixture_has() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/list_customer_usage_records");
    let mut seen = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let body = fs::read_to_string(&path).unwrap();
        let whole: serde_json::Value = serde_json::from_str(body.trim_start_matches('\u{feff}')).unwrap();
        let expected = whole["items"].as_array().map_or(0, Vec::len);
        // Ends the list, also after a page with a link to the next one.
        let end = answer("200 OK", "", r#"{"items":[]}"#);
        let script = Script::start([answer("200 OK", "", &body), end]).await;
        let read = match read(&script).await {
            Ok(records) => records.len(),
            Err(Error::IncompleteList { received, .. }) => received.try_into().unwrap(),
            Err(error) => panic!("{}: {error:?}", path.display()),
        };
        assert_eq!(read, expected, "{}", path.display());
        seen += 1;
    }
    assert!(seen > 10, "{seen} fixtures");
}
