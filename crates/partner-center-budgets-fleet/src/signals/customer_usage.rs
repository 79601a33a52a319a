//! The input of the signals: usage records and summaries.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate};
use partner_center_budgets::{Currency, CustomerId, CustomerUsageRecord, CustomerUsageSummary, Decimal, has_reached};
use rust_decimal::Decimal as Number;

/// The usage of one customer as [`signals()`](super::signals()) reads it, from a record or a summary.
#[derive(Debug, Clone, Copy)]
pub struct CustomerUsage<'a> {
    pub(super) customer: Option<CustomerId>,
    pub(super) name: Option<&'a str>,
    pub(super) budget: Option<Decimal>,
    pub(super) cost: Option<Decimal>,
    pub(super) currency: Option<&'a Currency>,
    period: BillingPeriod,
}

#[derive(Debug, Clone, Copy)]
enum BillingPeriod {
    /// From the first to the last day.
    Days(NaiveDate, NaiveDate),
    CalendarMonth,
    Unknown,
}

impl<'a> From<&'a CustomerUsageRecord> for CustomerUsage<'a> {
    fn from(record: &'a CustomerUsageRecord) -> Self {
        Self {
            customer: record.customer_id,
            name: record.customer_name.as_deref(),
            budget: record.budget,
            cost: record.total_cost,
            currency: record.currency.as_ref(),
            period: if is_azure_plan(record) { BillingPeriod::CalendarMonth } else { BillingPeriod::Unknown },
        }
    }
}

impl<'a> From<&'a CustomerUsageSummary> for CustomerUsage<'a> {
    fn from(summary: &'a CustomerUsageSummary) -> Self {
        Self {
            customer: summary.customer_id,
            name: summary.customer_name.as_deref(),
            budget: summary.budget,
            cost: summary.total_cost,
            currency: summary.currency.as_ref(),
            period: match (summary.billing_start, summary.billing_end) {
                (Some(start), Some(end)) => billing_period(start, end),
                _ if has_code(summary.currency.as_ref()) => BillingPeriod::CalendarMonth,
                _ => BillingPeriod::Unknown,
            },
        }
    }
}

impl CustomerUsage<'_> {
    /// The day of the billing period that `date` is, counted from 1, and the number of days of the period. `None` if
    /// `date` is in another period, or the period is not known.
    ///
    /// Summaries have the dates of their period. Without dates, the period of an Azure plan is a calendar month. The period
    /// of a legacy offer can begin on any day, so it is not known.
    #[must_use]
    pub fn period_day(&self, date: NaiveDate) -> Option<(i64, i64)> {
        match self.period {
            BillingPeriod::Days(first, last) => {
                (first..=last).contains(&date).then(|| ((date - first).num_days() + 1, (last - first).num_days() + 1))
            }
            BillingPeriod::CalendarMonth => Some((date.day().into(), date.num_days_in_month().into())),
            BillingPeriod::Unknown => None,
        }
    }
}

/// The first and the last day, in the offset that the service sent.
///
/// In published samples the end is the last day of the period (28 August to 27 September) or the first day of the next one
/// (1 September to 1 October). In the second case it has the same day of the month as the start.
fn billing_period(start: DateTime<FixedOffset>, end: DateTime<FixedOffset>) -> BillingPeriod {
    let (first, end) = (start.date_naive(), end.date_naive());
    let is_next = end > first && end.day() == first.day();
    BillingPeriod::Days(first, if is_next { end.checked_sub_days(Days::new(1)).unwrap_or(end) } else { end })
}

fn is_azure_plan(record: &CustomerUsageRecord) -> bool {
    record.is_azure_plan.unwrap_or_else(|| has_code(record.currency.as_ref()))
}

/// Azure plans have a currency code such as EUR, legacy offers a locale.
fn has_code(currency: Option<&Currency>) -> bool {
    matches!(currency, Some(Currency::Code(_)))
}

/// Whether a record is not enough for [`signals()`](super::signals()), so that the customer's
/// [summary](partner_center_budgets::Client::get_customer_usage_summary) is worth a call. That is if
///
/// - the record has no cost,
/// - it has a cost and no budget: the service may have left the budget out, or
/// - its cost is below the budget, and its billing period may differ from the calendar month, as with legacy offers.
pub fn needs_summary(record: &CustomerUsageRecord) -> bool {
    let Some(cost) = record.total_cost else { return true };
    let is_enough = match is_over_budget(Some(cost), record.budget) {
        Some(is_over) => is_over || is_azure_plan(record),
        None => false,
    };
    cost > Decimal::default() && !is_enough
}

