//! Every operation by name, called through the client's methods.

use std::fmt::Debug;
use std::fs;

use partner_center_budgets::{Client, CustomerId, Decimal, Error, List};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::decode::text;
use crate::document::{fixtures, full};
use crate::generated::types::SpendingBudget;
use crate::generated::{OPERATIONS, read};
use crate::replay::{Replay, customer};

/// Methods with the name of the operation, for operations whose method has another name.
pub(crate) trait OtherNames {
    async fn get_usage_budget(&self, customer: CustomerId) -> Result<Option<Decimal>, Error>;
}

impl OtherNames for Client {
    async fn get_usage_budget(&self, customer: CustomerId) -> Result<Option<Decimal>, Error> {
        self.get_budget(customer).await
    }
}

/// A result of a method, which has passed through JSON and back.
pub(crate) struct Shown {
    pub(crate) debug: String,
    pub(crate) json: String,
}

pub(crate) fn shown<T: Debug + PartialEq + Serialize + DeserializeOwned>(value: T) -> Shown {
    let json = serde_json::to_string_pretty(&value).unwrap();
    let read: T = serde_json::from_str(&json).unwrap();
    assert_eq!(read, value);
    assert_eq!(serde_json::to_string_pretty(&read).unwrap(), json, "the digits of numbers");
    Shown { debug: debug(value), json }
}

/// All items of a list.
pub(crate) async fn all<T>(mut list: List<T>) -> Result<Vec<T>, Error> {
    let mut items = Vec::new();
    while let Some(item) = list.try_next().await? {
        items.push(item);
    }
    Ok(items)
}

/// Calls the method for `operation`; a write sets the budget to `amount`.
pub(crate) async fn call(client: &Client, operation: &str, amount: Option<&str>) -> Result<String, Error> {
    match read(client, operation).await {
        Some(result) => result.map(|shown| shown.debug),
        None => write(client, operation, amount).await,
    }
}

fn debug(value: impl Debug) -> String {
    format!("{value:#?}")
}

async fn write(client: &Client, operation: &str, amount: Option<&str>) -> Result<String, Error> {
    match (operation, amount) {
        ("update_usage_budget", Some(amount)) => client.set_budget(customer(), amount.parse()?).await.map(debug),
        ("update_usage_budget", None) => client.clear_budget(customer()).await.map(debug),
        (other, _) => panic!("add a call of {other}"),
    }
}

/// Reads a fixture with the client. Returns the result, and the number of requests.
async fn read_fixture(operation: &str, file: &std::path::Path) -> (Result<String, Error>, usize) {
    // The bytes of the file, with its byte order mark. A list with a next page ends after it.
    let answers = [(200, fs::read(file).unwrap()), (200, br#"{"items":[]}"#.to_vec())];
    let replay = Replay::script(&answers).await;
    // The service confirms a change if the response has the requested amount.
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
            let (result, calls) = runtime.block_on(read_fixture(operation, &file));
            let leads_away = ["made-foreign-next-link.json", "made-absolute-next-link.json"].contains(&name);
            let is_abridged = ["docs-total-count-25.json", "docs-id-name-only.json"].contains(&name);
            match result {
                Ok(shown) if !leads_away && !is_abridged => records.push(format!("# {name}, calls: {calls}\n{shown}")),
                Err(Error::Decode { .. }) if leads_away && calls == 1 => {}
                // Published samples with fewer items than their total.
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

/// Names in JSON are part of the interface. Every result also returns from its JSON unchanged: see [`shown`].
#[tokio::test]
async fn results_have_stable_names_in_json() {
    for (operation, _) in OPERATIONS {
        let answers = [(200, fs::read(full(operation)).unwrap()), (200, br#"{"items":[]}"#.to_vec())];
        let replay = Replay::script(&answers).await;
        if let Some(result) = read(&replay.client(), operation).await {
            insta::with_settings!({ omit_expression => true }, {
                insta::assert_snapshot!(format!("json_{operation}"), result.unwrap().json);
            });
        }
    }
}

#[tokio::test]
async fn strips_a_byte_order_mark() {
    for (operation, _) in OPERATIONS {
        let text = text(&full(operation));
        let body: SpendingBudget = serde_json::from_str(&text).unwrap_or_default();
        let amount = body.amount.map(|amount| amount.to_string());
        let mut results = Vec::new();
        for mark in ["", "\u{feff}"] {
            let pages = [(200, format!("{mark}{text}")), (200, format!(r#"{mark}{{"items":[]}}"#))];
            results.push(call(&Replay::script(&pages).await.client(), operation, amount.as_deref()).await.unwrap());
        }
        assert_eq!(results[0], results[1], "{operation}");
    }
}
