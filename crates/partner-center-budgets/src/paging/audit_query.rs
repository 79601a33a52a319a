//! Which audit records to list.

use std::num::NonZeroU32;
use std::time::SystemTime;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::query;
use crate::{CustomerId, Error};

/// The age of the first record, in days, if the query has no start.
const DEFAULT_DAYS: u32 = 30;

/// Which audit records to list. Days begin and end at midnight UTC.
///
/// ```
/// use chrono::NaiveDate;
/// use partner_center_budgets::{AuditQuery, CustomerId};
///
/// let customer: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
/// let query = AuditQuery::new().since(NaiveDate::from_ymd_opt(2026, 9, 2).unwrap()).customer(customer);
/// # Ok::<(), partner_center_budgets::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditQuery {
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
    page_size: Option<NonZeroU32>,
    /// In JSON.
    filter: Option<String>,
}

impl AuditQuery {
    /// The age of the oldest available record, in days.
    pub const MAX_DAYS: u32 = 90;

    /// All records of the last 30 days.
    ///
    /// ```
    /// # use partner_center_budgets::AuditQuery;
    /// let query = AuditQuery::new();
    /// assert!(query.check_range().is_ok());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Only records of this day and later. The earliest day is [`MAX_DAYS`](Self::MAX_DAYS) before today.
    ///
    /// ```
    /// # use partner_center_budgets::AuditQuery;
    /// let since_november = AuditQuery::new().since("2026-11-01".parse()?);
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn since(self, day: NaiveDate) -> Self {
        Self { since: Some(day), ..self }
    }

    /// Only records of this day and earlier.
    ///
    /// ```
    /// # use partner_center_budgets::AuditQuery;
    /// let day = "2026-11-26".parse()?;
    /// let one_day = AuditQuery::new().since(day).until(day);
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn until(self, day: NaiveDate) -> Self {
        Self { until: Some(day), ..self }
    }

    /// Only records of one customer. The service supports one filter at a time, so this replaces any other.
    ///
    /// ```
    /// # use partner_center_budgets::{AuditQuery, CustomerId};
    /// let customer: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// let query = AuditQuery::new().resource_type("subscription").customer(customer);
    /// assert_eq!(query, AuditQuery::new().customer(customer));
    /// # Ok::<(), partner_center_budgets::ParseError>(())
    /// ```
    #[must_use]
    pub fn customer(self, customer: CustomerId) -> Self {
        self.filtered("CustomerId", customer.to_string(), "equals")
    }

    /// Only records of customers whose name contains `text`. The service supports one filter at a time, so this replaces any
    /// other.
    ///
    /// ```
    /// # use partner_center_budgets::AuditQuery;
    /// let query = AuditQuery::new().company_name_contains("Harbor");
    /// ```
    #[must_use]
    pub fn company_name_contains(self, text: impl Into<String>) -> Self {
        self.filtered("CompanyName", text, "substring")
    }

    /// Only records of one type of resource, such as `customer`. The service supports one filter at a time, so this replaces
    /// any other.
    ///
    /// ```
    /// # use partner_center_budgets::AuditQuery;
    /// let query = AuditQuery::new().resource_type("subscription");
    /// ```
    #[must_use]
    pub fn resource_type(self, name: impl Into<String>) -> Self {
        self.filtered("ResourceType", name, "equals")
    }

    /// The number of records per page, from 1 to 500. By default the service decides.
    ///
    /// ```
    /// # use partner_center_budgets::AuditQuery;
    /// let query = AuditQuery::new().page_size(500)?;
    /// assert!(query.page_size(501).is_err());
    /// # Ok::<(), partner_center_budgets::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Input`] for any other number.
    pub fn page_size(self, records: u32) -> Result<Self, Error> {
        Ok(Self { page_size: Some(query::page_size(records)?), ..self })
    }

    fn filtered(self, field: &str, value: impl Into<String>, operator: &str) -> Self {
        Self { filter: Some(query::filter(field, value, operator)), ..self }
    }

    /// Checks that the service can have the records, today. [`Client::list_audit_records`](crate::Client::list_audit_records)
    /// does so too; this is for programs that check their input before they sign in.
    ///
    /// ```
    /// # use partner_center_budgets::AuditQuery;
    /// let query = AuditQuery::new().since("2026-01-31".parse()?).until("2026-01-01".parse()?);
    /// assert!(query.check_range().is_err());
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Input`] if the range begins more than [`MAX_DAYS`](Self::MAX_DAYS) days ago or in the future, or ends before
    /// it begins.
    pub fn check_range(&self) -> Result<(), Error> {
        self.check_on(DateTime::<Utc>::from(SystemTime::now()).date_naive())
    }

    fn check_on(&self, today: NaiveDate) -> Result<(), Error> {
        let earliest = before(today, Self::MAX_DAYS);
        let since = self.since.unwrap_or_else(|| before(today, DEFAULT_DAYS));
        if since < earliest {
            return Err(Error::input(
                format!("the audit records since {since} are not available: the first day is {earliest}"),
                "start at most 90 days before today (UTC): the service deletes older records",
            ));
        }
        // The clock of the service may be ahead.
        if since > today + Days::new(1) {
            return Err(Error::input(
                format!("the range of audit records begins on {since}, in the future"),
                "start today (UTC) or earlier",
            ));
        }
        match self.until {
            Some(until) if until < since => Err(Error::input(
                format!("the range of audit records ends on {until}, before its start on {since}"),
                "end on the day of the start or later; without a start, the range begins 30 days ago",
            )),
            _ => Ok(()),
        }
    }

    pub(crate) fn start_date(&self) -> Option<String> {
        self.since.map(|day| day.to_string())
    }

    pub(crate) fn end_date(&self) -> Option<String> {
        self.until.map(|day| day.to_string())
    }

    pub(crate) fn size(&self) -> Option<NonZeroU32> {
        self.page_size
    }

    pub(crate) fn filter(&self) -> Option<&str> {
        self.filter.as_deref()
    }
}

fn before(today: NaiveDate, days: u32) -> NaiveDate {
    today.checked_sub_days(Days::new(days.into())).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn refuses_a_start_more_than_90_days_ago_or_in_the_future() {
        let today = day("2026-11-26");
        for (start, is_valid) in [
            ("2026-08-28", true),
            ("2026-11-26", true),
            ("2026-11-27", true),
            ("2026-11-28", false),
            ("2026-08-27", false),
        ] {
            let checked = AuditQuery::new().since(day(start)).check_on(today);
            assert_eq!(checked.is_ok(), is_valid, "{start}: {checked:?}");
        }
        let error = AuditQuery::new().since(day("2026-08-27")).check_on(today).unwrap_err();
        assert!(
            error.to_string().contains("since 2026-08-27 are not available: the first day is 2026-08-28"),
            "{error}"
        );
    }

    #[test]
    fn refuses_an_end_before_the_start() {
        let today = day("2026-11-26");
        let query = AuditQuery::new().since(day("2026-11-20"));
        assert!(query.clone().until(day("2026-11-20")).check_on(today).is_ok());
        assert!(query.until(day("2026-11-19")).check_on(today).is_err());
        // Without a start, the service begins 30 days ago.
        assert!(AuditQuery::new().until(day("2026-10-27")).check_on(today).is_ok());
        assert!(AuditQuery::new().until(day("2026-10-26")).check_on(today).is_err());
    }
}
