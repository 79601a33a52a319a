//! The cost of a customer on one day, and its increase from day to day.

use chrono::{Datelike, NaiveDate, Utc};
use partner_center_budgets::{Currency, CustomerUsageRecord, Decimal, compare_products};
use rust_decimal::Decimal as Number;

use super::currencies::CurrencyKey;

/// The longest billing period, in days.
const LONGEST_PERIOD: i64 = 31;

/// The cost in a usage record, on the day of the record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) date: NaiveDate,
    pub(super) cost: Decimal,
    pub(super) currency: Option<CurrencyKey>,
    /// Day of the figures, if the billing period is known: that of an Azure plan is the calendar month of this day.
    figures: Option<NaiveDate>,
}

/// The increase of a cost between two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Increase {
    /// Below zero for a credit or a correction.
    pub(super) amount: Decimal,
    /// The days that it took; `None` if the day on which the cost began again is not known.
    pub(super) days: Option<i64>,
    /// Whether the cost began again in between, so that the amount is that of the new period.
    pub(super) is_new_period: bool,
}

impl Point {
    /// `None` if the record has no cost.
    ///
    /// The month is that of the figures: the first record of a month can still have the costs of the month before.
    pub(super) fn new(date: NaiveDate, record: &CustomerUsageRecord, currency: Option<CurrencyKey>) -> Option<Self> {
        let has_code = matches!(record.currency, Some(Currency::Code(_)));
        let modified = record.last_modified.filter(|_| record.is_azure_plan.unwrap_or(has_code));
        let figures = modified.map(|modified| modified.with_timezone(&Utc).date_naive());
        Some(Self { date, cost: record.total_cost?, currency, figures })
    }

    /// The increase since an earlier day. `None` if the currency changed, or the amount has too many digits.
    pub(super) fn increase_since(&self, before: &Self) -> Option<Increase> {
        if self.currency != before.currency {
            return None;
        }
        let days = (self.date - before.date).num_days();
        let is_new_period = match (before.month(), self.month()) {
            (Some(before), Some(period)) => period > before,
            // The costs of a period only grow, apart from corrections.
            _ => self.cost < before.cost || days > LONGEST_PERIOD,
        };
        match is_new_period {
            true => Some(Increase { amount: self.cost, days: self.period_days(), is_new_period }),
            false => {
                let amount = self.cost.checked_sub(before.cost)?;
                Some(Increase { amount, days: Some(days), is_new_period })
            }
        }
    }

    /// The first day of the billing period.
    fn month(&self) -> Option<NaiveDate> {
        self.figures?.with_day(1)
    }

    /// The days of the billing period so far. Figures of a day arrive on the next one. Older ones end with their own day.
    pub(super) fn period_days(&self) -> Option<i64> {
        match (self.date - self.month()?).num_days() {
            days @ ..=LONGEST_PERIOD => Some(days.max(1)),
            _ => self.figures.map(|figures| figures.day().into()),
        }
    }
}

/// A cost per day, as the cost of some days: comparing two of them needs no division, which is slow and rounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rate {
    pub(super) amount: Decimal,
    /// At least 1.
    days: i64,
}

impl Rate {
    /// `None` for no days.
    pub(super) fn new(amount: Decimal, days: i64) -> Option<Self> {
        (days > 0).then_some(Self { amount, days })
    }

    /// The amount of one day, rounded to 28 digits.
    pub(super) fn per_day(self) -> Option<Decimal> {
        let per_day = Number::from(self.amount).checked_div(Number::from(self.days))?;
        Some(per_day.normalize().into())
    }

    /// Whether this is at least an amount per day.
    pub(super) fn is_at_least(self, amount: Decimal) -> bool {
        let is_credit = self.amount < Decimal::default();
        !is_credit && compare_products([self.amount, Number::ONE.into()], [amount, decimal(self.days)]).is_ge()
    }

    /// Whether this is at least `factor` times another one. False if the product has too many digits.
    pub(super) fn is_at_least_times(self, factor: Decimal, other: Self) -> bool {
        let is_credit = self.amount < Decimal::default();
        let product = Number::from(other.amount).checked_mul(factor.into()).map(Decimal::from);
        !is_credit
            && product.is_some_and(|product| {
                compare_products([self.amount, decimal(other.days)], [product, decimal(self.days)]).is_ge()
            })
    }
}

