//! The comparison of two days.

use std::collections::HashMap;

use chrono::NaiveDate;
use partner_center_budgets::{CustomerId, CustomerUsageRecord, Decimal};

use super::change::{CustomerChange, CustomerFacts};
use super::currencies::{Currencies, CurrencyKey};
use super::point::{Point, Rate};
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
    /// The position after that of the last record.
    next: usize,
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
    past: Option<Rate>,
}

#[derive(Debug, Clone, Copy)]
struct Facts {
    budget: Option<Decimal>,
    currency: Option<CurrencyKey>,
    /// `None` without a cost.
    point: Option<Point>,
}

impl Comparison {
    /// Reads the first day. `past` has the costs before it, and `new_date` is the date of the second day.
    ///
    /// ```no_run
    /// # use chrono::NaiveDate;
    /// # use partner_center_budgets_fleet::history::{Comparison, HistoryFolder, PACE_DAYS, RecentCosts};
    /// # fn example(folder: &HistoryFolder, monday: NaiveDate, friday: NaiveDate) -> Result<(), Box<dyn std::error::Error>> {
    /// let past = RecentCosts::read(folder, "contoso", monday, PACE_DAYS)?;
    /// let comparison = Comparison::new(monday, folder.open(monday)?, &past, friday)?;
    /// # Ok(())
    /// # }
    /// ```
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
            next: 0,
            unmatched: 0,
        };
        for record in old {
            let record = record?;
            let facts = comparison.facts(old_date, &record);
            let Some(customer) = comparison.customer(&record) else { continue };
            // The first record of a customer counts, if a day has several.
            if customer.old.is_none() {
                customer.past = past.rate(&record).or_else(|| facts.point.and_then(average));
                customer.name = record.customer_name.map(String::into_boxed_str);
                customer.old = Some(facts);
            }
        }
        comparison.next = 0;
        Ok(comparison)
    }

    /// Adds a record of the second day.
    ///
    /// ```no_run
    /// # use chrono::NaiveDate;
    /// # use partner_center_budgets_fleet::history::{Comparison, HistoryFolder};
    /// # fn example(folder: &HistoryFolder, friday: NaiveDate, mut comparison: Comparison) -> Result<(), Box<dyn std::error::Error>> {
    /// for record in folder.open(friday)? {
    ///     comparison.add(record?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn add(&mut self, record: CustomerUsageRecord) {
        let facts = self.facts(self.new_date, &record);
        let Some(customer) = self.customer(&record) else { return };
        if customer.new.is_none() {
            customer.name = record.customer_name.map(String::into_boxed_str).or(customer.name.take());
            customer.new = Some(facts);
        }
    }

    /// The number of records without an id, which cannot be compared.
    ///
    /// ```no_run
    /// # use partner_center_budgets_fleet::history::Comparison;
    /// # fn example(comparison: &Comparison) {
    /// if comparison.unmatched() > 0 {
    ///     eprintln!("{} records without an id", comparison.unmatched());
    /// }
    /// # }
    /// ```
    pub fn unmatched(&self) -> usize {
        self.unmatched
    }

    /// The changes of all customers, in the order of the first day, and then of the second one for new customers.
    ///
    /// ```no_run
    /// # use partner_center_budgets_fleet::history::Comparison;
    /// # fn example(comparison: &Comparison) {
    /// let highest = comparison.changes().max_by_key(|change| change.difference);
    /// # }
    /// ```
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
        // Usually both days have the same order, so the next customer is the right one.
        let is_next = self.customers.get(self.next).is_some_and(|(next, _)| *next == id);
        let position = match is_next {
            true => self.next,
            false => *self.positions.entry(id).or_insert_with_key(|id| {
                self.customers.push((id.clone(), Customer::default()));
                self.customers.len() - 1
            }),
        };
        self.next = position + 1;
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
            rate: difference.zip(days).and_then(|(difference, days)| Rate::new(difference, days)),
            past: if old.is_none() { Rate::new(Decimal::default(), 1) } else { customer.past },
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
fn average(point: Point) -> Option<Rate> {
    let days = point.period_days().filter(|days| *days >= FEWEST_PACE_DAYS)?;
    Rate::new(point.cost, days)
}

#[cfg(test)]
mod tests;
