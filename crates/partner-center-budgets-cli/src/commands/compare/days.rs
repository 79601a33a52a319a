//! The recorded days that are compared.

use std::path::Path;

use chrono::NaiveDate;
use partner_center_budgets_fleet::history::{DayReader, HistoryError, HistoryFolder};

use super::arguments::RecordedDay;
use crate::commands::history::{unusable, warn_left_out};
use crate::error::CliError;
use crate::output::notice::notice;

/// A recorded day whose records were not read yet.
pub(super) struct OpenDay {
    pub(super) date: NaiveDate,
    pub(super) reader: DayReader,
    /// The folder with the other days of the partner.
    pub(super) folder: Option<HistoryFolder>,
}

impl OpenDay {
    pub(super) fn open(day: &RecordedDay, folder: Option<&HistoryFolder>) -> anyhow::Result<Self> {
        match (day, folder) {
            (RecordedDay::File(path), _) => {
                let reader = DayReader::open(path).map_err(unusable)?;
                let date = reader.date().ok_or_else(|| {
                    let why = "only the records tell the day, and there are none";
                    CliError::usage(format_args!("cannot use {}", path.display()), why, "name the day as a date")
                })?;
                let folder = path.parent().map(HistoryFolder::new).filter(|folder| folder.file_of(date) == *path);
                Ok(Self { date, reader, folder })
            }
            (RecordedDay::Date(date), Some(folder)) => {
                ensure_recorded(folder, *date)?;
                Ok(Self::of_folder(folder, *date).map_err(unusable)?)
            }
            (RecordedDay::Date(date), None) => {
                let next = "name its folder with --dir FOLDER";
                Err(CliError::usage(format_args!("cannot find {date}"), "no folder has a history yet", next).into())
            }
        }
    }

    fn of_folder(folder: &HistoryFolder, date: NaiveDate) -> Result<Self, HistoryError> {
        Ok(Self { date, reader: folder.open(date)?, folder: Some(folder.clone()) })
    }

    /// The recorded day before `today` that is nearest to the desired one, preferably not later. Reports the days that
    /// cannot be used.
    pub(super) fn nearest(folder: &HistoryFolder, desired: NaiveDate, today: NaiveDate) -> Result<Self, CliError> {
        let days = folder.days().map_err(unusable)?;
        let later = days.range(desired..today).filter(|date| **date != desired);
        for date in days.range(..=desired).rev().chain(later) {
            match folder.check(*date) {
                Ok(()) => {
                    if *date != desired {
                        notice(format_args!("no usable record of {desired}; comparing with {date}"));
                    }
                    return Self::of_folder(folder, *date).map_err(unusable);
                }
                Err(error) => warn_left_out(&error),
            }
        }
        let why = format_args!("{} has no usable day before today", folder.path().display());
        Err(CliError::usage("no day to compare with", why, "run `pc-budgets record` every day, or name a file"))
    }
}

/// Refuses a file that is not a recorded day. Files are checked before the connection is opened.
pub(super) fn ensure_file(day: &RecordedDay) -> Result<(), CliError> {
    match day {
        RecordedDay::File(path) => {
            ensure_not_mistyped_date(path)?;
            DayReader::open(path).map(drop).map_err(unusable)
        }
        RecordedDay::Date(_) => Ok(()),
    }
}

/// Refuses digits and hyphens that are neither a date nor a file, such as 2026-13-40.
fn ensure_not_mistyped_date(path: &Path) -> Result<(), CliError> {
    let is_dated = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if !path.to_str().is_some_and(is_dated) || path.exists() {
        return Ok(());
    }
    let what = format_args!("cannot find {}", path.display());
    let next = "write a date such as 2026-11-20, or the path of a file";
    Err(CliError::usage(what, "it is neither a date nor a file", next))
}

/// Refuses a day without a file, and names its neighbours.
fn ensure_recorded(folder: &HistoryFolder, date: NaiveDate) -> Result<(), CliError> {
    let days = folder.days().map_err(unusable)?;
    if days.contains(&date) {
        return Ok(());
    }
    let near = [days.range(..date).next_back(), days.range(date..).next()];
    let near: Vec<_> = near.into_iter().flatten().map(NaiveDate::to_string).collect();
    let what = format_args!("{date} is not recorded");
    let next = match near.is_empty() {
        true => "record a day with `pc-budgets record`, or name another folder with --dir".to_owned(),
        false => format!("name a recorded day; the nearest: {}", near.join(", ")),
    };
    let why = format_args!("{} has no file of that day", folder.path().display());
    Err(CliError::usage(what, why, next))
}

pub(super) fn ensure_order(old: &OpenDay, new_date: NaiveDate) -> Result<(), CliError> {
    if old.date <= new_date {
        return Ok(());
    }
    let why = format_args!("OLD is of {}, and NEW is of {new_date}", old.date);
    Err(CliError::usage("OLD is later than NEW", why, "name the earlier day first"))
}

/// Refuses days of two partners. `partner` is that of the second day; `None` if it has no records.
pub(super) fn ensure_one_partner(old: &OpenDay, partner: Option<&str>) -> Result<(), CliError> {
    let (Some(owner), Some(partner)) = (old.reader.partner(), partner) else { return Ok(()) };
    if owner == partner {
        return Ok(());
    }
    let what = format_args!("{} is of another partner", old.reader.path().display());
    let why = format_args!("it is of {owner}, and it would be compared with {partner}");
    let next = "choose the profile of that partner, or name the folder of this one with --dir; nothing was compared";
    Err(CliError::usage(what, why, next))
}
