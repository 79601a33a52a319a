//! Every operation by name, called through the client's methods.

use std::fmt::Debug;
use std::fs;

use partner_center_budgets::types::SpendingBudget;
use partner_center_budgets::{Client, Error};

use crate::decode::{OPERATIONS, text};
use crate::document::fixtures;
use crate::replay::{Replay, customer, subscription};

fn shown<T: Debug>(result: Result<T, Error>) -> Result<String, Error> {
    result.map(|value| format!("{value:?}"))
}

/// Calls the method for `operation`; a change sets the budget to `amount`.
pub(crate) async fn call(client: &Client, operation: &str, amount: Option<&str>) -> Result<String, Error> {
    match operation {
        "get_usage_budget" => shown(client.get_budget(customer()).await),
        "update_usage_budget" => match amount {
            Some(amount) => shown(client.set_budget(customer(), amount.parse()?).await),
            None => shown(client.clear_budget(customer()).await),
        },
        "get_customer_usage_summary" => shown(client.get_customer_usage_summary(customer()).await),
        "get_partner_usage_summary" => shown(client.get_partner_usage_summary().await),
        "list_customer_usage_records" => shown(client.list_customer_usage_records_page().await),
        "list_subscription_usage_records" => shown(client.list_subscription_usage_records_page(customer()).await),
        "get_subscription_usage_summary" => {
            shown(client.get_subscription_usage_summary(customer(), subscription()).await)
        }
        "list_azure_resource_usage_records" => {
            shown(client.list_azure_resource_usage_records_page(customer(), subscription()).await)
        }
        "list_meter_usage_records" => shown(client.list_meter_usage_records_page(customer(), subscription()).await),
        "list_resource_usage_records" => {
            shown(client.list_resource_usage_records_page(customer(), subscription()).await)
        }
        "list_customers" => shown(client.list_customers_page(None).await),
        other => panic!("no method for {other}"),
    }
}

#[tokio::test]
async fn the_client_reads_every_fixture() {
    let mut read = 0;
    for (operation, _) in OPERATIONS {
        for file in fixtures(operation) {
            // The bytes as they are, byte order marks included.
            let replay = Replay::start(200, &[("content-type", "application/json")], fs::read(&file).unwrap()).await;
            // A change is confirmed when it asks for what the fixture answers.
            let answer: SpendingBudget = serde_json::from_str(&text(&file)).unwrap_or_default();
            let amount = answer.amount.map(|amount| amount.to_string());
            let result = call(&replay.client(), operation, amount.as_deref()).await;
            result.unwrap_or_else(|error| panic!("{}: {error:?}", file.display()));
            read += 1;
        }
    }
    assert!(read > 100, "{read} fixtures");
}