/// Over means at or above the budget, from exactly 100 percent.
pub(super) fn is_over_budget(cost: Option<Decimal>, budget: Option<Decimal>) -> Option<bool> {
    has_reached(cost, budget, Number::ONE_HUNDRED.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(start: &str, end: &str, date: &str) -> Option<(i64, i64)> {
        let moment = |text: &str| DateTime::parse_from_rfc3339(text).ok();
        let mut summary = CustomerUsageSummary::default();
        (summary.billing_start, summary.billing_end) = (moment(start), moment(end));
        CustomerUsage::from(&summary).period_day(date.parse().unwrap())
    }

    #[test]
    fn counts_days_from_the_start_of_the_period() {
        let (start, end) = ("2019-08-28T00:00:00-07:00", "2019-09-27T00:00:00-07:00");
        for (date, expected) in [
            ("2019-08-27", None),
            ("2019-08-28", Some((1, 31))),
            ("2019-09-01", Some((5, 31))),
            ("2019-09-27", Some((31, 31))),
            ("2019-09-28", None),
        ] {
            assert_eq!(day(start, end, date), expected, "{date}");
        }
        // The last day or the first of the next period, to the second or not.
        for end in ["2019-09-30T00:00:00Z", "2019-10-01T00:00:00Z", "2019-09-30T23:59:59Z"] {
            assert_eq!(day("2019-09-01T00:00:00Z", end, "2019-09-17"), Some((17, 30)), "{end}");
        }
        assert_eq!(day("2020-01-01T00:00:00Z", "2019-12-31T00:00:00Z", "2020-01-01"), None);
        assert_eq!(day("2019-09-01T00:00:00Z", "2019-09-01T00:00:00Z", "2019-09-01"), Some((1, 1)));
    }

    #[test]
    fn without_dates_only_azure_plans_have_a_known_period() {
        let date = "2020-02-03".parse().unwrap();
        let code = || Some(Currency::Code("GBP".to_owned()));
        let locale = || Some(Currency::Locale("en-GB".to_owned()));
        for (currency, is_azure_plan, expected) in [
            (code(), None, Some((3, 29))),
            (locale(), None, None),
            (None, None, None),
            (locale(), Some(true), Some((3, 29))),
            (None, Some(true), Some((3, 29))),
            (code(), Some(false), None),
        ] {
            let mut record = CustomerUsageRecord::default();
            (record.currency, record.is_azure_plan) = (currency.clone(), is_azure_plan);
            assert_eq!(CustomerUsage::from(&record).period_day(date), expected, "{currency:?} {is_azure_plan:?}");
        }
        let billing_end = DateTime::parse_from_rfc3339("2020-03-01T00:00:00Z").ok();
        for (currency, expected) in [(code(), Some((3, 29))), (locale(), None), (None, None)] {
            let mut summary = CustomerUsageSummary::default();
            (summary.billing_end, summary.currency) = (billing_end, currency);
            assert_eq!(CustomerUsage::from(&summary).period_day(date), expected);
        }
    }

    #[test]
    fn needs_a_summary_if_a_record_lacks_cost_budget_or_period() {
        let needs = |budget: &str, cost: &str, currency: Option<Currency>, is_azure_plan| {
            let mut record = CustomerUsageRecord::default();
            (record.budget, record.total_cost) = (budget.parse().ok(), cost.parse().ok());
            (record.currency, record.is_azure_plan) = (currency, is_azure_plan);
            needs_summary(&record)
        };
        let code = || Some(Currency::Code("GBP".to_owned()));
        let locale = || Some(Currency::Locale("en-GB".to_owned()));
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
            // Over budget needs no trend, and no cost gives no signal at all.
            assert!(!needs("100", "100", currency.clone(), is_azure_plan));
            assert!(!needs("100", "100.01", currency.clone(), is_azure_plan));
            assert!(!needs("", "0", currency.clone(), is_azure_plan));
            assert!(!needs("", "-1", currency, is_azure_plan));
        }
    }
}
