//! The state of a budget.

use std::fmt;

use super::projection::Projection;

/// The state of a customer's budget, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum BudgetStatus {
    /// The cost has reached [`Thresholds::over`](super::Thresholds::over).
    Over,
    /// The cost has reached [`Thresholds::near`](super::Thresholds::near).
    Near,
    /// At the present pace the cost will reach [`Thresholds::over`](super::Thresholds::over) before the billing period ends.
    TrendingOver,
    /// The customer has no budget.
    NoBudget,
    /// The cost or the billing period is not known, so the cost cannot be projected.
    TrendUnknown,
    /// The customer stays within its budget.
    Ok,
}

impl BudgetStatus {
    /// All statuses, the worst first.
    pub const ALL: [Self; 6] =
        [Self::Over, Self::Near, Self::TrendingOver, Self::NoBudget, Self::TrendUnknown, Self::Ok];

    /// The name of the status, as in files and tables.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::BudgetStatus;
    /// assert_eq!(BudgetStatus::ALL.map(BudgetStatus::as_str)[..3], ["over", "near", "trending-over"]);
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Near => "near",
            Self::TrendingOver => "trending-over",
            Self::NoBudget => "no-budget",
            Self::TrendUnknown => "trend-unknown",
            Self::Ok => "ok",
        }
    }
}

impl fmt::Display for BudgetStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The state of one customer's budget, from [`CustomerUsage::assess`](super::CustomerUsage::assess).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Assessment {
    /// The worst status that applies.
    pub status: BudgetStatus,
    /// The cost at the end of the billing period. `None` if it cannot be projected: the cost or the period is not known,
    /// there is no cost yet, or the period has just begun.
    pub projection: Option<Projection>,
    pub(super) is_trend_unknown: bool,
}

impl Assessment {
    /// Whether the cost is below the budget now and will reach it before the billing period ends.
    ///
    /// ```
    /// # use chrono::Utc;
    /// # use partner_center_budgets::{Currency, CustomerUsageRecord};
    /// # use partner_center_budgets_fleet::{BudgetStatus, CustomerUsage, Thresholds};
    /// # let mut record = CustomerUsageRecord::default();
    /// # record.currency = Some(Currency::Code("EUR".to_owned()));
    /// # record.last_modified = Some("2026-04-15T06:00:00Z".parse()?);
    /// // 85 of 100 euros in the first half of the month.
    /// (record.budget, record.total_cost) = (Some(100.into()), Some(85.into()));
    /// let assessment = CustomerUsage::new(record).assess(Utc::now(), &Thresholds::default());
    /// assert!(assessment.status == BudgetStatus::Near && assessment.is_trending_over());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_trending_over(&self) -> bool {
        self.projection.is_some_and(|projection| projection.over_on.is_some())
    }

    /// All statuses that apply, the worst first: a customer near its budget can also be trending over.
    ///
    /// ```
    /// # use chrono::Utc;
    /// # use partner_center_budgets::{Currency, CustomerUsageRecord};
    /// # use partner_center_budgets_fleet::{BudgetStatus, CustomerUsage, Thresholds};
    /// # let mut record = CustomerUsageRecord::default();
    /// # record.currency = Some(Currency::Code("EUR".to_owned()));
    /// # record.last_modified = Some("2026-04-15T06:00:00Z".parse()?);
    /// # (record.budget, record.total_cost) = (Some(100.into()), Some(85.into()));
    /// # let assessment = CustomerUsage::new(record).assess(Utc::now(), &Thresholds::default());
    /// assert_eq!(assessment.statuses(), [BudgetStatus::Near, BudgetStatus::TrendingOver]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn statuses(&self) -> Vec<BudgetStatus> {
        let is_near = self.status == BudgetStatus::Near;
        let trend = match is_near {
            true if self.is_trending_over() => Some(BudgetStatus::TrendingOver),
            true if self.is_trend_unknown => Some(BudgetStatus::TrendUnknown),
            _ => None,
        };
        [self.status].into_iter().chain(trend).collect()
    }
}
