//! The limits of an assessment.

use partner_center_budgets::Decimal;
use rust_decimal::Decimal as Number;

/// The limits by which [`CustomerUsage::assess`](super::CustomerUsage::assess) decides.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Thresholds {
    /// A customer is near its budget from this percentage on. The default is 80.
    pub near: Decimal,
    /// A customer is over its budget from this percentage on. The default is 100.
    pub over: Decimal,
    /// The first day of the billing period, counted from 1, on which costs are projected without a
    /// [recent pace](super::CustomerUsage::with_recent_pace). The first days say little about a month. The default is 5.
    pub project_from_day: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { near: Number::from(80).into(), over: Number::ONE_HUNDRED.into(), project_from_day: 5 }
    }
}

impl Thresholds {
    /// Sets [`near`](Self::near).
    ///
    /// ```
    /// # use chrono::Utc;
    /// # use partner_center_budgets::CustomerUsageRecord;
    /// # use partner_center_budgets_fleet::{BudgetStatus, CustomerUsage, Thresholds};
    /// # let mut record = CustomerUsageRecord::default();
    /// // The customer has used half of its budget.
    /// (record.budget, record.total_cost) = (Some(100.into()), Some(50.into()));
    /// let thresholds = Thresholds::default().near(50.into());
    /// assert_eq!(CustomerUsage::new(record).assess(Utc::now(), &thresholds).status, BudgetStatus::Near);
    /// ```
    #[must_use]
    pub fn near(mut self, percent: Decimal) -> Self {
        self.near = percent;
        self
    }

    /// Sets [`over`](Self::over).
    ///
    /// ```
    /// # use chrono::Utc;
    /// # use partner_center_budgets::CustomerUsageRecord;
    /// # use partner_center_budgets_fleet::{BudgetStatus, CustomerUsage, Thresholds};
    /// # let mut record = CustomerUsageRecord::default();
    /// // Tolerate 10 percent above the budget.
    /// let thresholds = Thresholds::default().over(110.into());
    /// (record.budget, record.total_cost) = (Some(100.into()), Some(105.into()));
    /// assert_eq!(CustomerUsage::new(record).assess(Utc::now(), &thresholds).status, BudgetStatus::Near);
    /// ```
    #[must_use]
    pub fn over(mut self, percent: Decimal) -> Self {
        self.over = percent;
        self
    }

    /// Sets [`project_from_day`](Self::project_from_day).
    ///
    /// ```
    /// # use chrono::Utc;
    /// # use partner_center_budgets::{Currency, CustomerUsageRecord};
    /// # use partner_center_budgets_fleet::{CustomerUsage, Thresholds};
    /// # let mut record = CustomerUsageRecord::default();
    /// # record.currency = Some(Currency::Code("EUR".to_owned()));
    /// # record.last_modified = Some("2026-04-15T06:00:00Z".parse()?);
    /// # record.total_cost = Some(60.into());
    /// // The costs are those of 15 April.
    /// let usage = CustomerUsage::new(record);
    /// let has_projection =
    ///     |day| usage.assess(Utc::now(), &Thresholds::default().project_from_day(day)).projection.is_some();
    /// assert!(has_projection(15) && !has_projection(16));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn project_from_day(mut self, day: u32) -> Self {
        self.project_from_day = day;
        self
    }
}
