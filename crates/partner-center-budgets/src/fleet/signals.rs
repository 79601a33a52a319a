//! Whose budget needs a look.

use std::cmp::Ordering;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal as Number;

use crate::{Currency, CustomerId, CustomerUsageRecord, Decimal};

/// What [`signals()`] looks for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Watch {
    /// Shares of the budget in percent; the highest that is reached is told. 80 and 100 by default.
    pub thresholds: Vec<Decimal>,
    /// From which day of the month on trends are told, counted from 1. The first days say little about a month: 5 by
    /// default.
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
    /// At this pace the cost will exceed the budget before the month ends.
    #[non_exhaustive]
    TrendingOver {
        /// The cost of the whole month at this pace; `None` where it has more digits than a decimal holds.
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

/// Whose budget needs a look, from the list of usage records, in its order: budgets at or above a threshold, budgets that
/// will be exceeded at this pace, and costs without a budget. A customer can have the first two.
///
/// Thresholds are compared exactly, without rounding: at 80 % means 100 × cost ≥ 80 × budget. A budget of 0 has reached
/// all thresholds with the first cost. (Of a threshold with more than nine digits the 28 first digits of a product count.) Who has no cost, or a credit, gives no signal.
///
/// The trend takes `date` for the last day that the costs have, and the month of that date for the billing period: cost ×
/// days of the month ÷ day. It is told where that exceeds the budget and the cost does not yet. So it knows nothing of
/// weekends, of prices that are due once a month (which look like a trend when they are charged on the first), and of
/// periods that do not begin on the first, as those of some legacy offers; and records are renewed about once a day, so
/// that `date` had better be the one of [`last_modified`](CustomerUsageRecord::last_modified) than today. Customers who
/// never used Azure have no record; for a single customer with the dates of its period, there is
/// [`get_customer_usage_summary`](crate::Client::get_customer_usage_summary).
pub fn signals<'a>(
    records: impl IntoIterator<Item = &'a CustomerUsageRecord>,
    date: NaiveDate,
    watch: &Watch,
) -> Vec<Signal> {
    let mut signals = Vec::new();
    for record in records {
        let Some(cost) = record.total_cost.filter(|cost| *cost > Decimal::default()) else { continue };
        let mut tell = |reason| {
            signals.push(Signal {
                customer: record.customer_id,
                name: record.customer_name.clone(),
                reason,
                budget: record.budget,
                cost,
                currency: record.currency.clone(),
            });
        };
        let Some(budget) = record.budget else {
            tell(Reason::NoBudget);
            continue;
        };
        let reached = |percent: &Decimal| {
            compare_products([cost.into(), Number::ONE_HUNDRED], [budget.into(), (*percent).into()]).is_ge()
        };
        let highest = watch.thresholds.iter().copied().filter(reached).max();
        if let Some(threshold) = highest {
            tell(Reason::Reached { threshold });
        }
        let (day, days) = (Number::from(date.day()), Number::from(date.num_days_in_month()));
        let will_exceed = compare_products([cost.into(), days], [budget.into(), day]).is_gt();
        if cost <= budget && date.day() >= watch.trend_from_day && will_exceed {
            let projected = Number::from(cost).checked_mul(days).and_then(|month| month.checked_div(day));
            tell(Reason::TrendingOver { projected: projected.map(|cost| cost.normalize().into()) });
        }
    }
    signals
}

/// Compares two products of two numbers each, the first of which are above zero. A product of decimals would be rounded
/// to what a decimal holds.
fn compare_products(left: [Number; 2], right: [Number; 2]) -> Ordering {
    let exact = |[one, other]: [Number; 2]| {
        let (one, other) = (one.normalize(), other.normalize());
        Some((one.mantissa().checked_mul(other.mantissa())?, one.scale() + other.scale()))
    };
    let rounded = |[one, other]: [Number; 2]| one.checked_mul(other).unwrap_or(Number::MAX);
    let (Some((first, first_scale)), Some((second, second_scale))) = (exact(left), exact(right)) else {
        return rounded(left).cmp(&rounded(right));
    };
    if second <= 0 {
        return Ordering::Greater;
    }
    // Both with as many digits after the point. Which finds no room for its digits is the greater one.
    let scale = first_scale.max(second_scale);
    let aligned =
        |mantissa: i128, of: u32| 10_i128.checked_pow(scale - of).and_then(|power| mantissa.checked_mul(power));
    match (aligned(first, first_scale), aligned(second, second_scale)) {
        (Some(first), Some(second)) => first.cmp(&second),
        (None, _) => Ordering::Greater,
        (_, None) => Ordering::Less,
    }
}
