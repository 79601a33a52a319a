//! A customer in the report.

use chrono::{DateTime, Utc};
use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::{BudgetStatus, CustomerUsage, Thresholds};

use crate::commands::usage::columns::UsageRow;

pub(super) struct ReportedCustomer {
    pub(super) usage: UsageRow,
    /// At least one, the worst first.
    pub(super) statuses: Vec<BudgetStatus>,
}

/// The text of a status. Colour alone is not accessible.
pub(super) fn text(status: BudgetStatus) -> String {
    status.as_str().replace('-', " ")
}

/// The class of a status in the style sheet.
pub(super) fn class(status: BudgetStatus) -> &'static str {
    match status {
        BudgetStatus::Over => "over",
        BudgetStatus::Near => "near",
        BudgetStatus::TrendingOver => "trend",
        BudgetStatus::NoBudget => "none",
        BudgetStatus::TrendUnknown => "unknown",
        _ => "ok",
    }
}

impl ReportedCustomer {
    /// `now` is the date of figures without one.
    pub(super) fn new(usage: CustomerUsage, now: DateTime<Utc>, thresholds: &Thresholds) -> Self {
        let assessment = usage.assess(now, thresholds);
        Self { usage: UsageRow::new(usage.into_record(), &assessment), statuses: assessment.statuses() }
    }

    pub(super) fn name(&self) -> &str {
        self.usage.name.as_deref().unwrap_or("(no name)")
    }

    pub(super) fn id(&self) -> &str {
        self.usage.customer.as_deref().unwrap_or_default()
    }

    /// Whether the customer has a cost and no budget.
    pub(super) fn spends_without_budget(&self) -> bool {
        self.usage.budget.is_none() && self.usage.cost.is_some_and(|cost| cost > Decimal::default())
    }

    pub(super) fn is(&self, status: BudgetStatus) -> bool {
        self.statuses.contains(&status)
    }
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
