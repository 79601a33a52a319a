//! The comparison of two days.

use std::collections::HashMap;

use chrono::NaiveDate;
use partner_center_budgets::{Currency, CustomerId, CustomerUsageRecord, Decimal};
use rust_decimal::Decimal as Number;

use super::currencies::{Currencies, CurrencyKey};
use super::point::{Point, per_day};
use super::recent::FEWEST_PACE_DAYS;
use super::{DayReader, HistoryError, RecentCosts};

/// The costs and budgets of all customers on two days.
///
/// Takes about 250 bytes for each customer.
#[derive(Debug)]
pub struct Comparison {
    old_date: NaiveDate,
    new_date: NaiveDate,
    currencies: Currencies,
    /// In the order of the records, so that the processor finds neighbours in its cache.
    customers: Vec<(Id, Customer)>,
    positions: HashMap<Id, usize>,
    unmatched: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Id {
    Guid(CustomerId),
    Other(Box<str>),
}

#[derive(Debug, Default)]
struct Customer {
    name: Option<Box<str>>,
    old: Option<Facts>,
    new: Option<Facts>,
    past_per_day: Option<Decimal>,
}

#[derive(Debug, Clone, Copy)]
struct Facts {
    budget: Option<Decimal>,
    currency: Option<CurrencyKey>,
    /// `None` without a cost.
    point: Option<Point>,
}

/// The budget and the cost of a customer on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CustomerFacts<'a> {
    /// Budget; `None` without one.
    pub budget: Option<Decimal>,
    /// Cost so far in the billing period.
    pub cost: Option<Decimal>,
    /// Currency of both.
    pub currency: Option<&'a Currency>,
}

/// The change of one customer between two days.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct CustomerChange<'a> {
    /// Id of the customer.
    pub customer_id: Option<CustomerId>,
    /// The id as the service sent it, if it is not a GUID.
    pub customer_id_text: Option<&'a str>,
    /// Name of the customer, on the second day if it has a record then.
    pub customer_name: Option<&'a str>,
    /// The first day; `None` without a record: the customer is new.
    pub old: Option<CustomerFacts<'a>>,
    /// The second day; `None` without a record: the customer is lost, or its use of Azure ended.
    pub new: Option<CustomerFacts<'a>>,
    /// The increase of the cost, below zero for a decrease. A new customer, and a new billing period, count from zero.
    /// `None` if the currency changed, and if the second day has no cost.
    pub difference: Option<Decimal>,
    /// Whether a billing period began in between, so that `difference` is the cost since then.
    pub is_new_period: bool,
    /// The increase per day, rounded to 28 digits. `None` if the difference or its days are not known, and for two records
    /// of one day.
    pub per_day: Option<Decimal>,
    /// The cost per day before the first day: [`RecentCosts::pace`], or without it the average of the billing period of an
    /// Azure plan. Zero for a new customer, and `None` if fewer than four days are known.
    pub past_per_day: Option<Decimal>,
}

/// From which cost per day on a customer is unusual.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct UnusualPace {
    /// The cost per day, in the currency of the customer. The default is 10.
    pub per_day: Decimal,
    /// How many times its past cost per day this is. The default is 2.
    pub factor: Decimal,
}

impl Default for UnusualPace {
    fn default() -> Self {
        Self { per_day: Number::TEN.into(), factor: Number::TWO.into() }
    }
}

impl UnusualPace {
    /// Sets [`per_day`](Self::per_day).
    #[must_use]
    pub fn per_day(mut self, amount: Decimal) -> Self {
        self.per_day = amount;
        self
    }

    /// Sets [`factor`](Self::factor).
    #[must_use]
    pub fn factor(mut self, factor: Decimal) -> Self {
        self.factor = factor;
        self
    }
}

impl Comparison {
    /// Reads the first day. `past` has the costs before it, and `new_date` is the date of the second day.
    ///
    /// # Errors
    ///
    /// If the day is damaged.
    pub fn new(
        old_date: NaiveDate,
        old: DayReader,
        past: &RecentCosts,
        new_date: NaiveDate,
    ) -> Result<Self, HistoryError> {
        let mut comparison = Self {
            old_date,
            new_date,
            currencies: Currencies::default(),
            customers: Vec::new(),
            positions: HashMap::new(),
            unmatched: 0,
        };
        for record in old {
            let record = record?;
            let facts = comparison.facts(old_date, &record);
            let Some(customer) = comparison.customer(&record) else { continue };
            // The first record of a customer counts, if a day has several.
            if customer.old.is_none() {
                let pace = || facts.point.and_then(average);
                customer.past_per_day = past.pace(&record).or_else(pace);
                customer.name = record.customer_name.map(String::into_boxed_str);
                customer.old = Some(facts);
            }
        }
        Ok(comparison)
    }

