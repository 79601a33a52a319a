//! The activity log: its query, and the changes of budgets that the sandbox records.

use std::time::SystemTime;

use chrono::{DateTime, Days, NaiveDate, Utc};
use partner_center_budgets::auth::{ClientSecret, FixedToken};
use partner_center_budgets::{AuditQuery, AuditRecord, AuditStatus, Client, Cloud, CustomerId, Error};
use partner_center_budgets_sandbox::{CLIENT_SECRET, Sandbox, TOKEN};
use serde_json::Value;

use crate::operations::all;
use crate::replay::{CUSTOMER, Replay};
use crate::sandbox_operations::raw;

const EMPTY: &str = r#"{"totalCount":0,"items":[],"attributes":{"objectType":"Collection"}}"#;

fn today() -> NaiveDate {
    DateTime::<Utc>::from(SystemTime::now()).date_naive()
}

fn days_ago(days: u64) -> NaiveDate {
    today() - Days::new(days)
}

fn customer(number: u128) -> CustomerId {
    uuid::Uuid::from_u128(number).into()
}

fn user(sandbox: &Sandbox) -> Client {
    Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build().unwrap()
}

fn app(sandbox: &Sandbox) -> Client {
    let url = sandbox.base_url();
    let secret = ClientSecret::new("contoso.example", "budget-app", CLIENT_SECRET);
    Client::builder(secret).cloud(Cloud::custom(&url, &url, &url)).build().unwrap()
}

#[tokio::test]
async fn sends_range_page_size_and_filter_in_the_query() {
    let (start, end) = (days_ago(40), days_ago(2));
    let range = AuditQuery::new().since(start).until(end);
    let filter = |field: &str, value: &str, operator: &str| {
        let [field, value, operator] = [("Field", field), ("Value", value), ("Operator", operator)]
            .map(|(key, value)| format!("%22{key}%22%3A%22{value}%22"));
        format!("filter=%7B{field}%2C{value}%2C{operator}%7D&")
    };
    for (query, expected) in [
        (AuditQuery::new(), String::new()),
        (AuditQuery::new().since(start), format!("?startDate={start}")),
        (
            range.clone().page_size(50).unwrap().customer(CUSTOMER.parse().unwrap()),
            format!("?endDate={end}&{}size=50&startDate={start}", filter("CustomerId", CUSTOMER, "equals")),
        ),
        (
            range.clone().company_name_contains("a\"&é"),
            format!("?endDate={end}&{}startDate={start}", filter("CompanyName", "a%5C%22%26%C3%A9", "substring")),
        ),
        (
            range.company_name_contains("gone").resource_type("customer"),
            format!("?endDate={end}&{}startDate={start}", filter("ResourceType", "customer", "equals")),
        ),
    ] {
        let replay = Replay::start(200, &[], EMPTY).await;
        assert_eq!(all(replay.client().list_audit_records(query)).await.unwrap(), []);
        let [seen] = &replay.seen()[..] else { panic!("one request") };
        assert_eq!(seen.line, format!("GET /v1/auditrecords{expected}"));
    }
}

#[tokio::test]
async fn refuses_a_start_more_than_90_days_ago_before_sending() {
    for query in [AuditQuery::new().since(days_ago(95)), AuditQuery::new().until(days_ago(35))] {
        let replay = Replay::start(200, &[], EMPTY).await;
        let error = all(replay.client().list_audit_records(query)).await.unwrap_err();
        assert!(matches!(error, Error::Input { .. }), "{error:?}");
        assert!(replay.seen().is_empty(), "nothing is sent");
    }
}

