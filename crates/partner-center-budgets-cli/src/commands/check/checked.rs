//! The result of `check`.

use std::cmp::Reverse;

use chrono::{DateTime, FixedOffset, Utc};
use partner_center_budgets_fleet::{BudgetStatus, CustomerUsage, Thresholds};

use super::arguments::CheckArgs;
use crate::commands::usage::columns::UsageRow;
use crate::output::number::quantity;

/// The customers that were checked.
pub(super) struct Checked<'a> {
    args: &'a CheckArgs,
    pub(super) at: DateTime<Utc>,
    pub(super) thresholds: Thresholds,
    /// The date of the newest figures.
    pub(super) figures_of: Option<DateTime<FixedOffset>>,
    customers: usize,
    counts: [usize; BudgetStatus::ALL.len()],
    attention: Vec<UsageRow>,
    needs_exit_code: bool,
    /// All customers, with the date of their figures, if the output needs them.
    pub(super) all: Option<Vec<(UsageRow, Option<DateTime<FixedOffset>>)>>,
}

impl<'a> Checked<'a> {
    pub(super) fn new(args: &'a CheckArgs, at: DateTime<Utc>, keeps_all: bool) -> Self {
        Self {
            args,
            at,
            thresholds: args.thresholds(),
            figures_of: None,
            customers: 0,
            counts: Default::default(),
            attention: Vec::new(),
            needs_exit_code: false,
            all: keeps_all.then(Vec::new),
        }
    }

    pub(super) fn add(&mut self, usage: CustomerUsage) {
        let assessment = usage.assess(self.at, &self.thresholds);
        let updated = usage.record().last_modified;
        self.figures_of = self.figures_of.max(updated);
        self.customers += 1;
        for status in assessment.statuses() {
            self.counts[status as usize] += 1;
        }
        let needs_attention = self.args.shows(&assessment);
        self.needs_exit_code |= needs_attention && self.args.fail_on.includes(&assessment);
        if needs_attention {
            self.attention.push(UsageRow::new(usage.record().clone(), &assessment));
        }
        if let Some(all) = &mut self.all {
            all.push((UsageRow::new(usage.into_record(), &assessment), updated));
        }
    }

    /// Sorts by status, the worst first, and then by used share.
    pub(super) fn sort(&mut self) {
        self.attention.sort_by_key(|row| (row.status, Reverse(row.share.map(|share| share.rank))));
    }

    pub(super) fn customers(&self) -> usize {
        self.customers
    }

    /// The number of customers with this status. A customer that is near its budget and trending over counts for both.
    pub(super) fn count(&self, status: BudgetStatus) -> usize {
        self.counts[status as usize]
    }

    pub(super) fn attention(&self) -> &[UsageRow] {
        &self.attention
    }

    pub(super) fn needs_exit_code(&self) -> bool {
        self.needs_exit_code
    }

    /// Which statuses are shown.
    pub(super) fn shown_statuses(&self) -> impl Iterator<Item = BudgetStatus> {
        let CheckArgs { trending, no_budget, .. } = *self.args;
        BudgetStatus::ALL.into_iter().filter(move |status| match status {
            BudgetStatus::Over | BudgetStatus::Near => true,
            BudgetStatus::TrendingOver => trending,
            BudgetStatus::NoBudget => no_budget,
            _ => false,
        })
    }

    /// Such as `3 of 40 customers need attention: 1 over, 2 near`.
    pub(super) fn headline(&self) -> String {
        let counts = self.shown_statuses().map(|status| (self.count(status), status)).filter(|(count, _)| *count > 0);
        let counts: Vec<_> =
            counts.map(|(count, status)| format!("{count} {}", status.as_str().replace('-', " "))).collect();
        let (count, customers) = (self.attention.len(), quantity(self.customers, "customer"));
        let need = if count == 1 { "needs" } else { "need" };
        match counts.is_empty() {
            true => format!("none of {customers} needs attention"),
            false => format!("{count} of {customers} {need} attention: {}", counts.join(", ")),
        }
    }
}
