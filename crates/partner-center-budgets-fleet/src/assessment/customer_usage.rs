//! The usage of one customer, from its record and its summary.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use partner_center_budgets::{Currency, CustomerUsageRecord, CustomerUsageSummary, Decimal, has_reached};
use rust_decimal::Decimal as Number;

use super::period::BillingPeriod;
use super::projection::{Pace, Projection};
use super::status::{Assessment, BudgetStatus};
use super::thresholds::Thresholds;

/// The usage of one customer: its record, and what its summary and its past add.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use partner_center_budgets::{Currency, CustomerUsageRecord};
/// use partner_center_budgets_fleet::{BudgetStatus, CustomerUsage, Thresholds};
///
/// let mut record = CustomerUsageRecord::default();
/// record.currency = Some(Currency::Code("EUR".to_owned()));
/// (record.budget, record.total_cost) = ("100".parse().ok(), "60".parse().ok());
/// record.last_modified = DateTime::parse_from_rfc3339("2026-04-15T06:00:00Z").ok();
///
/// let assessment = CustomerUsage::new(record).assess(Utc::now(), &Thresholds::default());
/// assert_eq!(assessment.status, BudgetStatus::TrendingOver);
/// let projection = assessment.projection.unwrap();
/// assert_eq!(projection.cost, "120".parse().ok());
/// assert_eq!(projection.over_on, "2026-04-25".parse().ok());
/// ```
#[derive(Debug, Clone)]
pub struct CustomerUsage {
    record: CustomerUsageRecord,
    period: BillingPeriod,
    /// The offset of the billing period's dates.
    offset: Option<FixedOffset>,
    recent_pace: Option<Decimal>,
}

