//! Requests: method, path, query, headers and body of every operation.

use crate::generated::OPERATIONS;
use crate::operations::call;
use crate::replay::{Replay, Seen, TOKEN, customer};

/// A request as comparable text, with placeholders for ids, token, version and host.
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
            "ms-sdkversion" | "user-agent" => value.replace(env!("CARGO_PKG_VERSION"), "[version]"),
            "host" => "[host]".to_owned(),
            _ => value.to_owned(),
        };
        lines.push(format!("{name}: {value}"));
    }
    lines.push(seen.body.clone());
    lines.join("\n").trim_end().to_owned()
}

async fn request(operation: &str, amount: Option<&str>) -> Seen {
    let replay =
        Replay::start(200, &[], format!(r#"{{"amount":{},"totalCost":0,"items":[]}}"#, amount.unwrap_or("null"))).await;
    call(&replay.client(), operation, amount).await.unwrap();
    let [seen] = <[Seen; 1]>::try_from(replay.seen()).expect("one call is one request");
    seen
}

#[tokio::test]
async fn a_read_sends_headers_and_no_body() {
    let mut requests = Vec::new();
    for (operation, _) in OPERATIONS.iter().filter(|(name, _)| *name != "update_usage_budget") {
        requests.push(format!("# {operation}\n{}", shown(&request(operation, None).await)));
    }
    insta::assert_snapshot!(requests.join("\n\n"));
}

#[tokio::test]
async fn set_budget_sends_all_digits() {
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
    ms-sdkversion: [version]
    user-agent: partner-center-budgets/[version]
    x-locale: en-US
    {"Amount":28.82860766744404945074,"Attributes":{"ObjectType":"SpendingBudget"}}
    "#);
}

#[tokio::test]
async fn clear_budget_sends_null() {
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
    ms-sdkversion: [version]
    user-agent: partner-center-budgets/[version]
    x-locale: en-US
    {"Amount":null,"Attributes":{"ObjectType":"SpendingBudget"}}
    "#);
}

#[tokio::test]
async fn each_call_has_new_ids() {
    let replay = Replay::start(200, &[], r#"{"amount":97}"#).await;
    let client = replay.client();
    client.get_budget(customer()).await.unwrap();
    client.clone().get_budget(customer()).await.unwrap();
    let seen = replay.seen();
    for name in ["ms-requestid", "ms-correlationid"] {
        assert_ne!(seen[0].headers[name], seen[1].headers[name]);
    }
}

#[tokio::test]
async fn does_not_follow_a_redirect() {
    let elsewhere = Replay::start(200, &[], "{}").await;
    let target = format!("{}/elsewhere", elsewhere.base_url());
    let replay = Replay::start(302, &[("location", &target)], "").await;
    let error = replay.client().get_budget(customer()).await.unwrap_err();
    assert_eq!(error.status(), Some(302));
    assert!(elsewhere.seen().is_empty(), "the token was sent to another origin");
}
