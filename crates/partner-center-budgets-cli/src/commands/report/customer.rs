//! A customer in the report.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use partner_center_budgets::{CustomerUsageRecord, CustomerUsageSummary, Decimal};
use partner_center_budgets_fleet::{CustomerUsage, Signal, SignalReason, SignalThresholds, signals};

use crate::commands::usage::columns::UsageRow;

/// The state of a customer's budget, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    Over,
    Near,
    TrendingOver,
    /// The customer is not over its budget, and the data is not enough to compute a trend.
    TrendUnknown,
    NoBudget,
    Ok,
}

impl Status {
    pub(super) const ALL: [Self; 6] =
        [Self::Over, Self::Near, Self::TrendingOver, Self::TrendUnknown, Self::NoBudget, Self::Ok];

    /// The text of the status. Colour alone is not accessible.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Near => "near",
            Self::TrendingOver => "trending over",
            Self::TrendUnknown => "trend unknown",
            Self::NoBudget => "no budget",
            Self::Ok => "ok",
        }
    }

    /// The class in the style sheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Near => "near",
            Self::TrendingOver => "trend",
            Self::TrendUnknown => "unknown",
            Self::NoBudget => "none",
            Self::Ok => "ok",
        }
    }
}

pub(super) struct ReportedCustomer {
    pub(super) usage: UsageRow,
    /// At least one, the worst first.
    pub(super) statuses: Vec<Status>,
}

impl ReportedCustomer {
    /// The summary has the billing period, and may have fields that the record lacks. `now` is the date of figures without
    /// one.
    pub(super) fn new(
        mut record: CustomerUsageRecord,
        mut summary: Option<CustomerUsageSummary>,
        now: DateTime<Utc>,
        near: Decimal,
    ) -> Self {
        if let Some(summary) = &mut summary {
            complete(&mut record, summary);
        }
        let usage = summary.as_ref().map_or_else(|| CustomerUsage::from(&record), CustomerUsage::from);
        let day = day(&record, summary.as_ref(), now);
        let mut statuses = Vec::new();
        let is_over = record.is_over_budget() == Some(true);
        if is_over {
            statuses.push(Status::Over);
        } else if record.has_reached(near) == Some(true) {
            statuses.push(Status::Near);
        }
        let is_trend = |signal: &Signal| matches!(signal.reason, SignalReason::TrendingOver { .. });
        let can_trend = record.total_cost.is_none_or(|cost| cost > Decimal::default());
        if record.budget.is_none() {
            statuses.push(Status::NoBudget);
        } else if signals([usage], day, &SignalThresholds::default()).iter().any(is_trend) {
            statuses.push(Status::TrendingOver);
        } else if !is_over && can_trend && (record.total_cost.is_none() || usage.period_day(day).is_none()) {
            statuses.push(Status::TrendUnknown);
        }
        if statuses.is_empty() {
            statuses.push(Status::Ok);
        }
        Self { usage: record.into(), statuses }
    }

    pub(super) fn name(&self) -> &str {
        self.usage.name.as_deref().unwrap_or("(no name)")
    }

    pub(super) fn id(&self) -> &str {
        self.usage.customer.as_deref().unwrap_or_default()
    }

    pub(super) fn is(&self, status: Status) -> bool {
        self.statuses.contains(&status)
    }

    /// Whether the customer has a cost and no budget.
    pub(super) fn spends_without_budget(&self) -> bool {
        self.usage.budget.is_none() && self.usage.cost.is_some_and(|cost| cost > Decimal::default())
    }
}

/// Completes each of the two with the other. The summary takes precedence, because it is newer.
fn complete(record: &mut CustomerUsageRecord, summary: &mut CustomerUsageSummary) {
    summary.budget = summary.budget.or(record.budget);
    summary.total_cost = summary.total_cost.or(record.total_cost);
    summary.currency = summary.currency.take().or(record.currency.take());
    (record.budget, record.total_cost) = (summary.budget, summary.total_cost);
    record.currency.clone_from(&summary.currency);
}

/// The last day that the costs cover, in the time zone of the billing period.
fn day(record: &CustomerUsageRecord, summary: Option<&CustomerUsageSummary>, now: DateTime<Utc>) -> NaiveDate {
    let updated = summary.and_then(|summary| summary.last_modified).or(record.last_modified);
    let updated: DateTime<FixedOffset> = updated.unwrap_or_else(|| now.into());
    let start = summary.and_then(|summary| summary.billing_start);
    start.map_or(updated, |start| updated.with_timezone(start.offset())).date_naive()
}

/// The rank of each value among all, 0 for the lowest; equal values have equal ranks.
///
/// The page sorts by rank, because a browser compares floating point numbers and would consider some amounts equal.
pub(super) fn ranks<T: Ord>(values: &[Option<T>]) -> Vec<Option<usize>> {
    let mut sorted: Vec<&T> = values.iter().flatten().collect();
    sorted.sort_unstable();
    sorted.dedup();
    values.iter().map(|value| value.as_ref().and_then(|value| sorted.binary_search(&value).ok())).collect()
}

#[cfg(test)]
mod tests {
    use super::ranks;

    #[test]
    fn ranks_distinguish_amounts_that_floating_point_numbers_do_not() {
        let values = ["0.10000000000000000002", "0.10000000000000000001", "", "0.1", "0.100"];
        let values = values.map(|text| text.parse::<partner_center_budgets::Decimal>().ok());
        assert_eq!(ranks(&values), [Some(2), Some(1), None, Some(0), Some(0)]);
    }
}
