//! Rate limits and counters.

use partner_center_budgets_sandbox::{Config, Sandbox, TOKEN};

use crate::http::{exchange, get};

fn budget(customer: u32) -> String {
    format!("/v1/customers/00000000-0000-0000-0000-{customer:012x}/usagebudget")
}

async fn with(limit: &str) -> Sandbox {
    Sandbox::with(Config { throttles: vec![limit.parse().unwrap()], ..Config::default() }).await.unwrap()
}

#[tokio::test]
async fn gateway_rejects_calls_above_the_limit() {
    let sandbox = with("window:calls=2,per=1m").await;
    for _ in 0..2 {
        assert_eq!(get(&sandbox, &budget(1), TOKEN).await.status, 200);
    }
    for early in 0..2 {
        let response = get(&sandbox, "/v1/customers", TOKEN).await;
        assert_eq!(response.status, 429);
        let seconds = response.header("Retry-After").unwrap();
        assert!((1..=60).contains(&seconds.parse().unwrap()), "{seconds}");
        assert_eq!(
            String::from_utf8(response.body.clone()).unwrap(),
            format!(r#"{{"statusCode":429,"message":"Rate limit is exceeded. Try again in {seconds} seconds."}}"#)
        );
        assert_eq!(sandbox.counters().early, early, "the first rejected call is not early");
    }
    let counters = sandbox.counters();
    assert_eq!((counters.calls, counters.answered, counters.rejected), (4, 2, 2));
    assert_eq!((counters.requests["get_usage_budget"], counters.requests["list_customers"]), (2, 2));
    sandbox.set_throttles(Vec::new());
    assert_eq!(get(&sandbox, &budget(1), TOKEN).await.status, 200);
}

#[tokio::test]
async fn service_rejects_without_retry_after_if_configured() {
    let sandbox = with("bucket-counting-rejected:rate=0.001,burst=1,fault,no-retry-after,per-customer").await;
    assert_eq!(get(&sandbox, &budget(1), TOKEN).await.status, 200);
    assert_eq!(get(&sandbox, &budget(2), TOKEN).await.status, 200, "each customer has its own limit");
    for _ in 0..2 {
        let response = get(&sandbox, &budget(1), TOKEN).await;
        assert_eq!((response.status_and_code(), response.header("Retry-After")), ((429, "429".to_owned()), None));
    }
    assert_eq!(sandbox.counters().early, 0, "without Retry-After no call is early");
}

#[tokio::test]
async fn other_processes_read_the_counters_as_json() {
    let sandbox = Sandbox::start().await.unwrap();
    let headers = [("Authorization", "Bearer sandbox")];
    exchange(&sandbox, &format!("PATCH {}", budget(3)), &headers, r#"{"Amount":1}"#).await.unwrap();
    let counters = exchange(&sandbox, "GET /_sandbox/counters", &[], "").await.unwrap().json();
    assert_eq!(counters["calls"], 1);
    assert_eq!(counters["connections"], 2);
    assert_eq!(counters["requests"]["update_usage_budget"], 1);
    assert_eq!(counters["budgetWrites"]["00000000-0000-0000-0000-000000000003"], 1);
    assert_eq!(counters["signIns"]["refresh_token"], 0);
    assert_eq!(counters, serde_json::to_value(sandbox.counters()).unwrap());
}
