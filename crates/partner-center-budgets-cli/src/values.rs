//! Values of options and results that several commands share.

use chrono::{Days, NaiveDate, Utc};
use partner_center_budgets::{Currency, Decimal, ParseError};

/// Parses a percentage of at least 0, such as `80` and `80%`.
pub(crate) fn percent(text: &str) -> Result<Decimal, String> {
    let number = text.strip_suffix('%').map_or(text, str::trim_end);
    let percent: Decimal = number.parse().map_err(|error: ParseError| error.to_string())?;
    match percent < Decimal::default() {
        true => Err("a percentage cannot be negative; write 0 or more, such as 80".to_owned()),
        false => Ok(percent),
    }
}

/// Parses a number of customers, items or changes.
pub(crate) fn whole_number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "write a whole number, such as 20".to_owned())
}

/// The id of a customer or a subscription, or the text that the service sent instead of one.
pub(crate) fn id_or_text(id: Option<impl ToString>, text: Option<String>) -> Option<String> {
    id.map(|id| id.to_string()).or(text)
}

/// The code of a currency, or the locale that the service sends instead of one for legacy offers.
pub(crate) fn code_and_locale(currency: Option<Currency>) -> (Option<String>, Option<String>) {
    match currency {
        Some(Currency::Locale(locale)) => (None, Some(locale)),
        Some(Currency::Code(code)) => (Some(code), None),
        other => (other.map(|currency| currency.to_string()), None),
    }
}

/// Parses a number of days or weeks, such as `7d` or `2w`. Returns days.
pub(crate) fn days(text: &str) -> Option<u32> {
    let (digits, unit) =
        [("d", 1), ("w", 7)].into_iter().find_map(|(unit, days)| Some((text.strip_suffix(unit)?, days)))?;
    // Without signs, which `parse` would accept.
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse::<u32>().ok().filter(|_| is_number)?.checked_mul(unit)
}

/// Parses a day such as `2026-09-02`, or a time before today such as `7d`. Days are in UTC.
pub(crate) fn day(text: &str) -> Result<NaiveDate, String> {
    let ago = days(text).map(|days| days_before(Utc::now().date_naive(), days));
    let day = ago.or_else(|| text.parse().ok());
    day.ok_or_else(|| "write a day such as 2026-09-02, or a time before today such as 7d or 2w".to_owned())
}

/// The day `days` days earlier, or the earliest day there is.
pub(crate) fn days_before(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(days.into())).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_as_dates_and_as_numbers_before_today() {
        assert_eq!(day("2026-09-02"), Ok(NaiveDate::from_ymd_opt(2026, 9, 2).unwrap()));
        assert!((Utc::now().date_naive() - day("7d").unwrap()).num_days().abs_diff(7) <= 1);
        assert_eq!(day("4294967295d"), Ok(NaiveDate::MIN));
        for text in ["", "d", "7", "-7d", "1.5d", "2026-9-31", "02.09.2026", "yesterday"] {
            assert!(day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn time_is_in_days_or_weeks() {
        assert_eq!(["7d", "2w", "0d", "4294967295d"].map(days), [Some(7), Some(14), Some(0), Some(u32::MAX)]);
        for text in ["", "d", "7", "-1d", "+1d", "1.5d", "7 d", "1m", "4294967296d", "4294967295w"] {
            assert_eq!(days(text), None, "{text}");
        }
    }
}
