//! The costs of earlier days.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use rust_decimal::Decimal;

use super::offer::Offer;
use crate::random::Random;

/// A day, as its distance from the day of the usual figures.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day {
    pub(crate) usual: NaiveDate,
    pub(crate) ago: u32,
}

#[cfg(test)]
impl Default for Day {
    /// The usual day of the default date.
    fn default() -> Self {
        let crate::config::Config { date: usual, days_ago: ago, .. } = Default::default();
        Self { usual, ago }
    }
}

/// Days since a customer began to use Azure, if it is one of those that began lately.
const NEW_FOR: u32 = 5;
/// Days since the costs of a customer multiplied, if it is one of those.
const COSTLY_FOR: u32 = 3;

/// A customer as far as its earlier costs depend on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spender {
    pub(super) number: u32,
    pub(super) seed: u64,
    pub(super) offer: Offer,
}

impl Day {
    pub(crate) fn date(self) -> NaiveDate {
        before(self.usual, self.ago)
    }

    /// The cost of a customer on this day, from its usual one. `None` if the customer had not used Azure yet.
    ///
    /// The costs of each day are different, and lower on weekends. One customer in twenty is new, and the costs of another one
    /// multiplied three days before the usual day.
    pub(super) fn cost(self, spender: Spender, usual: Decimal) -> Option<Decimal> {
        if self.ago == 0 {
            return Some(usual);
        }
        let sum = |ago: u32| {
            let days = spender.offer.period_day(before(self.usual, ago));
            (ago..ago + days).map(|ago| self.weight(spender, ago)).sum::<u64>()
        };
        let weight = sum(self.ago);
        (weight > 0).then(|| (usual * Decimal::from(weight) / Decimal::from(sum(0))).round_dp(10))
    }

    /// The cost of a single day, in proportion to the others.
    fn weight(self, Spender { number, seed, .. }: Spender, ago: u32) -> u64 {
        let is_weekend = matches!(before(self.usual, ago).weekday(), Weekday::Sat | Weekday::Sun);
        // Another sequence than that of the customer's figures.
        let varied = Random::new(seed ^ u64::from(ago) << 32, number.into()).between(80, 121);
        let weight = if is_weekend { varied / 2 } else { varied };
        match number % 20 {
            9 if ago >= NEW_FOR => 0,
            4 if ago < COSTLY_FOR => 8 * weight,
            _ => weight,
        }
    }
}

fn before(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_sub_days(Days::new(days.into())).unwrap_or(NaiveDate::MIN)
}

impl Offer {
    /// The first day of the billing period of a date: that of a month, or the 28th for legacy offers.
    pub(crate) fn period_start(self, date: NaiveDate) -> NaiveDate {
        let first_day = if self == Self::Legacy { 28 } else { 1 };
        // Every month has these days, so the fallbacks are never used.
        let this_month = date.with_day(first_day).unwrap_or(date);
        if this_month <= date { this_month } else { this_month - Months::new(1) }
    }

    /// The day of its billing period that a date is, counted from 1.
    fn period_day(self, date: NaiveDate) -> u32 {
        (date - self.period_start(date)).num_days().unsigned_abs() as u32 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The costs of the days before, of a customer whose usual cost is 1000. `None` for a customer who was not there.
    fn costs(number: u32, offer: Offer) -> Vec<Option<Decimal>> {
        let spender = Spender { number, seed: 1, offer };
        let day = |ago| Day { ago, ..Day::default() };
        (0..45).map(|ago| day(ago).cost(spender, Decimal::ONE_THOUSAND)).collect()
    }

    #[test]
    fn costs_grow_from_day_to_day_and_begin_again_with_each_period() {
        for (offer, days) in [(Offer::AzurePlan, 17), (Offer::Legacy, 21)] {
            let costs = costs(1, offer);
            assert_eq!(costs[0], Some(Decimal::ONE_THOUSAND), "the usual day");
            for (ago, pair) in costs.windows(2).enumerate() {
                let begins = ago + 1 == days;
                assert_eq!(pair[0] < pair[1], begins, "{offer:?} {ago} days ago: {pair:?}");
            }
        }
    }

    #[test]
    fn some_customers_are_new_or_cost_more_lately() {
        let new = costs(9, Offer::AzurePlan);
        assert!(new[4].is_some() && new[5..17].iter().all(Option::is_none), "{new:?}");
        let costly = costs(4, Offer::AzurePlan);
        let [recent, earlier] = [[0, 3], [3, 6]].map(|[to, from]| costly[to].unwrap() - costly[from].unwrap());
        assert!(recent > earlier * Decimal::from(3), "{costly:?}");
    }

    #[test]
    fn periods_begin_on_the_first_or_the_28th() {
        let start = |offer: Offer, date: &str| offer.period_start(date.parse().unwrap()).to_string();
        assert_eq!(start(Offer::AzurePlan, "2026-11-30"), "2026-11-01");
        assert_eq!(start(Offer::Legacy, "2026-02-28"), "2026-02-28");
        assert_eq!(start(Offer::Legacy, "2026-02-27"), "2026-01-28");
    }
}
