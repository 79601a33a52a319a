//! Reading the file of a day.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use flate2::bufread::MultiGzDecoder;
use partner_center_budgets::CustomerUsageRecord;

use super::limits::{LIMITS, Limits};
use super::line::Line;
use super::{HistoryError, HistoryErrorKind};

/// The usage records in the file of a day, in their order.
///
/// Use the records only after the last one was read without an error: the checksum of the file is at its end. After an
/// error, there are no more records.
#[derive(Debug)]
pub struct DayReader {
    path: PathBuf,
    limits: Limits,
    text: BufReader<MultiGzDecoder<BufReader<File>>>,
    line: Vec<u8>,
    /// Number of the line in `line`.
    number: u64,
    /// Bytes of text so far.
    size: u64,
    date: Option<NaiveDate>,
    partner: Option<String>,
    /// Whether `line` has the first record, which was read to learn date and partner.
    is_first: bool,
    has_ended: bool,
}

/// Decompressing larger pieces is faster.
const BUFFER: usize = 64 * 1024;
/// The first bytes of a gzip file.
const GZIP: [u8; 2] = [0x1F, 0x8B];

impl DayReader {
    /// Opens a file and reads its first line.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::{DayReader, DayWriter, HistoryFolder};
    /// # let directory = tempfile::tempdir()?;
    /// # let folder = HistoryFolder::new(directory.path());
    /// # let date = "2026-11-27".parse()?;
    /// # let mut day = DayWriter::new(&folder, date, "contoso");
    /// # day.add(&partner_center_budgets::CustomerUsageRecord::default())?;
    /// # day.save()?;
    /// # let path = &folder.file_of(date);
    /// let mut records = Vec::new();
    /// for record in DayReader::open(path)? {
    ///     records.push(record?);
    /// }
    /// assert_eq!(records.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or its beginning is damaged.
    pub fn open(path: &Path) -> Result<Self, HistoryError> {
        Self::open_with(path, LIMITS)
    }

    fn open_with(path: &Path, limits: Limits) -> Result<Self, HistoryError> {
        let failed = |error| HistoryError::new(path, HistoryErrorKind::Read(error));
        // Opening a pipe could block.
        if !path.metadata().map_err(failed)?.is_file() {
            return Err(HistoryError::new(path, HistoryErrorKind::NotAFile));
        }
        let mut file = BufReader::with_capacity(BUFFER, File::open(path).map_err(failed)?);
        let start = file.fill_buf().map_err(failed)?;
        match start {
            [] => return Err(HistoryError::damaged(path, 1, "the file is empty")),
            start if !start.starts_with(&GZIP) => {
                return Err(HistoryError::damaged(path, 1, "it is not compressed with gzip"));
            }
            _ => {}
        }
        let mut reader = Self {
            path: path.to_owned(),
            limits,
            text: BufReader::with_capacity(BUFFER, MultiGzDecoder::new(file)),
            line: Vec::new(),
            number: 0,
            size: 0,
            date: None,
            partner: None,
            is_first: true,
            has_ended: false,
        };
        if reader.read_line()? {
            let line = reader.parse()?;
            let (date, partner) = (line.date, line.partner.into_owned());
            (reader.date, reader.partner) = (Some(date), Some(partner));
        } else {
            reader.has_ended = true;
        }
        Ok(reader)
    }

