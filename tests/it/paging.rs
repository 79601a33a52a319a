//! Lists over a real socket: following pages, refusing unsafe links, and the end of a list.

use std::error::Error as _;
use std::fmt::Debug;

use partner_center_budgets::{CustomerQuery, Error, List};
use serde_json::json;

use crate::operations::all;
use crate::replay::{Replay, Seen, TOKEN, customer, subscription};

const PAGE: &str = r#"{"items":[{"companyProfile":{"companyName":"one"}}]"#;

fn with_link(uri: &str) -> String {
    format!(
        r#"{PAGE},"links":{{"next":{{"uri":"{uri}","headers":[{{"key":"MS-ContinuationToken","value":"a=="}}]}}}}}}"#
    )
}

fn with_token(token: &str) -> String {
    format!(r#"{PAGE},"continuationToken":"{token}"}}"#)
}

/// The number of items of a list, and the error if it ends with one.
async fn read<T: Debug>(mut list: List<T>) -> (usize, Option<Error>) {
    let mut items = 0;
    let end = loop {
        match list.try_next().await {
            Ok(Some(_)) => items += 1,
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    assert!(matches!(list.try_next().await, Ok(None)), "a list that has ended stays ended");
    (items, end)
}

async fn customers(replay: &Replay) -> (usize, Option<Error>) {
    read(replay.client().list_customers(CustomerQuery::new().page_size(2).unwrap())).await
}

fn lines(replay: &Replay) -> Vec<String> {
    replay.seen().into_iter().map(|seen| seen.line).collect()
}

fn token(seen: &Seen) -> Option<&str> {
    seen.headers.get("ms-continuationtoken").map(|token| token.to_str().unwrap())
}

#[tokio::test]
async fn follows_every_form_of_a_link() {
    for uri in [
        "{base}/v1/customers?size=2&seekOperation=Next",
        "/v1/customers?size=2&seekOperation=Next",
        "/customers?size=2&seekOperation=Next",
        "customers?size=2&seekOperation=Next",
        "customers?size=2?seekOperation=Next",
        "/v1/customers?size=2?seekOperation=Next",
        "/v1/customers?size=2",
    ] {
        let replay = Replay::script(&[(200, with_link(uri)), (200, PAGE.to_owned() + "}")]).await;
        let (items, end) = customers(&replay).await;
        assert_eq!((items, end.is_none()), (2, true), "{uri}: {end:?}");
        let expected = ["GET /v1/customers?size=2", "GET /v1/customers?size=2&seekOperation=Next"];
        assert_eq!(lines(&replay), expected, "{uri}");
        let [first, second] = &replay.seen()[..] else { panic!() };
        assert_eq!((token(first), token(second)), (None, Some("a==")), "{uri}");
        assert_ne!(first.headers["ms-requestid"], second.headers["ms-requestid"], "each page is a call of its own");
        assert_eq!(first.headers["authorization"], second.headers["authorization"]);
        assert_eq!(first.headers["accept"], second.headers["accept"]);
        assert!(!second.headers.contains_key("api-version"));
    }
}

#[tokio::test]
async fn follows_a_continuation_token_without_a_link() {
    for first in
        [with_token("a=="), r#"{"items":[{}],"continuationToken":"a==","links":{"next":{"uri":""}}}"#.to_owned()]
    {
        let replay = Replay::script(&[(200, first), (200, with_token("b==")), (200, PAGE.to_owned() + "}")]).await;
        let (items, end) = customers(&replay).await;
        assert_eq!((items, end.is_none()), (3, true), "{end:?}");
        let seen = replay.seen();
        assert_eq!(seen.iter().map(token).collect::<Vec<_>>(), [None, Some("a=="), Some("b==")]);
        assert_eq!(seen[2].line, "GET /v1/customers?size=2&seekOperation=Next");
    }
}

#[tokio::test]
async fn follows_a_link_without_a_token_unchanged() {
    let first = format!(r#"{PAGE},"links":{{"next":{{"uri":"customers/usagerecords?page=2","headers":[]}}}}}}"#);
    let replay = Replay::script(&[(200, first), (200, PAGE.to_owned() + "}")]).await;
    assert_eq!(all(replay.client().list_customer_usage_records()).await.unwrap().len(), 2);
    assert_eq!(lines(&replay)[1], "GET /v1/customers/usagerecords?page=2");
}

#[tokio::test]
async fn a_link_cannot_replace_headers_of_the_client() {
    let headers = r#"[{"key":"ms-continuationtoken","value":"a=="},{"key":"X-Shard","value":"7"},
        {"key":"Authorization","value":"other"},{"key":"MS-RequestId","value":"other"},{"key":"X-Locale","value":"other"},
        {"key":"Host","value":"elsewhere.example"},{"key":"Content-Length","value":"9"}]"#;
    let first = format!(r#"{{"items":[],"links":{{"next":{{"uri":"/customers","headers":{headers}}}}}}}"#);
    let replay = Replay::script(&[(200, first), (200, r#"{"items":[]}"#.to_owned())]).await;
    assert!(customers(&replay).await.1.is_none());
    let headers = &replay.seen()[1].headers;
    assert_eq!(headers["x-shard"], "7");
    assert_eq!(headers["authorization"], format!("Bearer {TOKEN}"));
    assert!(headers.values().all(|value| value != "other" && value != "elsewhere.example"), "{headers:?}");
    assert!(!headers.contains_key("content-length"));
}

#[tokio::test]
async fn refuses_a_link_to_another_origin() {
    let elsewhere = Replay::start(200, &[], "{}").await;
    let host = elsewhere.base_url().strip_prefix("http:").unwrap();
    let port = host.rsplit(':').next().unwrap();
    for uri in [
        format!("{}/v1/customers", elsewhere.base_url()),
        format!("{host}/v1/customers"),
        format!("http://localhost:{port}/v1/customers"),
        format!("{{base}}@{}/v1/customers", host.trim_start_matches('/')),
        "https://elsewhere.example/v1/customers".to_owned(),
    ] {
        let replay = Replay::start(200, &[], with_link(&uri)).await;
        let (items, end) = customers(&replay).await;
        // The items before the link are returned.
        assert_eq!((items, replay.seen().len()), (1, 1), "{uri}");
        let Some(error @ Error::Decode { .. }) = end else { panic!("{uri}: {end:?}") };
        assert!(error.ids().is_some());
        assert!(error.source().unwrap().to_string().contains("the access token is for"), "{uri}: {error:?}");
    }
    assert!(elsewhere.seen().is_empty(), "a request was sent to another origin");
}

#[tokio::test]
async fn refuses_a_cycle_of_pages() {
    let without_token = format!(r#"{PAGE},"links":{{"next":{{"uri":"/v1/customers?size=2"}}}}}}"#);
    let ring = [with_token("a=="), with_token("b=="), with_token("c=="), with_token("a==")];
    for (pages, calls) in [
        (vec![with_token("a==")], 2),
        (vec![with_link("customers?seekOperation=Next")], 2),
        (vec![without_token.clone()], 1),
        (vec![with_token("a=="), without_token], 2),
        (ring.to_vec(), 4),
    ] {
        let replay = Replay::script(&pages.iter().map(|page| (200, page)).collect::<Vec<_>>()).await;
        let (items, end) = customers(&replay).await;
        assert_eq!((items, replay.seen().len()), (calls, calls), "{pages:?}");
        let Some(error @ Error::Decode { .. }) = end else { panic!("{pages:?}: {end:?}") };
        assert!(error.source().unwrap().to_string().contains("no end"), "{error:?}");
    }
}

#[tokio::test]
async fn continues_after_an_empty_page() {
    for empty in [r#"{"totalCount":0,"continuationToken":"b=="}"#, r#"{"items":[],"continuationToken":"b=="}"#] {
        let pages = [(200, with_token("a==")), (200, empty.to_owned()), (200, PAGE.to_owned() + "}")];
        let replay = Replay::script(&pages).await;
        let (items, end) = customers(&replay).await;
        assert_eq!((items, end.is_none(), replay.seen().len()), (2, true, 3), "{end:?}");
    }
}

#[tokio::test]
async fn refuses_an_endless_row_of_empty_pages() {
    let pages: Vec<_> =
        (0..1100).map(|page| (200, format!(r#"{{"items":[],"continuationToken":"{page}"}}"#))).collect();
    let replay = Replay::script(&pages).await;
    let (items, end) = customers(&replay).await;
    assert_eq!((items, replay.seen().len()), (0, 1001));
    assert!(end.unwrap().source().unwrap().to_string().contains("in a row"));
}

/// A page with `items` customers, and the token of the next page if there is one.
fn page(items: usize, total: Option<u64>, token: Option<&str>) -> (u16, String) {
    let items = vec![json!({}); items];
    (200, json!({ "items": items, "totalCount": total, "continuationToken": token }).to_string())
}

fn past_the_end(code: &str) -> (u16, String) {
    (400, format!(r#"{{"code":{code}}}"#))
}

#[tokio::test]
async fn error_2000_after_a_short_page_or_a_known_total_ends_the_list() {
    for code in ["2000", "\"2000\""] {
        // Two customers were requested for a page.
        for (pages, received) in [
            (vec![page(1, None, Some("a"))], 1),
            (vec![page(2, None, Some("a")), page(1, None, Some("b"))], 3),
            (vec![page(2, None, Some("a")), page(0, None, Some("b"))], 2),
            (vec![page(0, None, Some("a")), page(0, None, Some("b"))], 0),
            (vec![page(2, Some(4), Some("a")), page(2, Some(4), Some("b"))], 4),
        ] {
            let calls = pages.len() + 1;
            let replay = Replay::script(&[pages, vec![past_the_end(code)]].concat()).await;
            let (items, end) = customers(&replay).await;
            assert_eq!((items, end.is_none(), replay.seen().len()), (received, true, calls), "{end:?}");
        }
    }
}

#[tokio::test]
async fn error_2000_after_a_full_page_is_an_incomplete_list() {
    for (pages, expected, announced) in [
        (vec![page(2, None, Some("a"))], 2, None),
        // The service sends pages of one although two were requested.
        (vec![page(1, None, Some("a")), page(1, None, Some("b"))], 2, None),
        // The number of items in the page is not the length of the list.
        (vec![page(2, Some(2), Some("a"))], 2, None),
        (vec![page(2, Some(7), Some("a")), page(1, None, Some("b"))], 3, Some(7)),
    ] {
        let replay = Replay::script(&[pages, vec![past_the_end("2000")]].concat()).await;
        let (items, end) = customers(&replay).await;
        let Some(error @ Error::IncompleteList { received, total, .. }) = &end else { panic!("{end:?}") };
        assert_eq!((items, *received, *total), (expected, expected as u64, announced));
        assert!(error.to_string().contains(&format!("after {expected} items")), "{error}");
        assert!(error.source().unwrap().to_string().contains("code 2000"), "{error:?}");
    }
}

#[tokio::test]
async fn fewer_items_than_the_first_page_announced_are_an_incomplete_list() {
    for (pages, received) in
        [(vec![page(2, Some(3), None)], 2), (vec![page(2, Some(5), Some("a")), page(2, Some(2), None)], 4)]
    {
        let (items, end) = customers(&Replay::script(&pages).await).await;
        assert_eq!(items, received);
        assert!(matches!(end, Some(Error::IncompleteList { total: Some(_), .. })), "{end:?}");
    }
    let complete = [page(2, Some(3), Some("a")), page(1, Some(1), None)];
    assert!(customers(&Replay::script(&complete).await).await.1.is_none());
}

#[tokio::test]
async fn other_errors_do_not_end_a_list() {
    let end = |status, code| [(200, with_token("a==")), (status, format!(r#"{{"code":{code}}}"#))];
    for (status, code) in [(400, "2012"), (403, "2000"), (500, "2000")] {
        let (items, end) = customers(&Replay::script(&end(status, code)).await).await;
        assert_eq!((items, end.unwrap().status()), (1, Some(status)));
    }
    let (items, end) = customers(&Replay::start(400, &[], r#"{"code":2000}"#).await).await;
    assert_eq!((items, end.unwrap().status()), (0, Some(400)), "an error like any other without a token");
    let no_usage = (404, r#"{"code":3000,"description":"Customer does not have usage data."}"#.to_owned());
    let (items, end) = customers(&Replay::script(&[(200, with_token("a==")), no_usage]).await).await;
    assert_eq!((items, end.unwrap().status()), (1, Some(404)), "an error like any other on a later page");
}

#[tokio::test]
async fn requests_each_page_when_it_is_needed() {
    let replay =
        Replay::script(&[(200, with_token("a==")), (200, with_token("b==")), (200, r#"{"items":[]}"#.to_owned())])
            .await;
    let mut list = replay.client().list_customers(CustomerQuery::new());
    assert_eq!(replay.seen().len(), 0);
    list.try_next().await.unwrap().unwrap();
    assert_eq!(replay.seen().len(), 1);
    list.try_next().await.unwrap().unwrap();
    assert_eq!(replay.seen().len(), 2);
    drop(list);
    assert_eq!(replay.seen().len(), 2);
}

#[test]
fn a_list_is_a_send_and_unpin_stream() {
    fn is_stream<S: futures_core::Stream + Send + Unpin + 'static>(_: &S) {}
    let client = partner_center_budgets::Client::builder(partner_center_budgets::auth::FixedToken::new(TOKEN));
    is_stream(&client.build().unwrap().list_customer_usage_records());
}

#[tokio::test]
async fn a_customer_without_usage_has_no_summary() {
    let fault = r#"{"code":"3000","description":"Customer does not have usage data."}"#;
    for status in [400, 404] {
        let replay = Replay::start(status, &[], fault).await;
        assert_eq!(replay.client().get_customer_usage_summary(customer()).await.unwrap(), None);
    }
    let other = r#"{"code":"3000","description":"Invalid property."}"#;
    for (status, body) in [(400, other), (403, fault), (400, r#"{"code":"3000"}"#), (404, r#"{"code":"1000"}"#)] {
        let replay = Replay::start(status, &[], body).await;
        let error = replay.client().get_customer_usage_summary(customer()).await.unwrap_err();
        assert_eq!(error.status(), Some(status), "{body}");
    }
}

#[tokio::test]
async fn no_usage_data_is_an_empty_list() {
    let fault = r#"{"code":"3000","description":"Customer does not have usage data."}"#;
    for status in [400, 404] {
        let replay = Replay::start(status, &[], fault).await;
        let client = replay.client();
        assert_eq!(client.list_subscription_usage_records(customer()).try_next().await.unwrap(), None);
        assert_eq!(client.get_subscription_usage_summary(customer(), subscription()).await.unwrap(), None);
    }
    let replay = Replay::start(400, &[], r#"{"code":"3000","description":"Invalid property"}"#).await;
    replay.client().list_subscription_usage_records(customer()).try_next().await.unwrap_err();
}