fn decimal(days: i64) -> Decimal {
    Number::from(days).into()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::history::currencies::Currencies;

    /// A record as `date cost currency last_modified`.
    fn point(text: &str, currencies: &mut Currencies) -> Point {
        let parts: Vec<_> = text.split(' ').collect();
        let [date, cost, currency, modified] = parts[..] else { panic!("{text}") };
        let mut record = CustomerUsageRecord::default();
        record.total_cost = cost.parse().ok();
        let currency = currency.to_owned();
        record.currency =
            Some(if currency.contains('-') { Currency::Locale(currency) } else { Currency::Code(currency) });
        record.last_modified = DateTime::parse_from_rfc3339(&format!("{modified}T20:00:00Z")).ok();
        let currency = record.currency.as_ref().map(|currency| currencies.key(currency));
        Point::new(date.parse().unwrap(), &record, currency).unwrap()
    }

    /// The increase as `amount/days`, with `new` for a new period.
    fn increase(before: &str, after: &str) -> String {
        let mut currencies = Currencies::default();
        let (before, after) = (point(before, &mut currencies), point(after, &mut currencies));
        let Some(Increase { amount, days, is_new_period }) = after.increase_since(&before) else {
            return "none".to_owned();
        };
        let days = days.map_or("?".to_owned(), |days| days.to_string());
        format!("{amount}/{days}{}", if is_new_period { " new" } else { "" })
    }

    #[test]
    fn azure_plans_begin_again_with_the_month_of_their_figures() {
        for (before, after, expected) in [
            ("2026-11-20 10.5 EUR 2026-11-19", "2026-11-27 30.75 EUR 2026-11-26", "20.25/7"),
            // A credit.
            ("2026-11-20 10 EUR 2026-11-19", "2026-11-21 4 EUR 2026-11-20", "-6/1"),
            // The figures of November on 1 December.
            ("2026-11-30 100 EUR 2026-11-29", "2026-12-01 103 EUR 2026-11-30", "3/1"),
            ("2026-12-01 103 EUR 2026-11-30", "2026-12-02 4 EUR 2026-12-01", "4/1 new"),
            // Higher than before, and still a new period.
            ("2026-12-01 3 EUR 2026-11-30", "2026-12-04 9 EUR 2026-12-03", "9/3 new"),
            ("2026-11-30 3 EUR 2026-11-30", "2026-12-01 1 EUR 2026-12-01", "1/1 new"),
            ("2025-11-20 1 EUR 2025-11-19", "2026-11-20 9 EUR 2026-11-19", "9/19 new"),
            // Figures that are older than the record.
            ("2026-11-30 100 EUR 2026-10-31", "2026-12-09 50 EUR 2026-11-05", "50/5 new"),
            // Without a date, only a lower cost tells.
            ("2026-11-30 100 EUR -", "2026-12-01 103 EUR -", "3/1"),
            ("2026-12-01 103 EUR -", "2026-12-02 4 EUR -", "4/? new"),
        ] {
            assert_eq!(increase(before, after), expected, "{before} {after}");
        }
    }

    #[test]
    fn legacy_offers_begin_again_when_the_cost_falls() {
        for (before, after, expected) in [
            ("2026-11-30 100 en-GB 2026-11-29", "2026-12-02 104 en-GB 2026-12-01", "4/2"),
            ("2026-11-20 100 en-GB 2026-11-19", "2026-11-21 3 en-GB 2026-11-20", "3/? new"),
            ("2026-10-20 100 en-GB 2026-10-19", "2026-11-20 101 en-GB 2026-11-19", "1/31"),
            ("2026-10-20 100 en-GB 2026-10-19", "2026-11-21 101 en-GB 2026-11-20", "101/? new"),
        ] {
            assert_eq!(increase(before, after), expected, "{before} {after}");
        }
    }

    #[test]
    fn amounts_in_other_currencies_are_not_compared() {
        assert_eq!(increase("2026-11-20 1 en-GB 2026-11-19", "2026-11-21 2 GBP 2026-11-20"), "none");
        let most = "79228162514264337593543950335";
        let before = format!("2026-11-20 -{most} EUR 2026-11-19");
        assert_eq!(increase(&before, &format!("2026-11-21 {most} EUR 2026-11-20")), "none", "too many digits");
    }

    #[test]
    fn divides_by_the_days() {
        let rate = |amount: &str, days| Rate::new(amount.parse().unwrap(), days);
        let per_day = |amount: &str, days| rate(amount, days)?.per_day().map(|amount| amount.to_string());
        assert_eq!(per_day("10.50", 7).as_deref(), Some("1.5"));
        assert_eq!(per_day("10", 3).as_deref(), Some("3.3333333333333333333333333333"));
        assert_eq!(per_day("10", 0), None);
    }

    #[test]
    fn compares_without_dividing() {
        let rate = |amount: &str, days| Rate::new(amount.parse().unwrap(), days).unwrap();
        let amount = |amount: &str| amount.parse().unwrap();
        assert!(rate("70", 7).is_at_least(amount("10")) && !rate("69.99", 7).is_at_least(amount("10")));
        assert!(rate("10", 3).is_at_least(amount("3.3333333333333333333333333333")));
        assert!(!rate("10", 3).is_at_least(amount("3.3333333333333333333333333334")));
        assert!(rate("20", 3).is_at_least_times(amount("2"), rate("10", 3)));
        assert!(!rate("20", 3).is_at_least_times(amount("2"), rate("10.000000000000000000000001", 3)));
        assert!(rate("0.01", 3).is_at_least_times(amount("2"), rate("0", 1)));
        assert!(rate("0", 3).is_at_least(amount("0")) && !rate("-1", 3).is_at_least(amount("0")), "a credit");
        assert!(rate("1", 3).is_at_least_times(amount("2"), rate("-1", 3)));
        assert!(!rate("-1", 3).is_at_least_times(amount("2"), rate("-5", 3)));
        assert!(!rate("1", 3).is_at_least_times(amount("10"), rate("79228162514264337593543950335", 3)));
    }
}