    /// The path of the file.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::{DayWriter, HistoryFolder};
    /// # let directory = tempfile::tempdir()?;
    /// # let folder = HistoryFolder::new(directory.path());
    /// # let date = "2026-11-27".parse()?;
    /// # let mut day = DayWriter::new(&folder, date, "contoso");
    /// # day.add(&partner_center_budgets::CustomerUsageRecord::default())?;
    /// # day.save()?;
    /// let day = folder.open(date)?;
    /// assert_eq!(day.path(), folder.file_of(date));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The day that was recorded; `None` if it has no records.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::{DayReader, DayWriter, HistoryFolder};
    /// # let directory = tempfile::tempdir()?;
    /// # let folder = HistoryFolder::new(directory.path());
    /// # let date = "2026-11-27".parse()?;
    /// # let mut day = DayWriter::new(&folder, date, "contoso");
    /// # day.add(&partner_center_budgets::CustomerUsageRecord::default())?;
    /// # day.save()?;
    /// # let copy = directory.path().join("copy.ndjson.gz");
    /// # std::fs::copy(folder.file_of(date), &copy)?;
    /// // The name of a copy need not have the date.
    /// assert_eq!(DayReader::open(&copy)?.date(), Some("2026-11-27".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn date(&self) -> Option<NaiveDate> {
        self.date
    }

    /// The partner whose customers these are; `None` if there are no records.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::{DayWriter, HistoryFolder};
    /// # let directory = tempfile::tempdir()?;
    /// # let folder = HistoryFolder::new(directory.path());
    /// # let date = "2026-11-27".parse()?;
    /// # let mut day = DayWriter::new(&folder, date, "contoso");
    /// # day.add(&partner_center_budgets::CustomerUsageRecord::default())?;
    /// # day.save()?;
    /// assert_eq!(folder.open(date)?.partner(), Some("contoso"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn partner(&self) -> Option<&str> {
        self.partner.as_deref()
    }

    fn try_next(&mut self) -> Result<Option<CustomerUsageRecord>, HistoryError> {
        if !std::mem::take(&mut self.is_first) && !self.read_line()? {
            return Ok(None);
        }
        let line = self.parse()?;
        if self.date != Some(line.date) {
            return Err(self.damaged(format_args!("its date is {}, unlike that of the first line", line.date)));
        }
        if self.partner.as_deref() != Some(&*line.partner) {
            return Err(self.damaged(format_args!("it is of another partner: {}", line.partner)));
        }
        Ok(Some(line.into_record()))
    }

    /// Reads the next line. False at the end of the file, whose checksum is right then.
    fn read_line(&mut self) -> Result<bool, HistoryError> {
        self.line.clear();
        self.number += 1;
        let Limits { line: max_line, text: max_text, records: max_records } = self.limits;
        // The end of the line, and a byte beyond the limit.
        let read = (&mut self.text).take(max_line as u64 + 2).read_until(b'\n', &mut self.line);
        let read = read.map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => self.damaged("the compressed data end early"),
            // The errors of the decoder.
            ErrorKind::InvalidInput | ErrorKind::InvalidData => self.damaged(error),
            _ => HistoryError::new(&self.path, HistoryErrorKind::Read(error)),
        })?;
        if read == 0 {
            return Ok(false);
        }
        self.size += read as u64;
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
        }
        let is_larger = |what: &str, limit: u64| self.damaged(format_args!("{what} exceeds {limit}"));
        match self.line.len() > max_line {
            true => Err(is_larger("its length in bytes", max_line as u64)),
            false if self.size > max_text => Err(is_larger("the decompressed size in bytes", max_text)),
            false if self.number > max_records => Err(is_larger("the number of records", max_records)),
            false => Ok(true),
        }
    }

    fn parse(&self) -> Result<Line<'_>, HistoryError> {
        serde_json::from_slice(&self.line).map_err(|error| {
            // The error counts lines from the beginning of this one.
            let text = error.to_string();
            let position = format!(" at line 1 column {}", error.column());
            match text.strip_suffix(&position) {
                Some(what) => self.damaged(format_args!("{what} at column {}", error.column())),
                None => self.damaged(text),
            }
        })
    }

    fn damaged(&self, why: impl std::fmt::Display) -> HistoryError {
        HistoryError::damaged(&self.path, self.number, why)
    }
}

impl Iterator for DayReader {
    type Item = Result<CustomerUsageRecord, HistoryError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        let next = self.try_next().transpose();
        self.has_ended = !matches!(next, Some(Ok(_)));
        next
    }
}

#[cfg(test)]
mod tests;