    /// Adds a record of the second day.
    pub fn add(&mut self, record: CustomerUsageRecord) {
        let facts = self.facts(self.new_date, &record);
        let Some(customer) = self.customer(&record) else { return };
        if customer.new.is_none() {
            customer.name = record.customer_name.map(String::into_boxed_str).or(customer.name.take());
            customer.new = Some(facts);
        }
    }

    /// The number of records without an id, which cannot be compared.
    pub fn unmatched(&self) -> usize {
        self.unmatched
    }

    /// The changes of all customers, in the order of the first day, and then of the second one for new customers.
    pub fn changes(&self) -> impl Iterator<Item = CustomerChange<'_>> {
        self.customers.iter().map(|(id, customer)| self.change(id, customer))
    }

    fn facts(&mut self, date: NaiveDate, record: &CustomerUsageRecord) -> Facts {
        let currency = record.currency.as_ref().map(|currency| self.currencies.key(currency));
        Facts { budget: record.budget, currency, point: Point::new(date, record, currency) }
    }

    fn customer(&mut self, record: &CustomerUsageRecord) -> Option<&mut Customer> {
        let id = match (record.customer_id, &record.customer_id_text) {
            (Some(id), _) => Id::Guid(id),
            (None, Some(text)) => Id::Other(text.as_str().into()),
            (None, None) => {
                self.unmatched += 1;
                return None;
            }
        };
        let position = *self.positions.entry(id).or_insert_with_key(|id| {
            self.customers.push((id.clone(), Customer::default()));
            self.customers.len() - 1
        });
        self.customers.get_mut(position).map(|(_, customer)| customer)
    }

    fn change<'a>(&'a self, id: &'a Id, customer: &'a Customer) -> CustomerChange<'a> {
        let Customer { old, new, .. } = customer;
        let (customer_id, customer_id_text) = match id {
            Id::Guid(id) => (Some(*id), None),
            Id::Other(text) => (None, Some(&**text)),
        };
        let point = new.and_then(|new| new.point);
        let (difference, days, is_new_period) = match (old, point) {
            (_, None) => (None, None, false),
            (None, Some(point)) => {
                let days = (self.new_date - self.old_date).num_days();
                let in_period = point.period_days().unwrap_or(days);
                (Some(point.cost), Some(days.min(in_period)), false)
            }
            (Some(old), Some(point)) => match old.point.and_then(|before| point.increase_since(&before)) {
                Some(increase) => (Some(increase.amount), increase.days, increase.is_new_period),
                None => (None, None, false),
            },
        };
        CustomerChange {
            customer_id,
            customer_id_text,
            customer_name: customer.name.as_deref(),
            old: old.map(|facts| self.shown(facts)),
            new: new.map(|facts| self.shown(facts)),
            difference,
            is_new_period,
            per_day: difference.zip(days).and_then(|(difference, days)| per_day(difference, days)),
            past_per_day: if old.is_none() { Some(Decimal::default()) } else { customer.past_per_day },
        }
    }

    fn shown(&self, facts: Facts) -> CustomerFacts<'_> {
        CustomerFacts {
            budget: facts.budget,
            cost: facts.point.map(|point| point.cost),
            currency: facts.currency.and_then(|key| self.currencies.get(key)),
        }
    }
}

/// The average of a billing period.
fn average(point: Point) -> Option<Decimal> {
    let days = point.period_days().filter(|days| *days >= FEWEST_PACE_DAYS)?;
    per_day(point.cost, days)
}

