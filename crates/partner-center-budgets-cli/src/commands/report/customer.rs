//! A customer in the report.

use chrono::{DateTime, FixedOffset, Utc};
use partner_center_budgets::{Currency, Decimal};
use partner_center_budgets_fleet::history::RecentCosts;
use partner_center_budgets_fleet::{BudgetStatus, CustomerUsage, Thresholds};

use super::sparkline::DailyCosts;
use crate::commands::usage::columns::UsageRow;

pub(super) struct ReportedCustomer {
    pub(super) usage: UsageRow,
    /// At least one, the worst first.
    pub(super) statuses: Vec<BudgetStatus>,
    /// The code by which the page groups amounts: also that of a locale. `None` if it is not known.
    pub(super) currency_code: Option<String>,
    /// The cost in US dollars, where the service knows it.
    pub(super) usd_cost: Option<Decimal>,
    pub(super) updated: Option<DateTime<FixedOffset>>,
    /// The recorded costs of the last days. `None` without a history.
    pub(super) history: Option<DailyCosts>,
}

/// The text of a status. Colour alone is not accessible.
pub(super) fn text(status: BudgetStatus) -> &'static str {
    match status {
        BudgetStatus::Over => "over",
        BudgetStatus::Near => "near",
        BudgetStatus::TrendingOver => "trending over",
        BudgetStatus::NoBudget => "no budget",
        BudgetStatus::TrendUnknown => "trend unknown",
        _ => "ok",
    }
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
    pub(super) fn new(usage: CustomerUsage, now: DateTime<Utc>, thresholds: &Thresholds, past: &RecentCosts) -> Self {
        let assessment = usage.assess(now, thresholds);
        let record = usage.record();
        let history = (!past.is_empty()).then(|| DailyCosts { days: past.daily(record), pace: past.pace(record) });
        let record = usage.into_record();
        Self {
            currency_code: record.currency.as_ref().and_then(Currency::presumed_code).map(str::to_owned),
            // For legacy offers the service can send a meaningless zero.
            usd_cost: record.usd_total_cost.filter(|cost| !is_zero(*cost) || record.total_cost.is_some_and(is_zero)),
            updated: record.last_modified,
            usage: UsageRow::new(record, &assessment),
            statuses: assessment.statuses(),
            history,
        }
    }

    pub(super) fn name(&self) -> &str {
        self.usage.name.as_deref().unwrap_or("(no name)")
    }

    pub(super) fn id(&self) -> &str {
        self.usage.customer.as_deref().unwrap_or_default()
    }

    /// The currency code; the locale if its currency is not known; nothing if the service sent neither.
    pub(super) fn currency(&self) -> &str {
        self.currency_code.as_deref().unwrap_or_else(|| self.usage.currency_or_locale())
    }

    /// Whether the customer has a cost and no budget.
    pub(super) fn spends_without_budget(&self) -> bool {
        self.usage.budget.is_none() && self.usage.cost.is_some_and(|cost| cost > Decimal::default())
    }

    pub(super) fn is(&self, status: BudgetStatus) -> bool {
        self.statuses.contains(&status)
    }
}

fn is_zero(amount: Decimal) -> bool {
    amount == Decimal::default()
}
