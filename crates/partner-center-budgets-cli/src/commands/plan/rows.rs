//! The changes of a plan or a run, one row per customer.

use std::fmt::Display;

use chrono::{DateTime, SecondsFormat, Utc};
use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::{ChangeStatus, Entry, EntryKind, JournalHistory, JournaledChange, Plan};
use serde::Serialize;

use super::entries::amount;
use crate::output::records::{self, Record};

/// A customer of a plan, with what a run did for it.
#[derive(Serialize)]
pub(crate) struct PlanRow {
    pub(crate) customer: String,
    pub(super) name: Option<String>,
    pub(super) old: Option<Decimal>,
    pub(super) new: Option<Decimal>,
    /// Without a budget, the amount counts as 0. `None` if it has more digits than a decimal holds.
    pub(super) difference: Option<Decimal>,
    pub(super) currency: Option<String>,
    /// A status of the journal; before a run `planned`; otherwise the kind of the entry, such as `unchanged`.
    pub(super) status: &'static str,
    pub(super) time: Option<DateTime<Utc>>,
    pub(super) request_id: Option<String>,
    pub(super) reason: Option<String>,
    #[serde(skip)]
    pub(super) kind: EntryKind,
    /// Whether the change counts in the totals: it is planned, or the budget is as desired.
    #[serde(skip)]
    pub(super) is_counted: bool,
}

/// The rows of all customers of a plan. `history` is that of the plan's journal; `None` before a run.
pub(crate) fn rows(plan: &Plan, history: Option<&JournalHistory>) -> Vec<PlanRow> {
    let mut journaled = history.map(|history| history.changes.iter());
    let row = |entry: &Entry| {
        let mut row = PlanRow::planned(entry);
        // The journal has the changes in the plan's order.
        if let Some(change) = journaled.as_mut().filter(|_| entry.kind.is_change()).and_then(Iterator::next) {
            row.add(change);
        }
        row
    };
    plan.entries().iter().map(row).collect()
}

impl PlanRow {
    fn planned(entry: &Entry) -> Self {
        let is_change = entry.kind.is_change();
        let (from, to) = (entry.from.unwrap_or_default(), entry.to.unwrap_or_default());
        let difference = to.checked_sub(from).filter(|_| is_change);
        Self {
            customer: entry.customer.to_string(),
            name: entry.name.clone(),
            old: entry.from,
            new: entry.to,
            difference,
            currency: entry.currency.as_ref().map(ToString::to_string),
            status: if is_change { "planned" } else { entry.kind.as_str() },
            time: None,
            request_id: None,
            reason: None,
            kind: entry.kind,
            is_counted: is_change,
        }
    }

    fn add(&mut self, change: &JournaledChange) {
        self.status = change.status.as_str();
        self.time = change.at;
        self.request_id = change.request_id.map(|id| id.to_string());
        self.reason = match change.status {
            ChangeStatus::Conflict => change.found.map(|found| format!("found {}", amount(found))),
            _ => change.error.clone(),
        };
        self.is_counted = change.status.is_finished();
    }

    /// Adds to the reason.
    pub(crate) fn explain(&mut self, more: impl Display) {
        self.reason = Some(match self.reason.take() {
            Some(reason) => format!("{reason}, {more}"),
            None => more.to_string(),
        });
    }
}

impl Record for PlanRow {
    fn headers() -> Vec<&'static str> {
        vec!["customer", "name", "old", "new", "difference", "currency", "status", "time", "request_id", "reason"]
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.customer.clone(),
            records::text(&self.name),
            records::number(self.old),
            records::number(self.new),
            records::number(self.difference),
            records::text(&self.currency),
            self.status.to_owned(),
            self.time.map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default(),
            records::text(&self.request_id),
            records::text(&self.reason),
        ]
    }
}
