//! Lists that start at the continuation of an earlier list.

use std::fmt::Debug;

use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::{Client, Continuation, CustomerQuery, Error, List, RetryPolicy};
use partner_center_budgets_sandbox::{Config, Sandbox};

use crate::fleet_fixture;
use crate::fleet_plan::customer;
use crate::operations::all;
use crate::replay::{Replay, TOKEN};

/// Reads `count` items, and returns them with the continuation after they were printed and parsed.
async fn beginning<T>(mut list: List<T>, count: usize) -> (Vec<T>, Continuation) {
    let mut items = Vec::new();
    while items.len() < count {
        items.push(list.try_next().await.unwrap().unwrap());
    }
    (items, printed(&list))
}

fn printed<T>(list: &List<T>) -> Continuation {
    list.continuation().unwrap().to_string().parse().unwrap()
}

async fn sandbox(paging: &str) -> (Sandbox, Client) {
    let sandbox = Sandbox::with(Config { customers: 11, ..Config::default() }).await.unwrap();
    sandbox.set_paging(paging.parse().unwrap());
    let client = fleet_fixture::client(&sandbox, FixedToken::new("sandbox"), RetryPolicy::never());
    (sandbox, client)
}

/// Stops the list after each number of items, and checks that the rest is what is missing.
async fn check<T: PartialEq + Debug + Send + 'static>(list: impl Fn() -> List<T>) {
    let whole = all(list()).await.unwrap();
    assert!(whole.len() > 3);
    for count in 0..whole.len() {
        let (mut items, continuation) = beginning(list(), count).await;
        items.extend(all(list().starting_at(continuation)).await.unwrap());
        assert_eq!(items, whole, "stopped after {count}");
    }
}

#[tokio::test]
async fn continues_after_each_item() {
    for paging in ["token=both", "token=body,end=fault", "token=link,link=absolute", "link=question-mark", "empty-page"]
    {
        let (_sandbox, client) = sandbox(&format!("{paging},records=4")).await;
        check(|| client.list_customers(CustomerQuery::new().page_size(3).unwrap())).await;
        check(|| client.list_customer_usage_records()).await;
    }
}

#[tokio::test]
async fn continues_after_an_error_in_the_middle() {
    let (sandbox, client) = sandbox("end=fault").await;
    let list = || client.list_customers(CustomerQuery::new().page_size(3).unwrap());
    let whole = all(list()).await.unwrap();
    sandbox.set_faults(vec!["status=503@list_customers:nth=3".parse().unwrap()]);
    let mut failing = list();
    let mut items = Vec::new();
    let error = loop {
        match failing.try_next().await {
            Ok(item) => items.push(item.unwrap()),
            Err(error) => break error,
        }
    };
    assert_eq!((error.status(), items.len()), (Some(503), 6));
    assert_eq!(failing.try_next().await.unwrap(), None, "the list has ended");
    let mut rest = list().starting_at(printed(&failing));
    while let Some(item) = rest.try_next().await.unwrap() {
        items.push(item);
    }
    assert_eq!(items, whole);
    assert_eq!(rest.continuation(), None, "there is nothing after the end");
}

#[tokio::test]
async fn a_refused_token_is_an_incomplete_list() {
    let page = r#"{"items":[{},{}],"continuationToken":"a"}"#;
    let replay = Replay::script(&[(200, page), (400, r#"{"code":2000}"#)]).await;
    let list = || replay.client().list_customers(CustomerQuery::new().page_size(2).unwrap());
    let (_, continuation) = beginning(list(), 2).await;
    let error = list().starting_at(continuation).try_next().await.unwrap_err();
    assert!(matches!(error, Error::IncompleteList { received: 2, .. }), "{error:?}");
}

#[tokio::test]
async fn refuses_the_continuation_of_another_list() {
    let (sandbox, client) = sandbox("records=2").await;
    let (_, continuation) = beginning(client.list_customers(CustomerQuery::new().page_size(3).unwrap()), 4).await;
    let (_, of_one) = beginning(client.list_subscription_usage_records(customer(1)), 0).await;
    let calls = client.attempts();
    for error in [
        client.list_customers(CustomerQuery::new()).starting_at(continuation.clone()).try_next().await.err(),
        client.list_customer_usage_records().starting_at(continuation).try_next().await.err(),
        client.list_subscription_usage_records(customer(2)).starting_at(of_one).try_next().await.err(),
    ] {
        assert!(error.unwrap().to_string().contains("belongs to another list"));
    }
    assert_eq!(client.attempts(), calls, "nothing was sent");
    drop(sandbox);
}

#[tokio::test]
async fn a_continuation_cannot_lead_elsewhere() {
    let replay = Replay::start(200, &[], r#"{"items":[]}"#).await;
    let list = || replay.client().list_customers(CustomerQuery::new().page_size(2).unwrap());
    let text = |uri: &str| {
        let received = r#"{"items":2,"total":null,"page_size":2,"first_page":2,"last_page":2}"#;
        let headers = r#"[{"key":"Authorization","value":"x"},{"key":"MS-X","value":"y"}]"#;
        let page = format!(r#"{{"uri":"{uri}","headers":{headers}}}"#);
        format!(r#"{{"list":"/v1/customers?size=2","page":{page},"received":{received},"skip":0}}"#)
    };
    for uri in ["https://elsewhere.example/v1/customers", "//elsewhere.example/v1/customers", "http://127.0.0.1:9/"] {
        let error = list().starting_at(text(uri).parse().unwrap()).try_next().await.unwrap_err();
        assert!(matches!(error, Error::Input { .. }), "{uri}: {error:?}");
    }
    assert_eq!(replay.seen().len(), 0);
    assert_eq!(list().starting_at(text("/v1/../../customers").parse().unwrap()).try_next().await.unwrap(), None);
    let seen = &replay.seen()[0];
    assert_eq!(seen.line, "GET /v1/customers");
    assert_eq!(seen.headers["authorization"], format!("Bearer {TOKEN}"));
    assert_eq!(seen.headers["ms-x"], "y");
    for text in ["", "{}", "null", "\u{1b}[2J"] {
        let error = text.parse::<Continuation>().unwrap_err();
        assert!(error.to_string().contains("not the continuation of a list"), "{error}");
    }
}
