//! Customers whose budget needs attention.

mod customer_usage;

use chrono::NaiveDate;
#[cfg(doc)]
use partner_center_budgets::CustomerUsageRecord;
use partner_center_budgets::{Currency, CustomerId, Decimal, compare_products, has_reached};
use rust_decimal::Decimal as Number;

use customer_usage::is_over_budget;
pub use customer_usage::{CustomerUsage, needs_summary};

/// The limits from which [`signals()`] reports a customer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SignalThresholds {
    /// Costs in percent of the budget; the highest one reached is reported. The default is 80 and 100.
    pub percentages: Vec<Decimal>,
    /// The first day of the billing period, counted from 1, on which trends are reported. The first days say little about
    /// a month. The default is 5.
    pub trend_from_day: u32,
}

impl Default for SignalThresholds {
    fn default() -> Self {
        let percent = |percent: i64| Decimal::from(Number::from(percent));
        Self { percentages: vec![percent(80), percent(100)], trend_from_day: 5 }
    }
}

impl SignalThresholds {
    /// Sets [`percentages`](Self::percentages).
    #[must_use]
    pub fn percentages(mut self, percentages: impl IntoIterator<Item = Decimal>) -> Self {
        self.percentages = percentages.into_iter().collect();
        self
    }

    /// Sets [`trend_from_day`](Self::trend_from_day).
    #[must_use]
    pub fn trend_from_day(mut self, day: u32) -> Self {
        self.trend_from_day = day;
        self
    }
}

/// Why a customer needs attention.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum SignalReason {
    /// The cost has reached a threshold.
    #[non_exhaustive]
    Reached {
        /// The highest threshold that the cost has reached, in percent of the budget.
        threshold: Decimal,
    },
    /// At the current rate the cost will reach the budget before the billing period ends.
    #[non_exhaustive]
    TrendingOver {
        /// The projected cost of the whole period; `None` if it has more digits than a decimal holds.
        projected: Option<Decimal>,
    },
    /// There are costs and no budget.
    NoBudget,
}

/// A customer that needs attention.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Signal {
    /// The customer; `None` if the record's id is not a GUID.
    pub customer: Option<CustomerId>,
    /// Name of the customer.
    pub name: Option<String>,
    /// Why the customer needs attention.
    pub reason: SignalReason,
    /// Budget, in `currency`.
    pub budget: Option<Decimal>,
    /// Cost so far, in `currency`.
    pub cost: Decimal,
    /// Currency of all amounts.
    pub currency: Option<Currency>,
}

/// Finds the customers that need attention in usage records or summaries, in their order: a cost at or above a threshold, a
/// cost that will reach the budget at the current rate, and a cost without a budget. A customer can have the first two.
///
/// Comparisons are exact, without rounding: at 80 % means 100 × cost ≥ 80 × budget. (A threshold with more than nine digits
/// is compared by the first 28 digits of the products.) The first cost reaches every threshold of a budget of 0. A customer
/// without a cost, or with a credit, gives no signal.
///
/// The trend is cost × days of the billing period ÷ days so far, where `date` is the last day that the costs include. It is
/// reported if it reaches the budget and the cost does not yet. There is no trend if the billing period is not known or
/// does not contain `date`, see [`CustomerUsage::period_day`]. The trend ignores weekends. Prices that are charged on the first
/// day of a month look like a trend. Figures are updated about once a day, so pass the date of
/// [`last_modified`](CustomerUsageRecord::last_modified), not today.
///
/// The records of all customers come in one call. [`needs_summary`] selects those that are not enough, and
/// [`read_summaries`](super::read_summaries) reads the summaries of their customers. A customer with a budget and without a
/// record has never used Azure, and gives no signal.
pub fn signals<'a>(
    usage: impl IntoIterator<Item = impl Into<CustomerUsage<'a>>>,
    date: NaiveDate,
    thresholds: &SignalThresholds,
) -> Vec<Signal> {
    let mut signals = Vec::new();
    for usage in usage {
        let usage: CustomerUsage<'_> = usage.into();
        let Some(cost) = usage.cost.filter(|cost| *cost > Decimal::default()) else { continue };
        let reasons = match usage.budget {
            None => [Some(SignalReason::NoBudget), None],
            Some(budget) => [reached(cost, budget, thresholds), trend(&usage, cost, budget, date, thresholds)],
        };
        signals.extend(reasons.into_iter().flatten().map(|reason| Signal {
            customer: usage.customer,
            name: usage.name.map(str::to_owned),
            reason,
            budget: usage.budget,
            cost,
            currency: usage.currency.cloned(),
        }));
    }
    signals
}

fn reached(cost: Decimal, budget: Decimal, thresholds: &SignalThresholds) -> Option<SignalReason> {
    let is_reached = |percent: &Decimal| has_reached(Some(cost), Some(budget), *percent) == Some(true);
    let threshold = thresholds.percentages.iter().copied().filter(is_reached).max()?;
    Some(SignalReason::Reached { threshold })
}

fn trend(
    usage: &CustomerUsage<'_>,
    cost: Decimal,
    budget: Decimal,
    date: NaiveDate,
    thresholds: &SignalThresholds,
) -> Option<SignalReason> {
    let (day, days) = usage.period_day(date)?;
    if day < i64::from(thresholds.trend_from_day) || is_over_budget(Some(cost), Some(budget)) == Some(true) {
        return None;
    }
    let (day, days) = (Number::from(day), Number::from(days));
    if compare_products([cost, days.into()], [budget, day.into()]).is_lt() {
        return None;
    }
    let projected = Number::from(cost).checked_mul(days).and_then(|period| period.checked_div(day));
    Some(SignalReason::TrendingOver { projected: projected.map(|cost| cost.normalize().into()) })
}
