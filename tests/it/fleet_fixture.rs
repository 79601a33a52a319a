//! A sandbox, a client, a plan and a folder for a journal.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use partner_center_budgets::auth::{Credential, FixedToken};
use partner_center_budgets::{Client, Cloud, CustomerId, Decimal, RetryPolicy};
use partner_center_budgets_fleet::{ApplyOptions, ApplySummary, CurrentBudgets, DesiredBudget, Plan, Target, apply};
use partner_center_budgets_sandbox::{Config, Sandbox};
use tempfile::TempDir;

use crate::fleet_plan::{amount, customer};
use crate::scripted_server::short_waits;

pub(crate) struct FleetFixture {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
    pub(crate) plan: Plan,
    folder: TempDir,
}

/// The desired budget of customer `number`: one that no customer of the sandbox has, or none.
pub(crate) fn desired(number: u32, before: Option<Decimal>) -> Option<Decimal> {
    match before {
        Some(_) if number.is_multiple_of(5) => None,
        _ => Some(amount(&format!("{}.0123456789", 5000 + number))),
    }
}

pub(crate) fn client(sandbox: &Sandbox, credential: impl Credential, retry: RetryPolicy) -> Client {
    let url = sandbox.base_url();
    Client::builder(credential).cloud(Cloud::custom(&url, &url, &url)).retry(retry).build().unwrap()
}

impl FleetFixture {
    /// A plan with a change for each customer.
    pub(crate) async fn new(customers: u32) -> Self {
        let sandbox = Sandbox::with(Config { customers, ..Config::default() }).await.unwrap();
        let client = client(&sandbox, FixedToken::new("sandbox"), short_waits());
        let mut current = CurrentBudgets::new();
        let mut wishes = Vec::new();
        for number in 1..=customers {
            let (customer, line) = (customer(number), u64::from(number) + 1);
            let before = client.get_budget(customer).await.unwrap();
            current.set_budget(customer, before);
            let target = desired(number, before).map_or(Target::Clear, Target::Set);
            wishes.push(DesiredBudget { line, customer, target });
        }
        let plan = Plan::new(wishes, &current);
        assert_eq!(plan.changes().count() as u32, customers);
        let folder = tempfile::tempdir().unwrap();
        Self { sandbox, client, plan, folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.path("journal")
    }

    pub(crate) fn faults(&self, faults: &[&str]) {
        self.sandbox.set_faults(faults.iter().map(|fault| fault.parse().unwrap()).collect());
    }

    pub(crate) async fn apply(&self, options: ApplyOptions) -> ApplySummary {
        self.apply_with(&self.client, options).await
    }

    pub(crate) async fn apply_with(&self, client: &Client, options: ApplyOptions) -> ApplySummary {
        let summary = apply(client, &self.plan, self.journal(), options).await.unwrap();
        assert_adds_up(&summary);
        summary
    }

    /// Every budget is as desired, and was written once.
    pub(crate) async fn assert_done(&self) {
        self.faults(&[]);
        self.sandbox.set_throttles(Vec::new());
        for change in self.plan.changes() {
            assert_eq!(self.client.get_budget(change.customer).await.unwrap(), change.to, "{}", change.customer);
        }
        let writes = self.sandbox.counters().budget_writes;
        assert_eq!(writes.len(), self.plan.changes().count());
        assert!(writes.values().all(|count| *count == 1), "{writes:?}");
    }

    /// Customers whose budget was written.
    pub(crate) fn written(&self) -> BTreeSet<CustomerId> {
        self.sandbox.counters().budget_writes.into_keys().map(CustomerId::from).collect()
    }

    /// The records of the journal with this event, as JSON.
    pub(crate) fn lines(&self, event: &str) -> Vec<serde_json::Value> {
        let journal = fs::read_to_string(self.journal()).unwrap();
        let lines = journal.lines().skip(1).map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines.filter(|line| line["event"] == event).collect()
    }

    /// As [`journaled`](Self::journaled), for a journal whose last line may be incomplete.
    pub(crate) fn journaled_by_now(&self, event: &str) -> BTreeSet<CustomerId> {
        let journal = fs::read_to_string(self.journal()).unwrap();
        let whole = &journal[..journal.rfind('\n').unwrap() + 1];
        fs::write(self.journal(), whole).unwrap();
        self.journaled(event)
    }

    /// Customers with such an event in the journal.
    pub(crate) fn journaled(&self, event: &str) -> BTreeSet<CustomerId> {
        self.lines(event).iter().map(|line| line["customer"].as_str().unwrap().parse().unwrap()).collect()
    }
}

pub(crate) fn assert_adds_up(summary: &ApplySummary) {
    let lists = summary.conflicts.len() + summary.failed.len() + summary.unknown.len();
    assert_eq!(summary.done + summary.already_set + lists + summary.not_reached, summary.changes, "{summary:?}");
}
