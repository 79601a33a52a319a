//! The change of one customer between two days.

use partner_center_budgets::{Currency, CustomerId, Decimal};
use rust_decimal::Decimal as Number;

#[cfg(doc)]
use super::RecentCosts;
use super::point::Rate;

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
    pub(super) rate: Option<Rate>,
    pub(super) past: Option<Rate>,
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
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::UnusualPace;
    /// // Ignore customers below 100 a day.
    /// let limits = UnusualPace::default().per_day(100.into());
    /// assert_eq!(limits.per_day, 100.into());
    /// ```
    #[must_use]
    pub fn per_day(mut self, amount: Decimal) -> Self {
        self.per_day = amount;
        self
    }

    /// Sets [`factor`](Self::factor).
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::UnusualPace;
    /// // One and a half times the past pace.
    /// let limits = UnusualPace::default().factor("1.5".parse()?);
    /// assert_eq!(limits.factor, "1.5".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn factor(mut self, factor: Decimal) -> Self {
        self.factor = factor;
        self
    }
}

impl CustomerChange<'_> {
    /// The increase per day, rounded to 28 digits. `None` if the difference or its days are not known, and for two records
    /// of one day.
    ///
    /// ```no_run
    /// # use partner_center_budgets_fleet::history::CustomerChange;
    /// # fn example(change: CustomerChange<'_>) {
    /// if let Some(per_day) = change.per_day() {
    ///     println!("{per_day} a day");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn per_day(&self) -> Option<Decimal> {
        self.rate?.per_day()
    }

    /// The cost per day before the first day, rounded to 28 digits: [`RecentCosts::pace`], or without it the average of the
    /// billing period of an Azure plan. Zero for a new customer, and `None` if fewer than four days are known.
    ///
    /// ```no_run
    /// # use partner_center_budgets_fleet::history::CustomerChange;
    /// # fn example(change: CustomerChange<'_>) {
    /// println!("{:?} a day after {:?}", change.per_day(), change.past_per_day());
    /// # }
    /// ```
    #[must_use]
    pub fn past_per_day(&self) -> Option<Decimal> {
        self.past?.per_day()
    }

    /// Whether the budget was set, changed or cleared. False without records of both days.
    ///
    /// ```no_run
    /// # use partner_center_budgets_fleet::history::Comparison;
    /// # fn example(comparison: &Comparison) {
    /// let changed = comparison.changes().filter(|change| change.is_budget_changed()).count();
    /// println!("{changed} changed budgets");
    /// # }
    /// ```
    #[must_use]
    pub fn is_budget_changed(&self) -> bool {
        self.old.zip(self.new).is_some_and(|(old, new)| old.budget != new.budget)
    }

    /// Whether the amounts of both days have different currencies, so that they cannot be compared.
    ///
    /// ```no_run
    /// # use partner_center_budgets_fleet::history::CustomerChange;
    /// # fn example(change: CustomerChange<'_>) {
    /// if change.is_currency_changed() {
    ///     assert_eq!(change.difference, None);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn is_currency_changed(&self) -> bool {
        self.old.zip(self.new).is_some_and(|(old, new)| old.currency != new.currency)
    }

    /// Whether the cost per day is at or above both limits, compared without rounding. False if the cost per day is not
    /// known, or that of the past.
    ///
    /// ```no_run
    /// # use partner_center_budgets_fleet::history::{Comparison, UnusualPace};
    /// # fn example(comparison: &Comparison) {
    /// let limits = UnusualPace::default().factor(3.into());
    /// for change in comparison.changes().filter(|change| change.is_unusual(&limits)) {
    ///     println!("{:?}: {:?} a day", change.customer_name, change.per_day());
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn is_unusual(&self, limits: &UnusualPace) -> bool {
        let (Some(rate), Some(past)) = (self.rate, self.past) else { return false };
        rate.is_at_least(limits.per_day) && rate.is_at_least_times(limits.factor, past)
    }
}
