//! The folder of a history.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::{DayReader, HistoryError, HistoryErrorKind};

/// A folder with one file per recorded day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryFolder(PathBuf);

const PREFIX: &str = "usage-";
const SUFFIX: &str = ".ndjson.gz";

impl HistoryFolder {
    /// The folder at a path, which need not exist.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::HistoryFolder;
    /// let folder = HistoryFolder::new("missing");
    /// // A job that records days creates the folder.
    /// assert!(folder.days()?.is_empty());
    /// # Ok::<(), partner_center_budgets_fleet::history::HistoryError>(())
    /// ```
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The path of the folder.
    ///
    /// ```
    /// # use std::path::Path;
    /// # use partner_center_budgets_fleet::history::HistoryFolder;
    /// let folder = HistoryFolder::new("history");
    /// assert_eq!(folder.path(), Path::new("history"));
    /// ```
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The path of the file of a day, which need not exist.
    ///
    /// ```
    /// # use std::path::Path;
    /// # use partner_center_budgets_fleet::history::HistoryFolder;
    /// let file = HistoryFolder::new("history").file_of("2026-11-27".parse()?);
    /// assert_eq!(file, Path::new("history/usage-2026-11-27.ndjson.gz"));
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    pub fn file_of(&self, date: NaiveDate) -> PathBuf {
        self.0.join(format!("{PREFIX}{date}{SUFFIX}"))
    }

    /// The days that have a file. None if the folder is missing.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::{DayWriter, HistoryFolder};
    /// # let directory = tempfile::tempdir()?;
    /// # let folder = HistoryFolder::new(directory.path());
    /// # let date = "2026-11-27".parse()?;
    /// # let mut day = DayWriter::new(&folder, date, "contoso");
    /// # day.add(&partner_center_budgets::CustomerUsageRecord::default())?;
    /// # day.save()?;
    /// let newest = folder.days()?.last().copied();
    /// assert_eq!(newest, Some(date));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`HistoryErrorKind::Read`].
    pub fn days(&self) -> Result<BTreeSet<NaiveDate>, HistoryError> {
        let failed = |error| HistoryError::new(&self.0, HistoryErrorKind::Read(error));
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
            entries => entries.map_err(failed)?,
        };
        let mut days = BTreeSet::new();
        for entry in entries {
            days.extend(entry.map_err(failed)?.file_name().to_str().and_then(date_of));
        }
        Ok(days)
    }

    /// Opens the file of a day, and checks that its records are of that day.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::{DayWriter, HistoryFolder};
    /// # let directory = tempfile::tempdir()?;
    /// # let folder = HistoryFolder::new(directory.path());
    /// # let date = "2026-11-27".parse()?;
    /// # let mut day = DayWriter::new(&folder, date, "contoso");
    /// # day.add(&partner_center_budgets::CustomerUsageRecord::default())?;
    /// # day.save()?;
    /// for record in folder.open(date)? {
    ///     println!("{:?}", record?.total_cost);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`DayReader::open`].
    pub fn open(&self, date: NaiveDate) -> Result<DayReader, HistoryError> {
        let day = DayReader::open(&self.file_of(date))?;
        match day.date() {
            Some(other) if other != date => Err(HistoryError::damaged(day.path(), 1, format!("it is of {other}"))),
            _ => Ok(day),
        }
    }

    /// The partner whose history this is: that of the newest day that can be read. `None` if there is none.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::{DayWriter, HistoryFolder};
    /// # let directory = tempfile::tempdir()?;
    /// # let folder = HistoryFolder::new(directory.path());
    /// # let date = "2026-11-27".parse()?;
    /// # let mut day = DayWriter::new(&folder, date, "contoso");
    /// # day.add(&partner_center_budgets::CustomerUsageRecord::default())?;
    /// # day.save()?;
    /// assert_eq!(folder.partner()?.as_deref(), Some("contoso"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`HistoryErrorKind::Read`].
    pub fn partner(&self) -> Result<Option<String>, HistoryError> {
        Ok(self.days()?.into_iter().rev().find_map(|date| self.open(date).ok()?.partner().map(str::to_owned)))
    }

    /// Reads the file of a day to its end, to find any damage.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::{DayWriter, HistoryFolder};
    /// # let directory = tempfile::tempdir()?;
    /// # let folder = HistoryFolder::new(directory.path());
    /// # let date = "2026-11-27".parse()?;
    /// # let mut day = DayWriter::new(&folder, date, "contoso");
    /// # day.add(&partner_center_budgets::CustomerUsageRecord::default())?;
    /// # day.save()?;
    /// folder.check(date)?;
    /// let file = std::fs::read(folder.file_of(date))?;
    /// std::fs::write(folder.file_of(date), &file[..file.len() - 1])?;
    /// assert!(folder.check(date).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As those of [`open`](Self::open), for all records.
    pub fn check(&self, date: NaiveDate) -> Result<(), HistoryError> {
        self.open(date)?.try_for_each(|record| record.map(drop))
    }
}

/// The date in the name of a file.
fn date_of(name: &str) -> Option<NaiveDate> {
    let text = name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    // The name that the date would get: chrono also parses dates with one digit or a sign.
    text.parse().ok().filter(|date: &NaiveDate| date.to_string() == text)
}
