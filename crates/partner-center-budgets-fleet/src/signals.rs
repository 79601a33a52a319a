//! Whose budget needs a look.

mod usage;

use chrono::NaiveDate;
use rust_decimal::Decimal as Number;

pub use usage::{Usage, needs_summary};

#[cfg(doc)]
use partner_center_budgets::CustomerUsageRecord;
use partner_center_budgets::{Currency, CustomerId, Decimal};
use partner_center_budgets::{compare_products, has_reached};

/// What [`signals()`] looks for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Watch {
    /// Shares of the budget in percent; the highest that is reached is told. 80 and 100 by default.
    pub thresholds: Vec<Decimal>,
    /// From which day of the billing period on trends are told, counted from 1. The first days say little about a month: 5
    /// by default.
    pub trend_from_day: u32,
}

impl Default for Watch {
    fn default() -> Self {
        let percent = |percent: i64| Decimal::from(Number::from(percent));
        Self { thresholds: vec![percent(80), percent(100)], trend_from_day: 5 }
    }
}

impl Watch {
    /// Sets [`thresholds`](Self::thresholds).
    #[must_use]
    pub fn thresholds(mut self, thresholds: impl IntoIterator<Item = Decimal>) -> Self {
        self.thresholds = thresholds.into_iter().collect();
        self
    }

    /// Sets [`trend_from_day`](Self::trend_from_day).
    #[must_use]
    pub fn trend_from_day(mut self, day: u32) -> Self {
        self.trend_from_day = day;
        self
    }
}

/// Why a customer needs a look.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// The cost has reached a share of the budget.
    #[non_exhaustive]
    Reached {
        /// The highest threshold that was reached, in percent.
        threshold: Decimal,
    },
    /// At the current rate the cost will reach the budget before the billing period ends.
    #[non_exhaustive]
    TrendingOver {
        /// The cost of the whole period at this pace; `None` where it has more digits than a decimal holds.
        projected: Option<Decimal>,
    },
    /// There are costs and no budget.
    NoBudget,
}

/// A customer who needs a look.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Signal {
    /// The customer; `None` where the record's id is no GUID.
    pub customer: Option<CustomerId>,
    /// Name of the customer.
    pub name: Option<String>,
    /// Why.
    pub reason: Reason,
    /// Budget, in `currency`.
    pub budget: Option<Decimal>,
    /// Cost so far, in `currency`.
    pub cost: Decimal,
    /// Currency of all amounts.
    pub currency: Option<Currency>,
}

/// Whose budget needs a look, from usage records or summaries, in their order: budgets at or above a threshold, budgets that
/// will be reached at the current rate, and costs without a budget. A customer can have the first two.
///
/// Thresholds are compared exactly, without rounding: at 80 % means 100 × cost ≥ 80 × budget. A budget of 0 has reached
/// all thresholds with the first cost. (Of a threshold with more than nine digits the 28 first digits of a product count.) Who has no cost, or a credit, gives no signal.
///
/// The trend takes `date` for the last day that the costs have: cost × days of the billing period ÷ days so far. It is
/// reported if that reaches the budget and the cost does not yet. There is no trend if the billing period is not known or
/// does not contain `date`, see [`Usage::period_day`]. The trend knows nothing of weekends and of prices that are due once a month, which look like a trend when they
/// are charged on the first. Figures are renewed about once a day, so that `date` had better be the one of
/// [`last_modified`](CustomerUsageRecord::last_modified) than today.
///
/// Records of all customers come in one call. [`needs_summary`] tells whose record is not enough, and
/// [`read_summaries`](super::read_summaries) reads theirs. A customer with a budget and without a record has never used
/// Azure, and gives no signal.
pub fn signals<'a>(
    usage: impl IntoIterator<Item = impl Into<Usage<'a>>>,
    date: NaiveDate,
    watch: &Watch,
) -> Vec<Signal> {
    let mut signals = Vec::new();
    for usage in usage {
        let usage: Usage<'_> = usage.into();
        let Some(cost) = usage.cost.filter(|cost| *cost > Decimal::default()) else { continue };
        let mut tell = |reason| {
            signals.push(Signal {
                customer: usage.customer,
                name: usage.name.map(str::to_owned),
                reason,
                budget: usage.budget,
                cost,
                currency: usage.currency.cloned(),
            });
        };
        let Some(budget) = usage.budget else {
            tell(Reason::NoBudget);
            continue;
        };
        let reached = |percent: &Decimal| has_reached(Some(cost), Some(budget), *percent) == Some(true);
        let highest = watch.thresholds.iter().copied().filter(reached).max();
        if let Some(threshold) = highest {
            tell(Reason::Reached { threshold });
        }
        if is_over_budget(Some(cost), Some(budget)) == Some(true) {
            continue;
        }
        let Some((day, days)) = usage.period_day(date).filter(|(day, _)| *day >= i64::from(watch.trend_from_day))
        else {
            continue;
        };
        let (day, days) = (Number::from(day), Number::from(days));
        if compare_products([cost, days.into()], [budget, day.into()]).is_ge() {
            let projected = Number::from(cost).checked_mul(days).and_then(|period| period.checked_div(day));
            tell(Reason::TrendingOver { projected: projected.map(|cost| cost.normalize().into()) });
        }
    }
    signals
}

/// Over is at or above the budget, from exactly 100 percent.
fn is_over_budget(cost: Option<Decimal>, budget: Option<Decimal>) -> Option<bool> {
    has_reached(cost, budget, Number::ONE_HUNDRED.into())
}
