//! The billing period of a customer.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate};

#[derive(Debug, Clone, Copy)]
pub(super) enum BillingPeriod {
    /// From the first to the last day.
    Days(NaiveDate, NaiveDate),
    CalendarMonth,
    Unknown,
}

impl BillingPeriod {
    /// The first and the last day, in the offset that the service sent.
    ///
    /// In published samples the end is the last day of the period (28 August to 27 September) or the first day of the next
    /// one (1 September to 1 October). In the second case it has the same day of the month as the start.
    pub(super) fn between(start: DateTime<FixedOffset>, end: DateTime<FixedOffset>) -> Self {
        let (first, end) = (start.date_naive(), end.date_naive());
        let is_next = end > first && end.day() == first.day();
        Self::Days(first, if is_next { end.checked_sub_days(Days::new(1)).unwrap_or(end) } else { end })
    }

    /// The position of `date` in the period. `None` if it is in another period.
    pub(super) fn day(self, date: NaiveDate) -> Option<PeriodDay> {
        let (first, last) = match self {
            Self::Days(first, last) => (first, last),
            Self::CalendarMonth => {
                let first = date.with_day(1)?;
                (first, first.checked_add_days(Days::new(u64::from(date.num_days_in_month()) - 1))?)
            }
            Self::Unknown => return None,
        };
        (first..=last).contains(&date).then(|| PeriodDay {
            first,
            day: (date - first).num_days() + 1,
            days: (last - first).num_days() + 1,
        })
    }
}

/// A day of a billing period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PeriodDay {
    pub(super) first: NaiveDate,
    /// Counted from 1.
    pub(super) day: i64,
    /// The number of days of the period.
    pub(super) days: i64,
}

impl PeriodDay {
    /// The date of a day of the period, counted from 1.
    pub(super) fn date(self, day: i64) -> Option<NaiveDate> {
        self.first.checked_add_days(Days::new(u64::try_from(day - 1).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(start: &str, end: &str, date: &str) -> Option<(i64, i64)> {
        let moment = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
        let day = BillingPeriod::between(moment(start), moment(end)).day(date.parse().unwrap())?;
        assert_eq!(day.date(day.day), date.parse().ok());
        Some((day.day, day.days))
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
    fn a_calendar_month_has_its_own_number_of_days() {
        let day = |date: &str| BillingPeriod::CalendarMonth.day(date.parse().unwrap()).map(|day| (day.day, day.days));
        assert_eq!(day("2020-02-03"), Some((3, 29)));
        assert_eq!(day("2026-11-30"), Some((30, 30)));
        assert_eq!(BillingPeriod::Unknown.day(NaiveDate::default()), None);
    }
}