impl CustomerChange<'_> {
    /// Whether the budget was set, changed or cleared. False without records of both days.
    #[must_use]
    pub fn is_budget_changed(&self) -> bool {
        self.old.zip(self.new).is_some_and(|(old, new)| old.budget != new.budget)
    }

    /// Whether the amounts of both days have different currencies, so that they cannot be compared.
    #[must_use]
    pub fn is_currency_changed(&self) -> bool {
        self.old.zip(self.new).is_some_and(|(old, new)| old.currency != new.currency)
    }

    /// Whether the cost per day is at or above both limits. False if the cost per day is not known, or that of the past.
    #[must_use]
    pub fn is_unusual(&self, limits: &UnusualPace) -> bool {
        let (Some(per_day), Some(past)) = (self.per_day, self.past_per_day) else { return false };
        let usual = Number::from(past).checked_mul(limits.factor.into());
        per_day >= limits.per_day && usual.is_some_and(|usual| Number::from(per_day) >= usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::fixture::{History, PARTNER, date, record};

    /// Each change as `customer: difference per-day past`, with its kind.
    fn changes(history: &History, old: &str, new: &str, records: &[&str]) -> Vec<String> {
        let past = RecentCosts::read(&history.folder, PARTNER, date(old), 7).unwrap();
        let day = history.folder.open(date(old)).unwrap();
        let mut comparison = Comparison::new(date(old), day, &past, date(new)).unwrap();
        records.iter().for_each(|text| comparison.add(record(new, text)));
        let shown = |amount: Option<Decimal>| amount.map_or("-".to_owned(), |amount| amount.to_string());
        let change = |change: CustomerChange<'_>| {
            let name = change.customer_name.unwrap().replace("Customer ", "");
            let mut text = name + ":";
            for amount in [change.difference, change.per_day, change.past_per_day] {
                text = text + " " + &shown(amount);
            }
            for (is, what) in [
                (change.old.is_none(), " new"),
                (change.new.is_none(), " lost"),
                (change.is_new_period, " new-period"),
                (change.is_budget_changed(), " budget"),
                (change.is_currency_changed(), " currency"),
                (change.is_unusual(&UnusualPace::default()), " unusual"),
            ] {
                text += if is { what } else { "" };
            }
            text
        };
        let mut changes: Vec<_> = comparison.changes().map(change).collect();
        changes.sort();
        changes
    }

    #[test]
    fn compares_each_customer_with_itself() {
        let history = History::new();
        history.record(
            "2026-11-21",
            &["1 100 50 EUR", "2 100 50 EUR", "3 100 - GBP", "4 10 - en-GB", "5 9 - EUR", "6 20 7 EUR", "text 1 - EUR"],
        );
        let new = [
            "1 135.50 50.00 EUR",
            "2 310 60 EUR",
            "3 90 1 EUR",
            "4 3 - en-GB",
            "7 77 - EUR",
            "8 69 - EUR",
            "text 2 - EUR",
            "- 1 - EUR",
        ];
        let found = changes(&history, "2026-11-21", "2026-11-28", &new);
        let expected = [
            // The average of 20 days of November is 5.
            "1: 35.5 5.0714285714285714285714285714 5",
            "2: 210 30 5 budget unusual",
            "3: - - 5 budget currency",
            "4: 3 - - new-period",
            "5: - - 0.45 lost",
            "6: - - 1 lost",
            "7: 77 11 0 new unusual",
            "8: 69 9.857142857142857142857142857 0 new",
            "text: 1 0.1428571428571428571428571429 0.05",
        ];
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert_eq!(found.replace("35.50 ", "35.5 "), expected);
        }
    }

    #[test]
    fn a_new_month_counts_from_zero() {
        let history = History::new();
        history.record("2026-11-28", &["1 270 - EUR", "2 270 - EUR"]);
        let new = ["1 40 - EUR", "2 80 - EUR", "3 40 - EUR"];
        let found = changes(&history, "2026-11-28", "2026-12-05", &new);
        // Four days of December: the figures of the fourth arrive on the fifth.
        assert_eq!(found, ["1: 40 10 10 new-period", "2: 80 20 10 new-period unusual", "3: 40 10 0 new unusual"]);
    }

    #[test]
    fn recorded_days_before_the_first_are_the_past() {
        let history = History::new();
        for (day, cost) in [("14", "100"), ("17", "103"), ("21", "107")] {
            history.record(&format!("2026-11-{day}"), &[&format!("1 {cost} - EUR"), &format!("2 {cost} - en-GB")]);
        }
        let found = changes(&history, "2026-11-21", "2026-11-22", &["1 117 - EUR", "2 127 - en-GB"]);
        assert_eq!(found, ["1: 10 10 1 unusual", "2: 20 20 1 unusual"]);
        let limits = |per_day: &str, factor: &str| {
            UnusualPace::default().per_day(per_day.parse().unwrap()).factor(factor.parse().unwrap())
        };
        let past = RecentCosts::read(&history.folder, PARTNER, date("2026-11-21"), 7).unwrap();
        let day = history.folder.open(date("2026-11-21")).unwrap();
        let mut comparison = Comparison::new(date("2026-11-21"), day, &past, date("2026-11-22")).unwrap();
        comparison.add(record("2026-11-22", "1 117 - EUR"));
        let is_unusual =
            |per_day, factor| comparison.changes().any(|change| change.is_unusual(&limits(per_day, factor)));
        assert!(is_unusual("10", "10") && !is_unusual("10.01", "10") && !is_unusual("10", "10.01"));
    }

    #[test]
    fn two_records_of_a_day_have_a_difference_and_no_pace() {
        let history = History::new();
        history.record("2026-11-21", &["1 100 - EUR"]);
        assert_eq!(changes(&history, "2026-11-21", "2026-11-21", &["1 101 - EUR"]), ["1: 1 - 5"]);
    }
}
