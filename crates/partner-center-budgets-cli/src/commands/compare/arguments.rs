//! The values of the arguments of `compare`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use chrono::{Days, NaiveDate};
use partner_center_budgets::{Decimal, ParseError};

/// A recorded day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RecordedDay {
    /// In the folder of the history.
    Date(NaiveDate),
    File(PathBuf),
}

impl From<OsString> for RecordedDay {
    fn from(text: OsString) -> Self {
        let date = text.to_str().and_then(|text| {
            // chrono also parses dates with one digit or a sign.
            text.parse().ok().filter(|date: &NaiveDate| date.to_string() == text)
        });
        date.map_or_else(|| Self::File(text.into()), Self::Date)
    }
}

/// A number of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Since(u32);

impl Since {
    pub(super) fn before(self, date: NaiveDate) -> NaiveDate {
        date.checked_sub_days(Days::new(self.0.into())).unwrap_or(NaiveDate::MIN)
    }
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let units = [("d", 1), ("w", 7)];
        let found = units.into_iter().find_map(|(unit, days)| Some((text.strip_suffix(unit)?, days)));
        // Without signs, which `parse` would accept.
        let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        let found = found.filter(|(digits, _)| is_number(digits));
        let days = found.and_then(|(digits, days)| digits.parse::<u32>().ok()?.checked_mul(days));
        match days {
            Some(days) if (1..=36_500).contains(&days) => Ok(Self(days)),
            _ => Err("write a number of days or weeks, such as 7d or 2w".to_owned()),
        }
    }
}

pub(super) fn not_negative(text: &str) -> Result<Decimal, String> {
    let number: Decimal = text.parse().map_err(|error: ParseError| error.to_string())?;
    if number < Decimal::default() { Err("write 0 or more".to_owned()) } else { Ok(number) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_files_are_told_apart() {
        let day = |text: &str| RecordedDay::from(OsString::from(text));
        assert_eq!(day("2026-11-20"), RecordedDay::Date("2026-11-20".parse().unwrap()));
        for file in ["2026-11-31", "2026-1-1", "+2026-11-20", "./2026-11-20", "usage-2026-11-20.ndjson.gz", ""] {
            assert_eq!(day(file), RecordedDay::File(file.into()));
        }
    }

    #[test]
    fn time_is_in_days_or_weeks() {
        let before = |text: &str| Since::from_str(text).map(|since| since.before("2026-11-27".parse().unwrap()));
        assert_eq!(before("7d").unwrap().to_string(), "2026-11-20");
        assert_eq!(before("2w").unwrap().to_string(), "2026-11-13");
        for text in ["", "d", "7", "0d", "-1d", "+1d", "1.5d", "7 d", "1m", "99999999999d", "4294967295w", "36501d"] {
            assert!(before(text).is_err(), "{text}");
        }
    }
}
