//! A customer as the page shows it.

use chrono::NaiveDate;
use partner_center_budgets::fleet::{Reason, Signal, Watch, signals};
use partner_center_budgets::{CustomerUsageRecord, Decimal};

use crate::lists::shown;
use crate::share::{Rank, Share};

/// How a customer stands to its budget, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    Over,
    Near,
    TrendingOver,
    NoBudget,
    Ok,
}

impl Status {
    pub(super) const ALL: [Self; 5] = [Self::Over, Self::Near, Self::TrendingOver, Self::NoBudget, Self::Ok];

    /// The words, because colours alone tell nothing to some.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Near => "near",
            Self::TrendingOver => "trending over",
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
    /// `today` counts where the record does not tell the day of its figures.
    pub(super) fn new(record: CustomerUsageRecord, today: NaiveDate, near: Decimal) -> Self {
        let day = record.last_modified.map_or(today, |moment| moment.date_naive());
        let share = Share::of(&record);
        let mut statuses = Vec::new();
        let is_over = share.is_some_and(|share| share.is_over);
        if is_over {
            statuses.push(Status::Over);
        } else if record.has_reached(near) == Some(true) {
            statuses.push(Status::Near);
        }
        if record.budget.is_none() {
            statuses.push(Status::NoBudget);
        }
        // What is at its budget already has no trend towards it.
        let is_trend = |signal: &Signal| matches!(signal.reason, Reason::TrendingOver { .. });
        if !is_over && signals([&record], day, &Watch::default()).iter().any(is_trend) {
            statuses.push(Status::TrendingOver);
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
