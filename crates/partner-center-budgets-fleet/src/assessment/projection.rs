//! The cost at the end of a billing period.

use chrono::NaiveDate;
use partner_center_budgets::{Decimal, compare_products};
use rust_decimal::Decimal as Number;

use super::period::PeriodDay;

/// The cost that a customer will have at the end of its billing period.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Projection {
    /// The cost of the whole period; `None` if it has more digits than a decimal holds.
    pub cost: Option<Decimal>,
    /// The day on which the cost will reach the budget; `None` if it is reached already, or not before the period ends.
    pub over_on: Option<NaiveDate>,
    /// The pace that the projection continues.
    pub pace: Pace,
}

/// The cost per day that a projection continues.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Pace {
    /// The cost so far, divided by the days so far.
    Period,
    /// The cost per day of recent days, from [`CustomerUsage::with_recent_pace`](super::CustomerUsage::with_recent_pace).
    Recent(Decimal),
}

impl Projection {
    /// The projection of a cost above zero. `limit` is the cost at which the customer is over, if it is not yet.
    pub(super) fn new(cost: Decimal, limit: Option<Decimal>, today: PeriodDay, pace: Pace) -> Self {
        let day_over = limit.and_then(|limit| {
            let is_over = |day: i64| match pace {
                // Exact, without dividing.
                Pace::Period => {
                    let (day, today) = (Number::from(day).into(), Number::from(today.day).into());
                    compare_products([cost, day], [limit, today]).is_ge()
                }
                // A cost with too many digits is above every limit.
                Pace::Recent(per_day) => cost_after(cost, per_day, day - today.day).is_none_or(|cost| cost >= limit),
            };
            // Most customers are not over on the last day, so not before either.
            (today.day < today.days && is_over(today.days))
                .then(|| (today.day + 1..=today.days).find(|day| is_over(*day)))?
        });
        let cost = match pace {
            Pace::Period => {
                let (day, days) = (Number::from(today.day), Number::from(today.days));
                let period = Number::from(cost).checked_mul(days).and_then(|period| period.checked_div(day));
                period.map(|cost| cost.normalize().into())
            }
            Pace::Recent(per_day) => cost_after(cost, per_day, today.days - today.day),
        };
        Self { cost, over_on: day_over.and_then(|day| today.date(day)), pace }
    }
}

fn cost_after(cost: Decimal, per_day: Decimal, days: i64) -> Option<Decimal> {
    let added = Number::from(per_day).checked_mul(Number::from(days))?;
    Some(Number::from(cost).checked_add(added)?.normalize().into())
}
