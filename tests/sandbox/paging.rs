//! The forms of pages.

use partner_center_budgets_sandbox::{Config, Sandbox};
use serde_json::Value;

use crate::http::{Response, exchange};

async fn with(paging: &str) -> Sandbox {
    Sandbox::with(Config { customers: 5, paging: paging.parse().unwrap(), ..Config::default() }).await.unwrap()
}

async fn page(sandbox: &Sandbox, path: &str, token: Option<&str>) -> Response {
    let mut headers = vec![("Authorization", "Bearer sandbox")];
    headers.extend(token.map(|token| ("MS-ContinuationToken", token)));
    exchange(sandbox, &format!("GET {path}"), &headers, "").await.unwrap()
}

/// The number of items on each page, and the last response. Follows the tokens and ignores the links.
async fn sizes(sandbox: &Sandbox, first: &str, next: &str) -> (Vec<usize>, Response) {
    let mut sizes = Vec::new();
    let mut response = page(sandbox, first, None).await;
    while response.status == 200 && sizes.len() < 9 {
        let body = response.json();
        sizes.push(body["items"].as_array().unwrap().len());
        let token = body["continuationToken"].as_str().or(body["links"]["next"]["headers"][0]["value"].as_str());
        let Some(token) = token else { break };
        response = page(sandbox, next, Some(token)).await;
    }
    (sizes, response)
}

async fn customers(paging: &str) -> (Vec<usize>, u16, Value) {
    let sandbox = with(paging).await;
    let (sizes, last) = sizes(&sandbox, "/v1/customers?size=2", "/v1/customers?size=2?seekOperation=Next").await;
    (sizes, last.status, last.json()["code"].clone())
}

#[tokio::test]
async fn pages_of_customers_have_every_form() {
    for paging in ["token=both", "token=body", "token=link", "link=absolute", "link=question-mark"] {
        assert_eq!(customers(paging).await, (vec![2, 2, 1], 200, Value::Null), "{paging}");
    }
    assert_eq!(customers("empty-page").await.0, [2, 0, 2, 1]);
    assert_eq!(customers("loop").await.0, [2; 9]);
    assert_eq!(customers("end=fault").await, (vec![2, 2, 1], 400, "2000".into()));
}

#[tokio::test]
async fn continuation_token_is_in_the_configured_place() {
    for (paging, in_body, in_link) in [("token=body", true, false), ("token=link", false, true)] {
        let body = page(&with(paging).await, "/v1/customers?size=2", None).await.json();
        assert_eq!((body.get("continuationToken").is_some(), body["links"].get("next").is_some()), (in_body, in_link));
    }
    let sandbox = with("link=absolute").await;
    let body = page(&sandbox, "/v1/customers?size=2", None).await.json();
    let uri = format!("{}/v1/customers?size=2&seekOperation=Next", sandbox.base_url());
    assert_eq!(body["links"]["next"]["uri"], uri);
    sandbox.set_paging("foreign=http://localhost:9".parse().unwrap());
    let body = page(&sandbox, "/v1/customers?size=2", None).await.json();
    assert_eq!(body["links"]["next"]["uri"], "http://localhost:9/v1/customers?size=2&seekOperation=Next");
}

#[tokio::test]
async fn usage_records_have_pages_if_configured() {
    let sandbox = with("records=1,link=root").await;
    let path = "/v1/customers/usagerecords";
    let (pages, _) = sizes(&sandbox, path, &format!("{path}?seekOperation=Next")).await;
    // Customer 5 has no usage.
    assert_eq!(pages, [1, 1, 1, 1]);
    let body = page(&sandbox, path, None).await.json();
    assert_eq!(body["links"]["next"]["uri"], "/customers/usagerecords?seekOperation=Next");
    sandbox.set_paging("token=both".parse().unwrap());
    assert_eq!(sizes(&sandbox, path, path).await.0, [4]);
}
