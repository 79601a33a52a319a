//! The values of the arguments of `compare`.

use std::ffi::OsString;
use std::path::PathBuf;

use chrono::NaiveDate;
use partner_center_budgets::{Decimal, ParseError};

use crate::values::days;

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

/// Parses how long ago a day is.
pub(super) fn since(text: &str) -> Result<u32, String> {
    let time = days(text).filter(|days| *days > 0);
    time.ok_or_else(|| "write a number of days or weeks, such as 7d or 2w".to_owned())
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
}
