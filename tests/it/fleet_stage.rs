//! A sandbox, a client, a plan and a place for a journal.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use partner_center_budgets::auth::{Credential, FixedToken};
use partner_center_budgets::fleet::{Current, Options, Plan, Summary, Want, Wish, apply};
use partner_center_budgets::{Client, Cloud, CustomerId, Decimal, RetryPolicy};
use partner_center_budgets_sandbox::{Config, Sandbox};

use crate::fleet_plan::{amount, customer};
use crate::script::short_waits;

pub(crate) struct Stage {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
    pub(crate) plan: Plan,
    folder: PathBuf,
}

/// What customer `number` is to have: a budget that no customer of the sandbox has, or none where it had one.
pub(crate) fn wanted(number: u32, before: Option<Decimal>) -> Option<Decimal> {
    match before {
        Some(_) if number.is_multiple_of(5) => None,
        _ => Some(amount(&format!("{}.0123456789", 5000 + number))),
    }
}

pub(crate) fn client(sandbox: &Sandbox, credential: impl Credential, retry: RetryPolicy) -> Client {
    let url = sandbox.base_url();
    Client::builder(credential).cloud(Cloud::custom(&url, &url, &url)).retry(retry).build().unwrap()
}

impl Stage {
    /// A plan with a change for each customer.
    pub(crate) async fn new(customers: u32) -> Self {
        let sandbox = Sandbox::with(Config { customers, ..Config::default() }).await.unwrap();
        let client = client(&sandbox, FixedToken::new("sandbox"), short_waits());
        let mut current = Current::new();
        let mut wishes = Vec::new();
        for number in 1..=customers {
            let (customer, line) = (customer(number), u64::from(number) + 1);
            let before = client.get_budget(customer).await.unwrap();
            current.set_budget(customer, before);
            let want = wanted(number, before).map_or(Want::Clear, Want::Set);
            wishes.push(Wish { line, customer, want });
        }
        let plan = Plan::new(wishes, &current);
        assert_eq!(plan.changes().count() as u32, customers);
        let folder = std::env::temp_dir().join(format!("fleet-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&folder).unwrap();
        Self { sandbox, client, plan, folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.path("journal")
    }

    pub(crate) fn faults(&self, faults: &[&str]) {
        self.sandbox.set_faults(faults.iter().map(|fault| fault.parse().unwrap()).collect());
    }

    pub(crate) async fn apply(&self, options: Options) -> Summary {
        self.apply_with(&self.client, options).await
    }

    pub(crate) async fn apply_with(&self, client: &Client, options: Options) -> Summary {
        let summary = apply(client, &self.plan, self.journal(), options).await.unwrap();
        adds_up(&summary);
        summary
    }

    /// Every budget is as wanted, and was written once.
    pub(crate) async fn is_done(&self) {
        self.faults(&[]);
        self.sandbox.set_throttles(Vec::new());
        for change in self.plan.changes() {
            assert_eq!(self.client.get_budget(change.customer).await.unwrap(), change.to, "{}", change.customer);
        }
        let writes = self.sandbox.counters().budget_writes;
        assert_eq!(writes.len(), self.plan.changes().count());
        assert!(writes.values().all(|count| *count == 1), "{writes:?}");
    }

    /// Customers that the service has written to.
    pub(crate) fn written(&self) -> BTreeSet<CustomerId> {
        self.sandbox.counters().budget_writes.into_keys().map(CustomerId::from).collect()
    }

    /// The lines of the journal about this event, as JSON.
    pub(crate) fn lines(&self, event: &str) -> Vec<serde_json::Value> {
        let journal = fs::read_to_string(self.journal()).unwrap();
        let lines = journal.lines().skip(1).map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines.filter(|line| line["event"] == event).collect()
    }

    /// As [`journaled`](Self::journaled), of a journal whose last line may be torn.
    pub(crate) fn journaled_by_now(&self, event: &str) -> BTreeSet<CustomerId> {
        let journal = fs::read_to_string(self.journal()).unwrap();
        let whole = &journal[..journal.rfind('\n').unwrap() + 1];
        fs::write(self.journal(), whole).unwrap();
        self.journaled(event)
    }

    /// Customers that the journal has such a line about.
    pub(crate) fn journaled(&self, event: &str) -> BTreeSet<CustomerId> {
        self.lines(event).iter().map(|line| line["customer"].as_str().unwrap().parse().unwrap()).collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.folder));
    }
}

pub(crate) fn adds_up(summary: &Summary) {
    let lists = summary.changed.len() + summary.failed.len() + summary.unknown.len();
    assert_eq!(summary.done + summary.already + lists + summary.not_reached, summary.changes, "{summary:?}");
}
