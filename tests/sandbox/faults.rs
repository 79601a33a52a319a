//! Injected faults, as a socket sees them.

use std::io::ErrorKind;

use partner_center_budgets_sandbox::{Config, Sandbox, TOKEN};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::http::{Response, exchange, get};

const BUDGET: &str = "/v1/customers/00000000-0000-0000-0000-000000000001/usagebudget";

async fn with(rules: &[&str]) -> Sandbox {
    let faults = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    Sandbox::with(Config { faults, ..Config::default() }).await.unwrap()
}

async fn patch(sandbox: &Sandbox, amount: &str) -> std::io::Result<Response> {
    let body = format!(r#"{{"Amount":{amount}}}"#);
    exchange(sandbox, &format!("PATCH {BUDGET}"), &[("Authorization", "Bearer sandbox")], &body).await
}

#[tokio::test]
async fn reset_closes_the_connection_before_the_operation() {
    let sandbox = with(&["reset:first=2"]).await;
    for _ in 0..2 {
        assert_eq!(patch(&sandbox, "5").await.err().unwrap().kind(), ErrorKind::ConnectionReset);
    }
    assert!(sandbox.counters().budget_writes.is_empty());
    assert_eq!(patch(&sandbox, "5").await.unwrap().status, 200);
    let counters = sandbox.counters();
    assert_eq!((counters.calls, counters.answered, counters.connections), (3, 1, 3));
    assert_eq!(counters.budget_writes.values().collect::<Vec<_>>(), [&1]);
}

#[tokio::test]
async fn resets_a_reused_connection() {
    let sandbox = with(&["reset@get_usage_budget:nth=2"]).await;
    let mut stream = TcpStream::connect(sandbox.base_url().replace("http://", "")).await.unwrap();
    let request = format!("GET {BUDGET} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sandbox\r\n\r\n");
    let mut buffer = [0; 4096];
    stream.write_all(request.as_bytes()).await.unwrap();
    assert!(stream.read(&mut buffer).await.unwrap() > 0);
    stream.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(stream.read(&mut buffer).await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(sandbox.counters().connections, 1);
}

#[tokio::test]
async fn reset_after_closes_the_connection_after_the_operation() {
    let sandbox = with(&["reset-after@update_usage_budget:first=1"]).await;
    assert_eq!(patch(&sandbox, "5").await.err().unwrap().kind(), ErrorKind::ConnectionReset);
    assert_eq!(get(&sandbox, BUDGET, TOKEN).await.json()["amount"], 5);
}

#[tokio::test]
async fn cut_body_is_the_first_half() {
    let sandbox = with(&["cut-body:first=1"]).await;
    let cut = get(&sandbox, BUDGET, TOKEN).await;
    let whole = get(&sandbox, BUDGET, TOKEN).await;
    assert_eq!(cut.status, 200);
    assert_eq!(cut.header("Content-Length"), Some(&*whole.body.len().to_string()));
    assert_eq!(cut.body, whole.body[..whole.body.len() / 2]);
}

#[tokio::test]
async fn slow_body_is_complete() {
    let sandbox = with(&["slow-body=100ms:first=1"]).await;
    let slow = get(&sandbox, BUDGET, TOKEN).await;
    assert_eq!(slow.body, get(&sandbox, BUDGET, TOKEN).await.body);
}

#[tokio::test]
async fn latency_delays_the_response() {
    let sandbox = with(&["latency=1h..1h:first=1"]).await;
    {
        let mut delayed = std::pin::pin!(get(&sandbox, BUDGET, TOKEN));
        while sandbox.counters().calls == 0 {
            tokio::select! {
                _ = &mut delayed => panic!("the response was not delayed"),
                () = tokio::task::yield_now() => {}
            }
        }
    }
    assert_eq!(sandbox.counters().answered, 0);
    assert_eq!(get(&sandbox, BUDGET, TOKEN).await.status, 200);
}

#[tokio::test]
async fn corrupts_content_type_json_and_size() {
    let rules = ["content-type:first=1", "not-json:first=1", "oversized=1000000:first=1"];
    let sandbox = with(&rules).await;
    let response = get(&sandbox, BUDGET, TOKEN).await;
    assert_eq!(response.header("Content-Type"), Some("text/html; charset=utf-8"));
    assert_eq!(response.json()["amount"], 97);
    let response = get(&sandbox, BUDGET, TOKEN).await;
    assert!(response.header("Content-Type").unwrap().starts_with("application/json"));
    assert!(serde_json::from_slice::<serde_json::Value>(&response.body).is_err());
    let response = get(&sandbox, BUDGET, TOKEN).await;
    assert_eq!(response.header("Content-Length"), None);
    assert!(response.body.len() > 1_000_000, "chunked: {}", response.body.len());
    assert_eq!(sandbox.counters().answered, 3);
}

#[tokio::test]
async fn injects_errors_in_the_configured_form() {
    let sandbox =
        with(&["status=503,retry-after=7:first=1", "html=502:first=1", "status=401,code=10001:first=1"]).await;
    let response = get(&sandbox, BUDGET, TOKEN).await;
    assert_eq!((response.status_and_code(), response.header("Retry-After")), ((503, "800003".to_owned()), Some("7")));
    let response = get(&sandbox, BUDGET, TOKEN).await;
    assert!(response.status == 502 && response.body.starts_with(b"<!DOCTYPE html>"));
    let response = get(&sandbox, BUDGET, TOKEN).await;
    assert_eq!((response.status, &*response.body), (401, &b"Authentication failed. MFA required. (10001)"[..]));
    let rules = ["redirect=http://localhost:9/x?a=b:first=1", "status=500,retry-after-date=60:first=1"];
    sandbox.set_faults(rules.map(|rule| rule.parse().unwrap()).into());
    let response = get(&sandbox, BUDGET, TOKEN).await;
    assert_eq!((response.status, response.header("Location")), (307, Some("http://localhost:9/x?a=b")));
    assert!(get(&sandbox, BUDGET, TOKEN).await.header("Retry-After").unwrap().ends_with(" GMT"));
    sandbox.set_faults(Vec::new());
    assert_eq!(get(&sandbox, BUDGET, TOKEN).await.status, 200);
}
