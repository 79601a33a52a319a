//! The JSON of ids, refusals, plans, assessments and outcomes. That of records is in `operations.rs`.

use std::time::Duration;

use chrono::DateTime;
use partner_center_budgets::{
    Client, Currency, CustomerId, CustomerUsageRecord, Error, RetryPolicy, SubscriptionStatus,
};
use partner_center_budgets_fleet::{
    ApplyOptions, CurrentBudgets, CustomerUsage, DesiredBudget, Entry, Plan, Target, Thresholds, apply,
};
use partner_center_budgets_sandbox::Sandbox;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::replay::{CUSTOMER, Replay, customer};

fn round_trip<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) -> String {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *value);
    json
}

#[test]
fn ids_statuses_and_currencies_are_texts() {
    assert_eq!(round_trip(&customer()), format!("\"{CUSTOMER}\""));
    assert_eq!(serde_json::from_str::<CustomerId>(&format!("\"{}\"", CUSTOMER.to_uppercase())).unwrap(), customer());
    assert!(serde_json::from_str::<CustomerId>("\"contoso\"").is_err());
    let by_customer = std::collections::BTreeMap::from([(customer(), 1)]);
    assert_eq!(round_trip(&by_customer), format!("{{\"{CUSTOMER}\":1}}"));
    assert_eq!(round_trip(&SubscriptionStatus::Suspended), "\"suspended\"");
    assert_eq!(round_trip(&SubscriptionStatus::Other("Paused".to_owned())), "\"Paused\"");
    assert_eq!(round_trip(&Currency::Code("EUR".to_owned())), r#"{"code":"EUR"}"#);
    assert_eq!(round_trip(&Currency::Locale("de-DE".to_owned())), r#"{"locale":"de-DE"}"#);
}

#[test]
fn reads_records_without_new_fields_and_with_unknown_ones() {
    let record: CustomerUsageRecord = serde_json::from_str(r#"{"total_cost":1.50,"later":{}}"#).unwrap();
    assert_eq!(record.total_cost.map(|cost| cost.to_string()).as_deref(), Some("1.50"));
    assert_eq!(record.customer_id, None);
}

#[tokio::test]
async fn a_refusal_has_its_parts() {
    let body = r#"{"code":20002,"description":"No relationship."}"#;
    let replay = Replay::start(403, &[("Retry-After", "57")], body).await;
    let error = replay.client().get_budget(customer()).await.unwrap_err();
    let Error::Api(mut fault) = error else { panic!("{error}") };
    fault.retry_after = fault.retry_after.map(|wait| wait + Duration::from_millis(1));
    let ids = serde_json::to_string(&fault.ids).unwrap();
    let json = serde_json::to_string_pretty(&fault).unwrap();
    let json = json.replace(&fault.ids.request.to_string(), "[request]");
    insta::assert_snapshot!(json.replace(&fault.ids.correlation.to_string(), "[correlation]"), @r#"
    {
      "operation": "get_usage_budget",
      "status": 403,
      "code": "20002",
      "description": "No relationship.",
      "retry_after_seconds": 58,
      "body": "{\"code\":20002,\"description\":\"No relationship.\"}",
      "ids": {
        "request": "[request]",
        "correlation": "[correlation]"
      }
    }
    "#);
    assert_eq!(serde_json::from_str::<partner_center_budgets::CallIds>(&ids).unwrap(), fault.ids);
}

fn plan(from: &str, to: &str) -> Plan {
    let mut current = CurrentBudgets::new();
    current.set_budget(customer(), from.parse().ok());
    let target = to.parse().map_or(Target::Clear, Target::Set);
    Plan::new([DesiredBudget { line: 2, customer: customer(), target }], &current)
}

#[test]
fn an_entry_is_as_in_the_file_of_its_plan() {
    let plan = plan("100.00", "120.50");
    let entry = &plan.entries()[0];
    let json = round_trip(entry);
    insta::assert_snapshot!(json, @r#"{"customer":"11111111-1843-4b3b-872f-206e08a08e51","kind":"raise","from":"100.00","to":"120.50","rows":[{"line":2,"want":"120.50"}]}"#);
    let file: Value = serde_json::to_value(&plan).unwrap();
    assert_eq!(file["entries"][0], serde_json::from_str::<Value>(&json).unwrap());
    let forged = json.replace("raise", "lower");
    assert!(serde_json::from_str::<Entry>(&forged).unwrap_err().to_string().contains("does not follow"));
    insta::assert_snapshot!(serde_json::to_string(&plan.totals()).unwrap(), @r#"{"rows":1,"customers":1,"duplicates":0,"kinds":[{"kind":"raise","customers":1,"rows":1,"currencies":[],"without_currency":1}]}"#);
}

#[test]
fn assessments_return_unchanged() {
    let mut record = CustomerUsageRecord::default();
    record.currency = Some(Currency::Code("EUR".to_owned()));
    (record.budget, record.total_cost) = ("100".parse().ok(), "60".parse().ok());
    record.last_modified = DateTime::parse_from_rfc3339("2026-04-15T06:00:00Z").ok();
    let thresholds = Thresholds::default();
    let usage = CustomerUsage::new(record);
    let now = DateTime::UNIX_EPOCH;
    insta::assert_snapshot!(round_trip(&usage.assess(now, &thresholds)), @r#"{"status":"trending-over","projection":{"cost":120,"over_on":"2026-04-25","pace":"period"},"is_trend_unknown":false}"#);
    let recent = usage.with_recent_pace("0.25".parse().unwrap()).assess(now, &thresholds);
    insta::assert_snapshot!(round_trip(&recent), @r#"{"status":"ok","projection":{"cost":63.75,"over_on":null,"pace":{"recent":0.25}},"is_trend_unknown":false}"#);
    insta::assert_snapshot!(round_trip(&thresholds), @r#"{"near":80,"over":100,"project_from_day":5}"#);
    assert_eq!(serde_json::from_str::<Thresholds>(r#"{"near":80}"#).unwrap(), thresholds);
}

#[tokio::test]
async fn outcomes_have_the_names_of_the_journal() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::builder(partner_center_budgets::auth::FixedToken::new(partner_center_budgets_sandbox::TOKEN))
        .base_url(sandbox.base_url())
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let id = |number: u128| CustomerId::from(uuid::Uuid::from_u128(number));
    let mut current = CurrentBudgets::new();
    let budgets = [(1, "1"), (3, ""), (4, ""), (999, "")];
    for (customer, budget) in budgets {
        current.set_budget(id(customer), budget.parse().ok());
    }
    current.set_budget(id(4), client.get_budget(id(4)).await.unwrap());
    let desired = budgets.map(|(customer, _)| DesiredBudget {
        line: customer as u64,
        customer: id(customer),
        target: Target::Set("5".parse().unwrap()),
    });
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let summary = apply(&client, &Plan::new(desired, &current), journal, ApplyOptions::new()).await;
    let mut json = serde_json::to_string_pretty(&summary.unwrap()).unwrap();
    for member in ["request_id", "correlation_id"] {
        let (before, after) = json.split_once(&format!("\"{member}\": \"")).unwrap();
        json = format!("{before}\"{member}\": \"[id]{}", &after[36..]);
    }
    insta::assert_snapshot!(json, @r#"
    {
      "changes": 4,
      "attempted": 4,
      "done": 1,
      "already_set": 0,
      "conflicts": [
        {
          "customer": "00000000-0000-0000-0000-000000000001",
          "line": 1,
          "outcome": "conflict",
          "found": 97
        },
        {
          "customer": "00000000-0000-0000-0000-000000000003",
          "line": 3,
          "outcome": "conflict",
          "found": 300.000000
        }
      ],
      "failed": [
        {
          "customer": "00000000-0000-0000-0000-0000000003e7",
          "line": 999,
          "outcome": "failed",
          "error": "get_usage_budget was refused: 404 Not Found, code 60003: The customer tenant was not found; check the customer's id",
          "status": 404,
          "code": "60003",
          "request_id": "[id]",
          "correlation_id": "[id]"
        }
      ],
      "unknown": [],
      "not_reached": 0,
      "problems": 0,
      "stopped": null
    }
    "#);
}
