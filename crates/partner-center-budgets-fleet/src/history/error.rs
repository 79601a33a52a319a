//! Why a recorded day cannot be used.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::limits::LIMITS;

/// A recorded day cannot be read or written. The text says what failed, why, and what to do next; the three parts are also
/// available as [`what`](Self::what), [`why`](Self::why) and [`advice`](Self::advice). `Debug` prints the same text.
pub struct HistoryError {
    path: PathBuf,
    kind: HistoryErrorKind,
}

/// The kind of an error of the history.
#[derive(Debug)]
#[non_exhaustive]
pub enum HistoryErrorKind {
    /// The file or folder cannot be opened or read.
    Read(io::Error),
    /// The file cannot be written. An existing one is unchanged.
    Write(io::Error),
    /// The path names something other than a regular file.
    NotAFile,
    /// The content is not that of a recorded day, or it was damaged later.
    Damaged {
        /// Number of the line where the damage was found, counted from 1. Damage of the compressed data can also affect
        /// the lines before it.
        line: u64,
        /// The problem of the line.
        why: String,
    },
    /// The day belongs to another partner, with this name.
    OtherPartner(String),
    /// The record of a customer has too much text.
    TooLong,
}

impl HistoryError {
    pub(super) fn new(path: &Path, kind: HistoryErrorKind) -> Self {
        Self { path: path.to_owned(), kind }
    }

    pub(super) fn damaged(path: &Path, line: u64, why: impl fmt::Display) -> Self {
        Self::new(path, HistoryErrorKind::Damaged { line, why: why.to_string() })
    }

    /// The path of the file or folder.
    ///
    /// ```
    /// # use std::path::Path;
    /// # use partner_center_budgets_fleet::history::HistoryFolder;
    /// # let folder = HistoryFolder::new("missing");
    /// let error = folder.check("2026-11-27".parse()?).unwrap_err();
    /// assert_eq!(error.path(), Path::new("missing/usage-2026-11-27.ndjson.gz"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The kind of the error.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::HistoryErrorKind;
    /// # use partner_center_budgets_fleet::history::HistoryFolder;
    /// # let folder = HistoryFolder::new("missing");
    /// let error = folder.check("2026-11-27".parse()?).unwrap_err();
    /// let HistoryErrorKind::Read(error) = error.kind() else { panic!("{error}") };
    /// assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn kind(&self) -> &HistoryErrorKind {
        &self.kind
    }

    /// What failed. Damage has the number of the line, as in `history/usage-2026-11-27.ndjson.gz:17 is damaged`.
    ///
    /// ```
    /// # use std::path::Path;
    /// # use partner_center_budgets_fleet::history::DayReader;
    /// # let path = Path::new("usage-2026-11-27.ndjson.gz");
    /// # let Err(error) = DayReader::open(path) else { panic!("there is such a file") };
    /// assert_eq!(error.what(), "cannot read usage-2026-11-27.ndjson.gz");
    /// ```
    pub fn what(&self) -> String {
        use HistoryErrorKind as Kind;
        let path = self.path.display();
        let what = match &self.kind {
            Kind::Read(_) => format!("cannot read {path}"),
            Kind::Write(_) | Kind::TooLong => format!("cannot write {path}"),
            Kind::NotAFile => format!("{path} is not a regular file"),
            Kind::OtherPartner(_) => format!("{path} belongs to another partner"),
            Kind::Damaged { line, .. } => format!("{path}:{line} is damaged"),
        };
        printable_text::one_line(&what).into_owned()
    }

    /// Why it failed.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::DayReader;
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("usage-2026-11-27.ndjson.gz");
    /// # std::fs::write(&path, "")?;
    /// # let Err(error) = DayReader::open(&path) else { panic!("it is not damaged") };
    /// assert_eq!(error.why().as_deref(), Some("the file is empty"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn why(&self) -> Option<String> {
        use HistoryErrorKind as Kind;
        match &self.kind {
            Kind::Read(error) | Kind::Write(error) => Some(error.to_string()),
            Kind::Damaged { why, .. } => Some(printable_text::one_line(why).into_owned()),
            Kind::OtherPartner(partner) => Some(format!("it is of {}", printable_text::one_line(partner))),
            Kind::TooLong => Some(format!("the record of a customer has more than {} bytes", LIMITS.line)),
            Kind::NotAFile => None,
        }
    }

    /// What to do next.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::DayReader;
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("usage-2026-11-27.ndjson.gz");
    /// # std::fs::write(&path, "")?;
    /// # let Err(error) = DayReader::open(&path) else { panic!("it is not damaged") };
    /// assert_eq!(error.advice(), "restore the file from a backup, or use another day");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn advice(&self) -> &'static str {
        use HistoryErrorKind as Kind;
        match &self.kind {
            Kind::Read(_) => "check the path, and that this user may read it",
            Kind::Write(_) => "make room on the disk or correct the permissions; an existing file is unchanged",
            Kind::NotAFile => "name a file that was recorded",
            Kind::Damaged { .. } => "restore the file from a backup, or use another day",
            Kind::OtherPartner(_) => "use the folder of this partner, or move the file to that of its partner",
            Kind::TooLong => "report this: the service should not send such a record",
        }
    }
}

impl fmt::Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what())?;
        if let Some(why) = self.why() {
            write!(f, ": {why}")?;
        }
        write!(f, "; {}", self.advice())
    }
}

impl fmt::Debug for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for HistoryError {}