impl CustomerUsage {
    /// The usage in a record. The billing period of an Azure plan is the calendar month. The period of a legacy offer can
    /// begin on any day, so it is not known without a [summary](Self::with_summary).
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error};
    /// # use partner_center_budgets_fleet::CustomerUsage;
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let mut usages = Vec::new();
    /// let mut records = client.list_customer_usage_records();
    /// while let Some(record) = records.try_next().await? {
    ///     usages.push(CustomerUsage::new(record));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn new(record: CustomerUsageRecord) -> Self {
        let period = if is_azure_plan(&record) { BillingPeriod::CalendarMonth } else { BillingPeriod::Unknown };
        Self { record, period, offset: None, recent_pace: None }
    }

    /// Adds the summary of the same customer. It has the billing period, and may have a budget that the record lacks.
    /// Where both have a value, the summary takes precedence, because it is newer.
    ///
    /// ```
    /// # use chrono::Utc;
    /// # use partner_center_budgets::{Currency, CustomerUsageRecord, CustomerUsageSummary};
    /// # use partner_center_budgets_fleet::{CustomerUsage, Thresholds};
    /// # let mut record = CustomerUsageRecord::default();
    /// # record.currency = Some(Currency::Code("EUR".to_owned()));
    /// # record.last_modified = Some("2026-04-15T06:00:00Z".parse()?);
    /// # record.currency = Some(Currency::Locale("en-GB".to_owned()));
    /// # (record.budget, record.total_cost) = (Some(100.into()), Some(60.into()));
    /// # let mut summary = CustomerUsageSummary::default();
    /// summary.billing_start = Some("2026-04-10T00:00:00Z".parse()?);
    /// summary.billing_end = Some("2026-05-09T00:00:00Z".parse()?);
    /// let assessment = CustomerUsage::new(record).with_summary(summary).assess(Utc::now(), &Thresholds::default());
    /// // 15 April is day 6 of 30.
    /// assert_eq!(assessment.projection.and_then(|projection| projection.cost), Some(300.into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_summary(mut self, summary: CustomerUsageSummary) -> Self {
        let record = &mut self.record;
        record.budget = summary.budget.or(record.budget);
        record.total_cost = summary.total_cost.or(record.total_cost);
        record.usd_total_cost = summary.usd_total_cost.or(record.usd_total_cost);
        record.currency = summary.currency.or(record.currency.take());
        record.last_modified = summary.last_modified.or(record.last_modified);
        self.period = match (summary.billing_start, summary.billing_end) {
            (Some(start), Some(end)) => BillingPeriod::between(start, end),
            _ if has_code(record.currency.as_ref()) => BillingPeriod::CalendarMonth,
            _ => BillingPeriod::Unknown,
        };
        self.offset = summary.billing_start.map(|start| *start.offset());
        self
    }

    /// Sets the cost per day of recent days. Projections then continue this pace instead of the average of the period, so
    /// they follow a change within days and need no first days of a period.
    ///
    /// ```
    /// # use chrono::Utc;
    /// # use partner_center_budgets::{Currency, CustomerUsageRecord};
    /// # use partner_center_budgets_fleet::{CustomerUsage, Thresholds};
    /// # let mut record = CustomerUsageRecord::default();
    /// # record.currency = Some(Currency::Code("EUR".to_owned()));
    /// # record.last_modified = Some("2026-04-15T06:00:00Z".parse()?);
    /// // 60 euros from 1 to 15 April, but only one euro a day for the last week.
    /// record.total_cost = Some(60.into());
    /// let usage = CustomerUsage::new(record).with_recent_pace(1.into());
    /// let projection = usage.assess(Utc::now(), &Thresholds::default()).projection;
    /// assert_eq!(projection.and_then(|projection| projection.cost), Some(75.into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_recent_pace(mut self, cost_per_day: Decimal) -> Self {
        self.recent_pace = Some(cost_per_day);
        self
    }

    /// The record, completed by the summary.
    ///
    /// ```
    /// # use partner_center_budgets::{CustomerUsageRecord, CustomerUsageSummary};
    /// # use partner_center_budgets_fleet::CustomerUsage;
    /// # let (record, mut summary) = (CustomerUsageRecord::default(), CustomerUsageSummary::default());
    /// // The service left the budget out of the record.
    /// summary.budget = Some(100.into());
    /// let usage = CustomerUsage::new(record).with_summary(summary);
    /// assert_eq!(usage.record().budget, Some(100.into()));
    /// ```
    #[must_use]
    pub fn record(&self) -> &CustomerUsageRecord {
        &self.record
    }

    /// The record, completed by the summary.
    ///
    /// ```
    /// # use partner_center_budgets::{CustomerUsageRecord, CustomerUsageSummary};
    /// # use partner_center_budgets_fleet::CustomerUsage;
    /// # let (mut record, mut summary) = (CustomerUsageRecord::default(), CustomerUsageSummary::default());
    /// # record.total_cost = Some(60.into());
    /// # summary.budget = Some(100.into());
    /// # let usage = CustomerUsage::new(record).with_summary(summary);
    /// let record = usage.into_record();
    /// assert_eq!(record.percent_used(), Some(60.into()));
    /// ```
    #[must_use]
    pub fn into_record(self) -> CustomerUsageRecord {
        self.record
    }

    /// Whether the record is not enough to [assess](Self::assess) the budget, so that the customer's
    /// [summary](partner_center_budgets::Client::get_customer_usage_summary) is worth a call. That is if
    ///
    /// - the record has no cost,
    /// - it has a cost and no budget: the service may have left the budget out, or
    /// - the customer is not over its budget, and its billing period is not known, as with legacy offers.
    ///
    /// [`read_summaries`](crate::read_summaries) reads the summaries of many customers.
    ///
    /// ```
    /// # use partner_center_budgets::{Currency, CustomerUsageRecord};
    /// # use partner_center_budgets_fleet::{CustomerUsage, Thresholds};
    /// # let mut record = CustomerUsageRecord::default();
    /// # (record.budget, record.total_cost) = (Some(100.into()), Some(60.into()));
    /// // A legacy offer.
    /// record.currency = Some(Currency::Locale("en-GB".to_owned()));
    /// assert!(CustomerUsage::new(record).needs_summary(&Thresholds::default()));
    /// ```
    #[must_use]
    pub fn needs_summary(&self, thresholds: &Thresholds) -> bool {
        let Some(cost) = self.record.total_cost else { return true };
        let is_enough = match self.record.has_reached(thresholds.over) {
            Some(is_over) => is_over || !matches!(self.period, BillingPeriod::Unknown),
            None => false,
        };
        cost > Decimal::default() && !is_enough
    }

    /// Decides whether the customer is over its budget, near it, or will be over it before its billing period ends.
    ///
    /// Comparisons are exact, without rounding: near at 80 % means 100 × cost ≥ 80 × budget. (A threshold with more than
    /// nine digits is compared by the first 28 digits of the products.) Any cost above zero is over a budget of 0. A
    /// credit reaches no threshold.
    ///
    /// The projection is cost × days of the billing period ÷ days so far, or the cost so far plus the
    /// [recent pace](Self::with_recent_pace) × days left. The days so far end with the day of
    /// [`last_modified`](CustomerUsageRecord::last_modified), because the service updates costs about once a day; `now`
    /// replaces a missing date. There is no projection if the billing period is not known or does not contain that day.
    /// Weekends are ignored, and prices that are charged on the first day of a month raise the projection.
    ///
    /// ```
    /// # use chrono::Utc;
    /// # use partner_center_budgets::CustomerUsageRecord;
    /// # use partner_center_budgets_fleet::{BudgetStatus, CustomerUsage, Thresholds};
    /// # let mut record = CustomerUsageRecord::default();
    /// (record.budget, record.total_cost) = (Some(100.into()), Some(80.into()));
    /// let assessment = CustomerUsage::new(record).assess(Utc::now(), &Thresholds::default());
    /// assert_eq!(assessment.status, BudgetStatus::Near);
    /// ```
    #[must_use]
    pub fn assess(&self, now: DateTime<Utc>, thresholds: &Thresholds) -> Assessment {
        let CustomerUsageRecord { budget, total_cost: cost, .. } = self.record;
        let has_reached = |percent| has_reached(cost, budget, percent) == Some(true);
        let is_over = has_reached(thresholds.over);
        let projection = self.projection(now, thresholds, is_over);
        let is_trending_over = projection.is_some_and(|projection| projection.over_on.is_some());
        let has_cost = cost.is_none_or(|cost| cost > Decimal::default());
        let is_period_unknown = self.period.day(self.date(now)).is_none();
        let is_trend_unknown = !is_over && budget.is_some() && has_cost && (cost.is_none() || is_period_unknown);
        let status = match budget {
            _ if is_over => BudgetStatus::Over,
            _ if has_reached(thresholds.near) => BudgetStatus::Near,
            None => BudgetStatus::NoBudget,
            Some(_) if is_trending_over => BudgetStatus::TrendingOver,
            Some(_) if is_trend_unknown => BudgetStatus::TrendUnknown,
            Some(_) => BudgetStatus::Ok,
        };
        Assessment { status, projection, is_trend_unknown }
    }

    fn projection(&self, now: DateTime<Utc>, thresholds: &Thresholds, is_over: bool) -> Option<Projection> {
        let cost = self.record.total_cost.filter(|cost| *cost > Decimal::default())?;
        let today = self.period.day(self.date(now))?;
        let pace = match self.recent_pace {
            Some(per_day) => Pace::Recent(per_day),
            None if today.day >= i64::from(thresholds.project_from_day) => Pace::Period,
            None => return None,
        };
        let limit = match self.record.budget {
            Some(budget) if !is_over => share_of(budget, thresholds.over),
            _ => None,
        };
        Some(Projection::new(cost, limit, today, pace))
    }

    /// The last day that the costs cover, in the offset of the billing period.
    fn date(&self, now: DateTime<Utc>) -> NaiveDate {
        let updated = self.record.last_modified.unwrap_or_else(|| now.into());
        self.offset.map_or(updated, |offset| updated.with_timezone(&offset)).date_naive()
    }
}

