//! The fields of the client's records: duplicate properties, ids, dates, currencies and statuses that the fixtures lack.

use partner_center_budgets::{Currency, CustomerQuery, CustomerUsageSummary, Relationship, SubscriptionStatus};
use serde_json::{Value, json};

use crate::document::fixtures;
use crate::operations::all;
use crate::replay::{CUSTOMER, Replay, customer, subscription};

async fn summary(mut answer: Value) -> CustomerUsageSummary {
    answer["attributes"] = json!({ "objectType": "CustomerUsageSummary" });
    let replay = Replay::start(200, &[], answer.to_string()).await;
    replay.client().get_customer_usage_summary(customer()).await.unwrap().unwrap()
}

#[tokio::test]
async fn uses_the_first_budget_that_is_present() {
    let budget = |amount: Value, twin: Value| json!({ "amount": amount, "usageSpendingBudget": twin });
    let null = || Value::Null;
    for (answer, expected) in [
        (
            json!({ "budget": budget(json!(1), json!(2)), "customerSpendingBudget": budget(json!(3), null()) }),
            Some("1"),
        ),
        (json!({ "budget": budget(null(), json!(2)), "spendingBudget": 4 }), None),
        (json!({ "budget": null, "customerSpendingBudget": budget(json!(3), null()), "spendingBudget": 4 }), Some("3")),
        (json!({ "spendingBudget": 4 }), Some("4")),
        // A budget without an amount means that there is no budget. The zero next to it has no meaning.
        (json!({ "budget": { "attributes": {} }, "customerSpendingBudget": budget(json!(3), null()) }), None),
        (json!({ "budget": { "attributes": {} }, "spendingBudget": 0 }), None),
        (json!({}), None),
    ] {
        let found = summary(answer.clone()).await.budget;
        assert_eq!(found.map(|amount| amount.to_string()).as_deref(), expected, "{answer}");
    }
}

#[tokio::test]
async fn stores_the_text_of_an_id_that_is_not_a_guid() {
    for (answer, id, text) in [
        (json!({ "resourceId": CUSTOMER.to_uppercase(), "id": "other" }), Some(customer()), None),
        (json!({ "resourceId": "", "id": CUSTOMER }), Some(customer()), None),
        (json!({ "resourceId": "not-a-guid", "id": CUSTOMER }), Some(customer()), None),
        (json!({ "resourceId": "not-a-guid", "id": "not-a-guid-either" }), None, Some("not-a-guid")),
        (json!({ "id": "not-a-guid-either" }), None, Some("not-a-guid-either")),
        (json!({ "id": "" }), None, None),
    ] {
        let summary = summary(answer.clone()).await;
        assert_eq!((summary.customer_id, summary.customer_id_text.as_deref()), (id, text), "{answer}");
    }
    let answer =
        json!({ "items": [{ "companyProfile": { "tenantId": CUSTOMER }, "relationshipToPartner": "Reseller" }] });
    let replay = Replay::start(200, &[], answer.to_string()).await;
    let customers = all(replay.client().list_customers(CustomerQuery::new())).await.unwrap();
    assert_eq!(customers[0].customer_id, Some(customer()));
    assert_eq!(customers[0].relationship, Some(Relationship::Reseller));
}

#[tokio::test]
async fn a_date_keeps_its_offset_and_digits() {
    for (text, expected) in [
        ("2019-08-28T00:00:00-07:00", Some("2019-08-28T00:00:00-07:00")),
        ("2016-02-26T09:42:54.5130558+00:00", Some("2016-02-26T09:42:54.513055800+00:00")),
        ("2019-09-17T17:08:11.14Z", Some("2019-09-17T17:08:11.140+00:00")),
        ("2019-08-28T00:00:00", None),
        ("2020-05-20", None),
        ("yesterday", None),
        ("", None),
    ] {
        let found = summary(json!({ "billingStartDate": text })).await.billing_start;
        assert_eq!(found.map(|date| date.to_rfc3339()).as_deref(), expected, "{text}");
    }
}

#[tokio::test]
async fn prefers_the_currency_code_to_the_locale() {
    for (answer, expected) in [
        (json!({ "currencyCode": "GBP", "currencyLocale": "en-GB" }), Some(Currency::Code("GBP".to_owned()))),
        (json!({ "currencyCode": "", "currencyLocale": "en-GB" }), Some(Currency::Locale("en-GB".to_owned()))),
        (json!({ "currencyLocale": null }), None),
    ] {
        assert_eq!(summary(answer.clone()).await.currency, expected, "{answer}");
    }
}

#[tokio::test]
async fn stores_the_text_of_an_unknown_status() {
    let statuses = [
        ("Active", SubscriptionStatus::Active, "active"),
        ("none", SubscriptionStatus::None, "none"),
        ("Paused", SubscriptionStatus::Other("Paused".to_owned()), "Paused"),
    ];
    for (status, expected, text) in statuses {
        let answer = json!({ "items": [{ "status": status, "offerId": "ms-azr-0145p" }] });
        let replay = Replay::start(200, &[], answer.to_string()).await;
        let records = all(replay.client().list_subscription_usage_records(customer())).await.unwrap();
        assert_eq!(records[0].status, Some(expected));
        assert_eq!(records[0].status.as_ref().unwrap().as_str(), text);
        assert_eq!(records[0].is_azure_plan(), Some(false));
    }
}

#[tokio::test]
async fn computes_the_percentages_of_the_fixtures() {
    let mut compared = 0;
    for file in fixtures("list_customer_usage_records") {
        let replay =
            Replay::script(&[std::fs::read(&file).unwrap(), br#"{"items":[]}"#.to_vec()].map(|body| (200, body))).await;
        let mut list = replay.client().list_customer_usage_records();
        // One fixture has fewer items than its total says, so its list ends with an error.
        while let Ok(Some(record)) = list.try_next().await {
            if record.budget.is_none() {
                continue;
            }
            assert_eq!(record.percent_used(), record.reported_percent_used, "{}: {record:?}", file.display());
            compared += 1;
        }
    }
    assert!(compared > 8, "{compared} records");
}

#[tokio::test]
async fn reads_a_meter_id_that_is_not_a_guid() {
    let answer = json!({ "items": [{ "meterId": "DZH318Z0BNVX-005J-Data Transfer In (GB)", "subscriptionId": "x" }] });
    let replay = Replay::start(200, &[], answer.to_string()).await;
    let records = all(replay.client().list_meter_usage_records(customer(), subscription())).await.unwrap();
    assert_eq!(records[0].meter_id.as_deref(), Some("DZH318Z0BNVX-005J-Data Transfer In (GB)"));
    assert_eq!((records[0].subscription_id, records[0].subscription_id_text.as_deref()), (None, Some("x")));
}
