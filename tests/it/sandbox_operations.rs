//! The operations of the sandbox, called by the client and by raw requests.

use std::collections::BTreeSet;

use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::{Client, CustomerId, CustomerQuery, CustomerUsageRecord};
use partner_center_budgets_sandbox::{Config, Sandbox, TOKEN};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::operations::all;

fn customer(number: u128) -> CustomerId {
    uuid::Uuid::from_u128(number).into()
}

fn client(sandbox: &Sandbox) -> Client {
    Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build().unwrap()
}

#[tokio::test]
async fn sets_and_clears_a_budget() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox);
    for text in ["28.82860766744404945074", "300.000000", "0", "-1", "0.01"] {
        client.set_budget(customer(1), text.parse().unwrap()).await.unwrap();
        assert_eq!(client.get_budget(customer(1)).await.unwrap().unwrap().to_string(), text);
        client.clear_budget(customer(1)).await.unwrap();
        assert_eq!(client.get_budget(customer(1)).await.unwrap(), None);
    }
    assert!(client.get_budget(customer(3)).await.unwrap().is_some(), "another customer's budget is untouched");
}

#[tokio::test]
async fn a_new_budget_appears_in_records_and_summaries() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox);
    client.set_budget(customer(1), "20".parse().unwrap()).await.unwrap();
    let records = all(client.list_customer_usage_records()).await.unwrap();
    let record = records.iter().find(|record| record.customer_id == Some(customer(1))).unwrap();
    assert_eq!(record.budget, Some("20".parse().unwrap()));
    // 100 × 27.23292827625710931604 / 20, to two places.
    assert_eq!(record.percent_used(), Some("136.16".parse().unwrap()));
    assert_eq!(record.reported_percent_used, record.percent_used());
    assert_eq!(record.is_over_budget(), Some(true));
    assert_eq!(record.currency.as_ref().unwrap().code(), Some("GBP"));
    let summary = client.get_customer_usage_summary(customer(1)).await.unwrap().unwrap();
    assert_eq!(summary.budget, record.budget);
    assert_eq!(summary.total_cost, record.total_cost);
    assert_eq!(summary.percent_used(), record.percent_used());
}

#[tokio::test]
async fn computes_percentages_like_the_service() {
    let sandbox = Sandbox::with(Config { customers: 1000, ..Config::default() }).await.unwrap();
    let mut over = 0;
    for record in all(client(&sandbox).list_customer_usage_records()).await.unwrap() {
        match record.budget {
            Some(_) => assert_eq!(record.percent_used(), record.reported_percent_used, "{record:?}"),
            None => assert_eq!((record.percent_used(), record.is_over_budget()), (None, None), "{record:?}"),
        }
        over += usize::from(record.is_over_budget() == Some(true));
    }
    assert!(over > 100, "{over}");
}

#[tokio::test]
async fn the_partner_summary_and_the_library_count_the_same_customers_over_budget() {
    let sandbox = Sandbox::with(Config { customers: 1000, ..Config::default() }).await.unwrap();
    let client = client(&sandbox);
    let is_legacy = |record: &CustomerUsageRecord| record.currency.as_ref().is_some_and(|one| one.code().is_none());
    let counts = async || {
        let records = all(client.list_customer_usage_records()).await.unwrap();
        let over = |record: &&CustomerUsageRecord| is_legacy(record) && record.is_over_budget() == Some(true);
        let summary = client.get_partner_usage_summary().await.unwrap();
        (records.iter().filter(over).count() as u64, summary.customers_over_budget.unwrap())
    };
    let (before, in_summary) = counts().await;
    assert_eq!(in_summary, before);
    let records = all(client.list_customer_usage_records()).await.unwrap();
    let legacy = |is_idle: bool| {
        let is_found = |record: &&CustomerUsageRecord| {
            let is_over = record.is_over_budget() == Some(true);
            is_legacy(record) && !is_over && (record.total_cost == Some("0".parse().unwrap())) == is_idle
        };
        records.iter().find(is_found).unwrap()
    };
    // A cost of 0 is never over budget. A cost that equals the budget is over it.
    client.set_budget(legacy(true).customer_id.unwrap(), "0".parse().unwrap()).await.unwrap();
    assert_eq!(counts().await, (before, before));
    let other = legacy(false);
    client.set_budget(other.customer_id.unwrap(), other.total_cost.unwrap()).await.unwrap();
    assert_eq!(counts().await, (before + 1, before + 1));
}

#[tokio::test]
async fn reads_every_customer_and_subscription() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox);
    let customers = all(client.list_customers(CustomerQuery::new())).await.unwrap();
    assert_eq!(customers.len(), 40);
    let names: BTreeSet<_> = customers.iter().map(|one| one.company_name.clone()).collect();
    assert_eq!(names.len(), 40, "names are unique");
    client.get_partner_usage_summary().await.unwrap();
    let mut subscriptions = 0;
    for one in customers {
        let id = one.customer_id.unwrap();
        client.get_budget(id).await.unwrap();
        let records = all(client.list_subscription_usage_records(id)).await.unwrap();
        let summary = client.get_customer_usage_summary(id).await.unwrap();
        assert_eq!(summary.is_none(), records.is_empty(), "no summary and no records without usage");
        for record in records {
            let subscription = record.subscription_id.unwrap();
            let summary = client.get_subscription_usage_summary(id, subscription).await.unwrap();
            assert_eq!(summary.unwrap().total_cost, record.total_cost);
            all(client.list_meter_usage_records(id, subscription)).await.unwrap();
            let legacy = all(client.list_azure_resource_usage_records(id, subscription)).await.unwrap();
            let plan = all(client.list_resource_usage_records(id, subscription)).await.unwrap();
            let is_plan = record.is_azure_plan().unwrap();
            assert_eq!((legacy.is_empty(), plan.is_empty()), (is_plan, !is_plan), "{record:?}");
            subscriptions += 1;
        }
    }
    assert!(subscriptions > 40, "{subscriptions}");
}

