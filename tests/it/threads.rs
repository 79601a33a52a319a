//! A service shares its client between threads, and sends lists, futures and errors to others. The compiler is the test.

use partner_center_budgets::auth::{AuthError, ClientSecret, FixedToken, MemoryStore};
use partner_center_budgets::{CallLog, Client, ClientBuilder, CustomerUsageRecord, Decimal, Error, List, WriteGuard};
use partner_center_budgets_fleet::history::HistoryError;
use partner_center_budgets_fleet::{ApplyOptions, ApplySummary, JournalError, Plan, Progress, ReadOutcome};
use partner_center_budgets_sandbox::Sandbox;

use crate::replay::customer;

fn is_shared<T: Send + Sync + 'static>() {}
fn is_sent<T: Send + 'static>() {}
fn is_sent_value<T: Send>(_: &T) {}

#[tokio::test]
async fn values_are_shared_and_sent_between_threads() {
    is_shared::<(Client, ClientBuilder, CallLog, WriteGuard, CustomerUsageRecord, Decimal)>();
    is_shared::<(FixedToken, ClientSecret, MemoryStore)>();
    is_shared::<(Error, AuthError, JournalError, HistoryError)>();
    is_shared::<(Plan, Progress, ApplySummary, ReadOutcome, Sandbox)>();
    is_sent::<(List<CustomerUsageRecord>, ApplyOptions)>();
    let client = Client::builder(FixedToken::new("token")).build().unwrap();
    is_sent_value(&client.get_budget(customer()));
    is_sent_value(&client.clear_budget(customer()));
    is_sent_value(&client.list_customer_usage_records().try_next());
}