/// `None` if the result has too many digits.
fn share_of(budget: Decimal, percent: Decimal) -> Option<Decimal> {
    let hundred = Number::ONE_HUNDRED;
    if Number::from(percent) == hundred {
        return Some(budget);
    }
    Some(Number::from(budget).checked_mul(percent.into())?.checked_div(hundred)?.normalize().into())
}

fn is_azure_plan(record: &CustomerUsageRecord) -> bool {
    record.is_azure_plan.unwrap_or_else(|| has_code(record.currency.as_ref()))
}

/// Azure plans have a currency code such as EUR, legacy offers a locale.
fn has_code(currency: Option<&Currency>) -> bool {
    matches!(currency, Some(Currency::Code(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> Option<Currency> {
        Some(Currency::Code("GBP".to_owned()))
    }

    fn locale() -> Option<Currency> {
        Some(Currency::Locale("en-GB".to_owned()))
    }

    fn has_period(usage: &CustomerUsage) -> bool {
        usage.period.day(NaiveDate::default()).is_some()
    }

    #[test]
    fn without_dates_only_azure_plans_have_a_known_period() {
        for (currency, is_azure_plan, expected) in [
            (code(), None, true),
            (locale(), None, false),
            (None, None, false),
            (locale(), Some(true), true),
            (None, Some(true), true),
            (code(), Some(false), false),
        ] {
            let mut record = CustomerUsageRecord::default();
            (record.currency, record.is_azure_plan) = (currency.clone(), is_azure_plan);
            assert_eq!(has_period(&CustomerUsage::new(record)), expected, "{currency:?} {is_azure_plan:?}");
        }
        let billing_end = DateTime::parse_from_rfc3339("2020-03-01T00:00:00Z").ok();
        for (currency, expected) in [(code(), true), (locale(), false), (None, false)] {
            let mut summary = CustomerUsageSummary::default();
            (summary.billing_end, summary.currency) = (billing_end, currency);
            let usage = CustomerUsage::new(CustomerUsageRecord::default()).with_summary(summary);
            assert_eq!(has_period(&usage), expected);
        }
    }

    #[test]
    fn needs_a_summary_if_a_record_lacks_cost_budget_or_period() {
        let needs = |budget: &str, cost: &str, currency: Option<Currency>, is_azure_plan| {
            let mut record = CustomerUsageRecord::default();
            (record.budget, record.total_cost) = (budget.parse().ok(), cost.parse().ok());
            (record.currency, record.is_azure_plan) = (currency, is_azure_plan);
            CustomerUsage::new(record).needs_summary(&Thresholds::default())
        };
        assert!(needs("100", "", code(), Some(true)), "no cost");
        assert!(needs("", "1", code(), Some(true)), "no budget");
        for (currency, is_azure_plan, expected) in [
            (code(), Some(true), false),
            (code(), None, false),
            (locale(), Some(true), false),
            (locale(), Some(false), true),
            (locale(), None, true),
            (None, None, true),
        ] {
            assert_eq!(needs("100", "1", currency.clone(), is_azure_plan), expected, "{currency:?} {is_azure_plan:?}");
            // A customer over its budget needs no projection, and without a cost there is none.
            assert!(!needs("100", "100", currency.clone(), is_azure_plan));
            assert!(!needs("100", "100.01", currency.clone(), is_azure_plan));
            assert!(!needs("", "0", currency.clone(), is_azure_plan));
            assert!(!needs("", "-1", currency, is_azure_plan));
        }
    }
}
