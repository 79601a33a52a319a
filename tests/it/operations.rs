//! Every operation by name, called through the client's methods.

use std::fmt::Debug;
use std::fs;

use partner_center_budgets::__generated::types::SpendingBudget;
use partner_center_budgets::{Client, CustomerQuery, Error, List};

use crate::decode::{OPERATIONS, text};
use crate::document::fixtures;
use crate::replay::{Replay, customer, subscription};

fn shown<T: Debug>(result: Result<T, Error>) -> Result<String, Error> {
    result.map(|value| format!("{value:#?}"))
}

/// All items of a list.
pub(crate) async fn all<T>(mut list: List<T>) -> Result<Vec<T>, Error> {
    let mut items = Vec::new();
    while let Some(item) = list.try_next().await? {
        items.push(item);
    }
    Ok(items)
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
        "list_customer_usage_records" => shown(all(client.list_customer_usage_records()).await),
        "list_subscription_usage_records" => shown(all(client.list_subscription_usage_records(customer())).await),
        "get_subscription_usage_summary" => {
            shown(client.get_subscription_usage_summary(customer(), subscription()).await)
        }
        "list_azure_resource_usage_records" => {
            shown(all(client.list_azure_resource_usage_records(customer(), subscription())).await)
        }
        "list_meter_usage_records" => shown(all(client.list_meter_usage_records(customer(), subscription())).await),
        "list_resource_usage_records" => {
            shown(all(client.list_resource_usage_records(customer(), subscription())).await)
        }
        "list_customers" => shown(all(client.list_customers(CustomerQuery::new())).await),
        other => panic!("no method for {other}"),
    }
}

/// What the client makes of a fixture: its records, and why a list does not go on.
async fn read(operation: &str, file: &std::path::Path) -> (Result<String, Error>, usize) {
    // The bytes as they are, byte order marks included. A list that goes on ends with the next page.
    let answers = [(200, fs::read(file).unwrap()), (200, br#"{"items":[]}"#.to_vec())];
    let replay = Replay::script(&answers).await;
    // A change is confirmed when it asks for what the fixture answers.
    let answer: SpendingBudget = serde_json::from_str(&text(file)).unwrap_or_default();
    let amount = answer.amount.or(answer.usage_spending_budget).map(|amount| amount.to_string());
    let result = call(&replay.client(), operation, amount.as_deref()).await;
    (result, replay.seen().len())
}

#[test]
fn the_client_reads_every_fixture() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut fixtures_read = 0;
    for (operation, _) in OPERATIONS {
        let mut records = Vec::new();
        for file in fixtures(operation) {
            let name = file.file_name().unwrap().to_str().unwrap();
            let (result, calls) = runtime.block_on(read(operation, &file));
            let leads_away = ["made-foreign-next-link.json", "made-absolute-next-link.json"].contains(&name);
            let is_abridged = ["docs-total-count-25.json", "docs-id-name-only.json"].contains(&name);
            match result {
                Ok(shown) if !leads_away && !is_abridged => records.push(format!("# {name}, calls: {calls}\n{shown}")),
                Err(Error::Decode { .. }) if leads_away && calls == 1 => {}
                // Published samples that leave out most of the items that they count.
                Err(Error::IncompleteList { .. }) if is_abridged && calls == 1 => {}
                other => panic!("{operation} {name}: {other:?} after {calls} calls"),
            }
            fixtures_read += 1;
        }
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(*operation, records.join("\n\n"));
        });
    }
    assert!(fixtures_read > 100, "{fixtures_read} fixtures");
}