#[tokio::test]
async fn the_sandbox_records_who_changed_a_budget() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(all(user(&sandbox).list_audit_records(AuditQuery::new())).await.unwrap(), [], "the log begins empty");
    let before = DateTime::<Utc>::from(SystemTime::now());
    let (user, log) = user(&sandbox).with_call_log();
    user.set_budget(customer(1), "2500.50".parse().unwrap()).await.unwrap();
    let ids = log.take()[0].ids;
    app(&sandbox).clear_budget(customer(1)).await.unwrap();
    user.clear_budget("99999999-0000-0000-0000-000000000001".parse().unwrap()).await.unwrap_err();

    let records = all(app(&sandbox).list_audit_records(AuditQuery::new())).await.unwrap();
    let [cleared, set] = &records[..] else { panic!("the newest first, and none of a refused change: {records:#?}") };
    for record in [cleared, set] {
        assert!(record.is_budget_change());
        assert_eq!(record.customer_id, Some(customer(1)));
        assert_eq!(record.customer_name.as_deref(), Some("Blue Harbor Logistics"));
        assert_eq!(record.status, Some(AuditStatus::Succeeded));
        let date = record.operation_date.unwrap().to_utc();
        // The log has seven digits of a second.
        assert!(date >= before - chrono::Duration::microseconds(1) && date <= SystemTime::now().into(), "{date}");
    }
    let values = |record: &AuditRecord| [record.old_value.clone().unwrap(), record.new_value.clone().unwrap()];
    let value = |amount: &str| format!(r#"{{"Amount":{amount},"Attributes":{{"ObjectType":"SpendingBudget"}}}}"#);
    assert_eq!(values(set), [value("97"), value("2500.50")]);
    assert_eq!(values(cleared), [value("2500.50"), value("null")]);
    assert_eq!(set.user_principal_name.as_deref(), Some("admin-agent@sandbox.example"));
    assert_eq!(set.correlation_id, Some(ids.correlation.to_string()));
    assert_eq!((cleared.user_principal_name.as_deref(), cleared.application_id.as_deref()), (None, Some("budget-app")));
}

#[tokio::test]
async fn the_sandbox_filters_and_pages_audit_records() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = user(&sandbox);
    let day = today();
    for (number, amount) in [(1, "1"), (2, "2"), (1, "3"), (3, "4"), (1, "5")] {
        client.set_budget(customer(number), amount.parse().unwrap()).await.unwrap();
    }
    let amounts = async |query: AuditQuery| {
        let records = all(client.list_audit_records(query.page_size(2).unwrap())).await.unwrap();
        let amount = |record: AuditRecord| {
            let value: Value = serde_json::from_str(&record.new_value.unwrap()).unwrap();
            value["Amount"].as_u64().unwrap()
        };
        records.into_iter().map(amount).collect::<Vec<_>>()
    };
    let all = AuditQuery::new;
    const NONE: [u64; 0] = [];
    assert_eq!(amounts(all()).await, [5, 4, 3, 2, 1], "three pages");
    assert_eq!(amounts(all().since(day)).await, [5, 4, 3, 2, 1]);
    assert_eq!(amounts(all().until(day - Days::new(1))).await, NONE);
    assert_eq!(amounts(all().customer(customer(1))).await, [5, 3, 1]);
    assert_eq!(amounts(all().customer(customer(4))).await, NONE);
    assert_eq!(amounts(all().company_name_contains("HARBOR LOG")).await, [5, 3, 1]);
    assert_eq!(amounts(all().resource_type("Customer")).await, [5, 4, 3, 2, 1]);
    assert_eq!(amounts(all().resource_type("order")).await, NONE);
}

#[tokio::test]
async fn the_sandbox_rejects_invalid_ranges_and_filters() {
    let sandbox = Sandbox::start().await.unwrap();
    let sdk_date =
        |day: NaiveDate| day.format("%m/%d/%Y 12:00:00 AM").to_string().replace('/', "%2F").replace(' ', "%20");
    for (query, expected) in [
        (format!("startDate={}", days_ago(89)), None),
        (format!("startDate={}", sdk_date(days_ago(89))), None),
        (format!("startDate={}", days_ago(91)), Some("800002")),
        (format!("startDate={}", sdk_date(days_ago(91))), Some("800002")),
        ("startDate=yesterday".to_owned(), Some("800002")),
        ("endDate=2026-13-01".to_owned(), Some("800002")),
        ("size=501".to_owned(), Some("2000")),
        ("filter=x".to_owned(), Some("2000")),
    ] {
        let (status, body) = raw(&sandbox, "GET", &format!("/v1/auditrecords?{query}"), Some(TOKEN), "").await;
        let body: Value = serde_json::from_slice(&body[3..]).unwrap();
        assert_eq!((status, body["code"].as_str()), (if expected.is_some() { 400 } else { 200 }, expected), "{query}");
    }
}
