//! What goes out: method, path, query, headers and body of every operation.

use std::error::Error as _;

use partner_center_budgets::Error;

use crate::decode::OPERATIONS;
use crate::operations::call;
use crate::replay::{Replay, Seen, TOKEN, customer};

/// A request in a form to compare, its ids, token and connection details replaced.
fn shown(seen: &Seen) -> String {
    let mut lines = vec![seen.line.clone()];
    let mut headers: Vec<_> = seen.headers.iter().collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in headers {
        let value = value.to_str().unwrap();
        let value = match name.as_str() {
            "authorization" => value.replace(TOKEN, "[token]"),
            "ms-requestid" | "ms-correlationid" => {
                uuid::Uuid::parse_str(value).expect("an id is a GUID");
                "[guid]".to_owned()
            }
            "host" => "[host]".to_owned(),
            _ => value.to_owned(),
        };
        lines.push(format!("{name}: {value}"));
    }
    lines.push(seen.body.clone());
    lines.join("\n").trim_end().to_owned()
}

async fn request(operation: &str, amount: Option<&str>) -> Seen {
    let replay = Replay::start(200, &[], format!(r#"{{"amount":{}}}"#, amount.unwrap_or("null"))).await;
    call(&replay.client(), operation, amount).await.unwrap();
    let [seen] = <[Seen; 1]>::try_from(replay.seen()).expect("one call is one request");
    seen
}

#[tokio::test]
async fn reads() {
    let mut requests = Vec::new();
    for (operation, _) in OPERATIONS.iter().filter(|(name, _)| *name != "update_usage_budget") {
        requests.push(format!("# {operation}\n{}", shown(&request(operation, None).await)));
    }
    insta::assert_snapshot!(requests.join("\n\n"));
}

#[tokio::test]
async fn setting_a_budget_sends_every_digit() {
    insta::assert_snapshot!(shown(&request("update_usage_budget", Some("28.82860766744404945074")).await), @r#"
    PATCH /v1/customers/11111111-1843-4b3b-872f-206e08a08e51/usagebudget
    accept: application/json
    authorization: Bearer [token]
    content-length: 79
    content-type: application/json
    host: [host]
    ms-correlationid: [guid]
    ms-partnercenter-client: partner-center-budgets
    ms-requestid: [guid]
    ms-sdkversion: 0.1.0
    user-agent: partner-center-budgets/0.1.0
    x-locale: en-US
    {"Amount":28.82860766744404945074,"Attributes":{"ObjectType":"SpendingBudget"}}
    "#);
}

#[tokio::test]
async fn clearing_a_budget_sends_null() {
    insta::assert_snapshot!(shown(&request("update_usage_budget", None).await), @r#"
    PATCH /v1/customers/11111111-1843-4b3b-872f-206e08a08e51/usagebudget
    accept: application/json
    authorization: Bearer [token]
    content-length: 60
    content-type: application/json
    host: [host]
    ms-correlationid: [guid]
    ms-partnercenter-client: partner-center-budgets
    ms-requestid: [guid]
    ms-sdkversion: 0.1.0
    user-agent: partner-center-budgets/0.1.0
    x-locale: en-US
    {"Amount":null,"Attributes":{"ObjectType":"SpendingBudget"}}
    "#);
}

#[tokio::test]
async fn the_next_page_is_asked_for_with_its_token() {
    // The token in the body, and in the headers of the next link only.
    for answer in [
        r#"{"continuationToken":"AAAAAjEyMw=="}"#,
        r#"{"links":{"next":{"uri":"/v1/customers","headers":[{"key":"ms-continuationtoken","value":"AAAAAjEyMw=="}]}}}"#,
    ] {
        let replay = Replay::start(200, &[], answer).await;
        let page = replay.client().list_customers_page(None).await.unwrap();
        replay.client().list_customers_page(page.next.as_ref()).await.unwrap();
        let seen = &replay.seen()[1];
        assert_eq!(seen.line, "GET /v1/customers?seekOperation=Next&size=500");
        assert_eq!(seen.headers["ms-continuationtoken"], "AAAAAjEyMw==");
    }
}

#[tokio::test]
async fn a_next_page_without_a_token_does_not_pass_for_the_end() {
    let replay = Replay::start(200, &[], r#"{"items":[],"links":{"next":{"uri":"/v1/customers"}}}"#).await;
    let error = replay.client().list_customers_page(None).await.unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert!(error.source().is_some());
}

#[tokio::test]
async fn the_refusal_at_the_end_of_a_list_is_its_end() {
    let first = Replay::start(200, &[], r#"{"continuationToken":"AAAAAjEyMw=="}"#).await;
    let next = first.client().list_customers_page(None).await.unwrap().next;
    let end = Replay::start(400, &[], r#"{"code":2000}"#).await;
    let page = end.client().list_customers_page(next.as_ref()).await.unwrap();
    assert_eq!((page.items.len(), page.next), (0, None));
    end.client().list_customers_page(None).await.expect_err("without a token it is a refusal like any other");
    let other = Replay::start(400, &[], r#"{"code":2012}"#).await;
    other.client().list_customers_page(next.as_ref()).await.expect_err("another code is a refusal");
}

#[tokio::test]
async fn each_call_has_ids_of_its_own() {
    let replay = Replay::start(200, &[], "{}").await;
    let client = replay.client();
    client.get_budget(customer()).await.unwrap();
    client.clone().get_budget(customer()).await.unwrap();
    let seen = replay.seen();
    for name in ["ms-requestid", "ms-correlationid"] {
        assert_ne!(seen[0].headers[name], seen[1].headers[name]);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Replay::start(200, &[], "{}").await;
    let target = format!("{}/elsewhere", elsewhere.base_url());
    let replay = Replay::start(302, &[("location", &target)], "").await;
    let error = replay.client().get_budget(customer()).await.unwrap_err();
    assert_eq!(error.status(), Some(302));
    assert!(elsewhere.seen().is_empty(), "the token went elsewhere");
}
