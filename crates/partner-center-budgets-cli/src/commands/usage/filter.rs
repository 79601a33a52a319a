//! Which customers `usage` shows.

use partner_center_budgets::{CustomerUsageRecord, Decimal};
use partner_center_budgets_fleet::Assessment;

use crate::values::percent;

#[derive(Debug, clap::Args)]
pub(crate) struct Filter {
    /// Only customers whose cost is at least PERCENT of their budget, such as 80
    ///
    /// Compared exactly, without rounding: 100 selects customers at or above their budget; 0 selects all with a budget and a
    /// known cost. With a budget of 0, any cost reaches every percentage. With other filters, any of them is enough.
    #[arg(long, value_name = "PERCENT", value_parser = percent, allow_hyphen_values = true)]
    over: Option<Decimal>,
    /// Only customers without a budget
    #[arg(long)]
    no_budget: bool,
    /// Only customers that will be over their budget before their billing period ends; shows the projected cost
    ///
    /// Reads the usage summaries of customers on legacy offers, whose billing period is not in the usage records: a call for
    /// each. The number of calls is printed first.
    #[arg(long)]
    pub(super) trending: bool,
}

impl Filter {
    pub(super) fn is_set(&self) -> bool {
        self.over.is_some() || self.no_budget || self.trending
    }

    pub(super) fn accepts(&self, record: &CustomerUsageRecord, assessment: &Assessment) -> bool {
        let is_over = |percent| record.has_reached(percent) == Some(true);
        !self.is_set()
            || self.over.is_some_and(is_over)
            || self.no_budget && record.budget.is_none()
            || self.trending && assessment.is_trending_over()
    }

    /// Whether the filter can accept customers without a usage record. They have no cost.
    pub(super) fn accepts_unrecorded(&self) -> bool {
        !self.is_set() || self.no_budget
    }

    /// Whether the filter accepts a customer without a usage record.
    pub(super) fn accepts_budget(&self, budget: Option<Decimal>) -> bool {
        !self.is_set() || self.no_budget && budget.is_none()
    }
}
