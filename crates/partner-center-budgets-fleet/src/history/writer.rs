//! Writing the file of a day.

use std::io::Write;
use std::path::PathBuf;

use chrono::NaiveDate;
use durable_files::{self as files, Mode};
use flate2::Compression;
use flate2::write::GzEncoder;
use partner_center_budgets::CustomerUsageRecord;
use uuid::fmt::Hyphenated;

use super::limits::LIMITS;
use super::line::Line;
use super::{HistoryError, HistoryErrorKind, HistoryFolder};

/// Collects the usage records of a day and writes its file.
///
/// Until it is saved, a day takes its compressed size in memory: 6 MB for 100,000 customers.
#[derive(Debug)]
pub struct DayWriter {
    date: NaiveDate,
    partner: String,
    path: PathBuf,
    text: Vec<u8>,
    encoder: GzEncoder<Vec<u8>>,
    count: usize,
}

impl DayWriter {
    /// A writer of the file of `date` in a folder. `partner` identifies the partner whose customers these are, and is part
    /// of each line.
    ///
    /// ```
    /// # use chrono::Utc;
    /// # use partner_center_budgets_fleet::history::{DayWriter, HistoryFolder};
    /// let day = DayWriter::new(&HistoryFolder::new("history"), Utc::now().date_naive(), "contoso");
    /// assert_eq!(day.count(), 0);
    /// ```
    pub fn new(folder: &HistoryFolder, date: NaiveDate, partner: impl Into<String>) -> Self {
        let encoder = GzEncoder::new(Vec::new(), Compression::default());
        Self { date, partner: partner.into(), path: folder.file_of(date), text: Vec::new(), encoder, count: 0 }
    }

    /// Adds a record.
    ///
    /// ```no_run
    /// # use partner_center_budgets::Client;
    /// # use partner_center_budgets_fleet::history::DayWriter;
    /// # async fn example(client: Client, mut day: DayWriter) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut records = client.list_customer_usage_records();
    /// while let Some(record) = records.try_next().await? {
    ///     day.add(&record)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`HistoryErrorKind::TooLong`] if its line would have more than 1 MiB.
    pub fn add(&mut self, record: &CustomerUsageRecord) -> Result<(), HistoryError> {
        self.text.clear();
        let mut id = [0; Hyphenated::LENGTH];
        let line = Line::new(self.date, &self.partner, record, &mut id);
        serde_json::to_writer(&mut self.text, &line)
            .map_err(|error| HistoryError::new(&self.path, HistoryErrorKind::Write(error.into())))?;
        if self.text.len() > LIMITS.line {
            return Err(HistoryError::new(&self.path, HistoryErrorKind::TooLong));
        }
        self.text.push(b'\n');
        self.count += 1;
        self.encoder
            .write_all(&self.text)
            .map_err(|error| HistoryError::new(&self.path, HistoryErrorKind::Write(error)))
    }

    /// The number of records so far.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerUsageRecord;
    /// # use partner_center_budgets_fleet::history::{DayWriter, HistoryFolder};
    /// # let record = CustomerUsageRecord::default();
    /// # let mut day = DayWriter::new(&HistoryFolder::new("history"), "2026-11-27".parse()?, "contoso");
    /// day.add(&record)?;
    /// assert_eq!(day.count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn count(&self) -> usize {
        self.count
    }

    /// Writes the file, and returns its path. An existing file of the day is replaced atomically. Only the owner has access
    /// to the file, and to the folder if it is created.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::{DayWriter, HistoryFolder};
    /// # let directory = tempfile::tempdir()?;
    /// # let folder = HistoryFolder::new(directory.path());
    /// # let date = "2026-11-27".parse()?;
    /// # let day = DayWriter::new(&folder, date, "contoso");
    /// assert_eq!(day.save()?, folder.file_of(date));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`HistoryErrorKind::Write`]. An existing file is unchanged.
    pub fn save(self) -> Result<PathBuf, HistoryError> {
        let Self { path, encoder, .. } = self;
        let write = || {
            let bytes = encoder.finish()?;
            files::make_folder(files::folder_of(&path))?;
            files::replace(&path, &bytes, Mode::OwnerOnly)
        };
        write().map_err(|error| HistoryError::new(&path, HistoryErrorKind::Write(error)))?;
        Ok(path)
    }
}
