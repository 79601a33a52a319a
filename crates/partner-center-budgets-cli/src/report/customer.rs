//! A customer as the page shows it.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use partner_center_budgets::{CustomerUsageRecord, CustomerUsageSummary, Decimal};
use partner_center_budgets_fleet::{CustomerUsage, Signal, SignalReason, SignalThresholds, signals};

use crate::lists::shown;
use crate::share::{Rank, Share};

/// How a customer stands to its budget, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    Over,
    Near,
    TrendingOver,
    /// There is a budget, and a cost below it or none that is known, but not enough to compute a trend.
    TrendUnknown,
    NoBudget,
    Ok,
}

impl Status {
    pub(super) const ALL: [Self; 6] =
        [Self::Over, Self::Near, Self::TrendingOver, Self::TrendUnknown, Self::NoBudget, Self::Ok];

    /// The words, because colours alone tell nothing to some.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Near => "near",
            Self::TrendingOver => "trending over",
            Self::TrendUnknown => "trend unknown",
            Self::NoBudget => "no budget",
            Self::Ok => "ok",
        }
    }

    /// The class of the style sheet.
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

pub(super) struct Customer {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) currency: String,
    pub(super) budget: Option<Decimal>,
    pub(super) cost: Option<Decimal>,
    pub(super) share: Option<Share>,
    /// At least one, the worst first.
    pub(super) statuses: Vec<Status>,
}

impl Customer {
    /// With the summary, if it was read, because the record has no billing period and may lack the rest. `now` is the date
    /// of figures that have none.
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
        let share = Share::of(&record);
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
        Self {
            id: shown(record.customer_id, record.customer_id_text).unwrap_or_default(),
            name: record.customer_name.unwrap_or_else(|| "(no name)".to_owned()),
            currency: record.currency.map(|currency| currency.to_string()).unwrap_or_default(),
            budget: record.budget,
            cost: record.total_cost,
            share,
            statuses,
        }
    }

    /// What the share used is sorted by.
    pub(super) fn rank(&self) -> Option<Rank> {
        self.share.map(|share| share.rank)
    }

    pub(super) fn is(&self, status: Status) -> bool {
        self.statuses.contains(&status)
    }

    /// Whether there is a cost without a budget.
    pub(super) fn spends_without_budget(&self) -> bool {
        self.budget.is_none() && self.cost.is_some_and(|cost| cost > Decimal::default())
    }
}

/// The summary is the newer of the two, but both may lack a field.
fn complete(record: &mut CustomerUsageRecord, summary: &mut CustomerUsageSummary) {
    summary.budget = summary.budget.or(record.budget);
    summary.total_cost = summary.total_cost.or(record.total_cost);
    summary.currency = summary.currency.take().or(record.currency.take());
    (record.budget, record.total_cost) = (summary.budget, summary.total_cost);
    record.currency.clone_from(&summary.currency);
}

/// The last day that the costs have, in the time zone of the billing period.
fn day(record: &CustomerUsageRecord, summary: Option<&CustomerUsageSummary>, now: DateTime<Utc>) -> NaiveDate {
    let renewed = summary.and_then(|summary| summary.last_modified).or(record.last_modified);
    let renewed: DateTime<FixedOffset> = renewed.unwrap_or_else(|| now.into());
    let start = summary.and_then(|summary| summary.billing_start);
    start.map_or(renewed, |start| renewed.with_timezone(start.offset())).date_naive()
}

/// The rank of each value among all, 0 for the lowest; equal values have equal ranks.
///
/// The page sorts by it: numbers of a browser are floating point numbers, which would take some amounts for equal.
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
    fn ranks_tell_apart_what_floating_point_numbers_do_not() {
        let values = ["0.10000000000000000002", "0.10000000000000000001", "", "0.1", "0.100"];
        let values = values.map(|text| text.parse::<partner_center_budgets::Decimal>().ok());
        assert_eq!(ranks(&values), [Some(2), Some(1), None, Some(0), Some(0)]);
    }
}
