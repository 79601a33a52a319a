//! What is looked at: records and summaries.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate};

use crate::{Currency, CustomerId, CustomerUsageRecord, CustomerUsageSummary, Decimal};

/// What one customer has consumed, as [`signals()`](super::signals()) looks at it: made from a record or a summary.
#[derive(Debug, Clone, Copy)]
pub struct Usage<'a> {
    pub(super) customer: Option<CustomerId>,
    pub(super) name: Option<&'a str>,
    pub(super) budget: Option<Decimal>,
    pub(super) cost: Option<Decimal>,
    pub(super) currency: Option<&'a Currency>,
    /// First and last day of the billing period.
    period: Option<(NaiveDate, NaiveDate)>,
}

impl<'a> From<&'a CustomerUsageRecord> for Usage<'a> {
    fn from(record: &'a CustomerUsageRecord) -> Self {
        Self {
            customer: record.customer_id,
            name: record.customer_name.as_deref(),
            budget: record.budget,
            cost: record.total_cost,
            currency: record.currency.as_ref(),
            period: None,
        }
    }
}

impl<'a> From<&'a CustomerUsageSummary> for Usage<'a> {
    fn from(summary: &'a CustomerUsageSummary) -> Self {
        Self {
            customer: summary.customer_id,
            name: summary.customer_name.as_deref(),
            budget: summary.budget,
            cost: summary.total_cost,
            currency: summary.currency.as_ref(),
            period: summary.billing_start.zip(summary.billing_end).map(|(start, end)| period(start, end)),
        }
    }
}

impl Usage<'_> {
    /// Which day of the billing period `date` is, from 1, and how many it has; `None` for a day of another period.
    pub(super) fn day(&self, date: NaiveDate) -> Option<(i64, i64)> {
        let Some((first, last)) = self.period else {
            return Some((date.day().into(), date.num_days_in_month().into()));
        };
        (first..=last).contains(&date).then(|| ((date - first).num_days() + 1, (last - first).num_days() + 1))
    }
}

/// First and last day. The dates count where the service is that sent them, whatever the day is elsewhere.
///
/// Published samples end with the last day of a period (from 28 August until 27 September) or with the first of the next
/// one (from 1 September until 1 October), which is known by having the same number as the first day.
fn period(start: DateTime<FixedOffset>, end: DateTime<FixedOffset>) -> (NaiveDate, NaiveDate) {
    let (first, end) = (start.date_naive(), end.date_naive());
    let is_next = end > first && end.day() == first.day();
    (first, if is_next { end.checked_sub_days(Days::new(1)).unwrap_or(end) } else { end })
}

/// Whether a record says too little for [`signals()`](super::signals()), so that the customer's
/// [summary](crate::Client::get_customer_usage_summary) is worth a call:
///
/// - it has no cost;
/// - it has a cost and no budget: that there is none and that it was left out look the same;
/// - its cost is within the budget, and its billing period need not be a month of the calendar, as those of legacy offers
///   are not.
pub fn needs_summary(record: &CustomerUsageRecord) -> bool {
    let Some(cost) = record.total_cost else { return true };
    let has_code = || matches!(record.currency, Some(Currency::Code(_)));
    let is_azure_plan = record.is_azure_plan.unwrap_or_else(has_code);
    cost > Decimal::default() && record.budget.is_none_or(|budget| cost <= budget && !is_azure_plan)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(start: &str, end: &str, date: &str) -> Option<(i64, i64)> {
        let moment = |text: &str| DateTime::parse_from_rfc3339(text).ok();
        let summary = CustomerUsageSummary {
            billing_start: moment(start),
            billing_end: moment(end),
            ..CustomerUsageSummary::default()
        };
        Usage::from(&summary).day(date.parse().unwrap())
    }

    #[test]
    fn days_are_those_of_the_period() {
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
    fn without_dates_the_month_is_the_period() {
        assert_eq!(day("", "2019-10-01T00:00:00Z", "2020-02-03"), Some((3, 29)));
        assert_eq!(Usage::from(&CustomerUsageRecord::default()).day("2019-09-30".parse().unwrap()), Some((30, 30)));
    }

    #[test]
    fn a_record_that_says_too_little_is_known() {
        let needs = |budget: &str, cost: &str, currency: Option<Currency>, is_azure_plan| {
            let (budget, total_cost) = (budget.parse().ok(), cost.parse().ok());
            let record = CustomerUsageRecord { budget, total_cost, currency, is_azure_plan, ..Default::default() };
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
            assert_eq!(needs("100", "100", currency.clone(), is_azure_plan), expected);
            // What is over needs no trend, and who has no cost gives no signal at all.
            assert!(!needs("100", "100.01", currency.clone(), is_azure_plan));
            assert!(!needs("", "0", currency.clone(), is_azure_plan));
            assert!(!needs("", "-1", currency, is_azure_plan));
        }
    }
}