#[tokio::test]
async fn pages_list_every_customer_once() {
    let sandbox = Sandbox::with(Config { customers: 1203, ..Config::default() }).await.unwrap();
    let client = client(&sandbox);
    let listed = all(client.list_customers(CustomerQuery::new())).await.unwrap();
    let starts_with = |name: &Option<String>, prefix: &str| name.as_ref().unwrap().to_lowercase().starts_with(prefix);
    let blue = listed.iter().filter(|one| starts_with(&one.company_name, "blue")).count();
    assert!((2..1203).contains(&blue), "{blue}");
    for (query, count) in [
        (CustomerQuery::new(), 1203),
        (CustomerQuery::new().page_size(7).unwrap(), 1203),
        (CustomerQuery::new().company_name_starts_with("bLUE").page_size(1).unwrap(), blue),
        (CustomerQuery::new().domain_starts_with("blueharborlogistics"), 1),
        (CustomerQuery::new().company_name_starts_with("\"?x=%&+"), 0),
    ] {
        let customers = all(client.list_customers(query.clone())).await.unwrap();
        let seen: BTreeSet<_> = customers.iter().map(|one| one.customer_id).collect();
        assert_eq!((customers.len(), seen.len()), (count, count), "{query:?}");
    }
}

/// Status and body of the response to a request that the client would not send.
pub(crate) async fn raw(
    sandbox: &Sandbox,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: &str,
) -> (u16, Vec<u8>) {
    let address = sandbox.base_url().replace("http://", "");
    let authorization = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{authorization}Content-Length: {length}\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    let status = std::str::from_utf8(&answer[..end]).unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer.split_off(end + 4))
}

async fn body(sandbox: &Sandbox, path: &str) -> Vec<u8> {
    raw(sandbox, "GET", path, Some(TOKEN), "").await.1
}

#[tokio::test]
async fn the_same_seed_creates_the_same_data() {
    let worlds = [1, 1, 2].map(|seed| Sandbox::with(Config { seed, ..Config::default() }));
    let [one, same, other] = worlds;
    let (one, same, other) = (one.await.unwrap(), same.await.unwrap(), other.await.unwrap());
    let records = "/v1/customers/usagerecords";
    assert_eq!(body(&one, records).await, body(&same, records).await);
    assert_ne!(body(&one, records).await, body(&other, records).await);
}

#[tokio::test]
async fn refuses_invalid_requests_with_the_codes_of_the_service() {
    let sandbox = Sandbox::start().await.unwrap();
    let known = "/v1/customers/00000000-0000-0000-0000-000000000001/usagebudget";
    let unknown = "/v1/customers/99999999-0000-0000-0000-000000000001/usagebudget";
    let patch = |body: &'static str| ("PATCH", known, Some(TOKEN), body);
    let calls = [
        ("GET", known, None, ""),
        ("GET", known, Some("another"), ""),
        ("GET", unknown, Some(TOKEN), ""),
        ("PATCH", unknown, Some(TOKEN), r#"{"Amount":1}"#),
        ("GET", "/v1/customers/no-guid/usagebudget", Some(TOKEN), ""),
        ("GET", "/v1/customers/00000000-0000-0000-0000-000000000005/usagesummary", Some(TOKEN), ""),
        (
            "GET",
            "/v1/customers/00000000-0000-0000-0000-000000000001/subscriptions/99999999-0000-0000-0000-000000000001/usagesummary",
            Some(TOKEN),
            "",
        ),
        ("GET", "/v1/customers?filter=x", Some(TOKEN), ""),
        ("GET", "/v1/customers?size=501", Some(TOKEN), ""),
        ("DELETE", known, Some(TOKEN), ""),
        ("GET", "/v1/nothing", Some(TOKEN), ""),
        patch(""),
        patch("[]"),
        patch(r#"{"Amount":"97"}"#),
        patch(r#"{"Amount":"#),
        patch(r#"{"Amount":1e999}"#),
    ];
    let mut answers = Vec::new();
    for (method, path, token, body) in calls {
        let (status, answer) = raw(&sandbox, method, path, token, body).await;
        let answer = String::from_utf8(answer).unwrap();
        let token = token.unwrap_or("no token");
        answers.push(format!("{method} {path} ({token}) {body}\n  {status} {}", answer.trim_start_matches('\u{feff}')));
    }
    insta::assert_snapshot!(answers.join("\n"));
    let still = client(&sandbox).get_budget(customer(1)).await.unwrap();
    assert_eq!(still, Some("97".parse().unwrap()), "a rejected change has no effect");
}

#[tokio::test]
async fn a_stopped_sandbox_does_not_respond() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox);
    client.get_budget(customer(1)).await.unwrap();
    drop(sandbox);
    // The server closes as soon as it is polled; until then it may respond to requests in flight.
    for _ in 0..1000 {
        if client.get_budget(customer(1)).await.is_err() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the sandbox still responds");
}
