//! Why a journal cannot be used.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use durable_files::LockError;

use super::version::VERSION;

/// A journal cannot be used. The text says what failed, why, and what to do next; the three parts are also available as
/// [`what`](Self::what), [`why`](Self::why) and [`advice`](Self::advice). `Debug` prints the same line with the
/// [`source`](Error::source) in it.
pub struct JournalError {
    path: PathBuf,
    kind: JournalErrorKind,
}

/// What is wrong with a journal.
#[derive(Debug)]
#[non_exhaustive]
pub enum JournalErrorKind {
    /// The file cannot be opened.
    Open(io::Error),
    /// The file system cannot lock the file.
    Lock(io::Error),
    /// The file cannot be read.
    Read(io::Error),
    /// The file cannot be written, or another file replaced it during the run.
    Write(Arc<io::Error>),
    /// The access of other users cannot be removed.
    Protect(io::Error),
    /// The path names a symbolic link.
    SymbolicLink,
    /// The path names something other than a regular file.
    NotAFile,
    /// Another process uses the journal.
    InUse,
    /// Another program replaced the file during each attempt to open it.
    Replaced,
    /// The file is not a journal; it was not changed.
    Unreadable(String),
    /// A program of another version wrote the journal, which has this version.
    OtherVersion(u32),
    /// The header, which has the plan, is damaged.
    DamagedPlan,
    /// The journal belongs to another plan.
    OtherPlan,
    /// A record is damaged. [`ApplyOptions::accept_damage`](crate::ApplyOptions::accept_damage) resumes from such a journal.
    Damaged {
        /// Number of the first damaged line.
        line: u64,
    },
    /// The async runtime shut down while the journal was being opened.
    Shutdown,
}

impl From<LockError> for JournalErrorKind {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Io(error) => Self::Open(error),
            LockError::SymbolicLink => Self::SymbolicLink,
            LockError::NotRegular => Self::NotAFile,
            LockError::Held => Self::InUse,
            LockError::Unsupported(error) => Self::Lock(error),
            LockError::Replaced => Self::Replaced,
        }
    }
}

impl JournalError {
    pub(crate) fn new(path: &Path, kind: JournalErrorKind) -> Self {
        Self { path: path.to_owned(), kind }
    }

    /// The path of the journal.
    ///
    /// ```
    /// # use std::path::Path;
    /// # use partner_center_budgets_fleet::journal_history;
    /// let error = journal_history("missing.journal").unwrap_err();
    /// assert_eq!(error.path(), Path::new("missing.journal"));
    /// ```
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The kind of the error.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::{JournalErrorKind, journal_history};
    /// let error = journal_history("missing.journal").unwrap_err();
    /// let JournalErrorKind::Read(error) = error.kind() else { panic!("{error}") };
    /// assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    /// ```
    pub fn kind(&self) -> &JournalErrorKind {
        &self.kind
    }

    /// What failed.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::journal_history;
    /// let error = journal_history("missing.journal").unwrap_err();
    /// assert_eq!(error.what(), "the journal missing.journal cannot be read");
    /// ```
    pub fn what(&self) -> String {
        use JournalErrorKind as Kind;
        let path = self.path.display();
        let what = match &self.kind {
            Kind::Open(_) => format!("the journal {path} cannot be opened"),
            Kind::Lock(_) => format!("the journal {path} cannot be locked"),
            Kind::Read(_) => format!("the journal {path} cannot be read"),
            Kind::Write(_) => format!("the journal {path} cannot be written"),
            Kind::Protect(_) => format!("the journal {path} cannot be made private"),
            Kind::SymbolicLink => format!("the journal {path} is a symbolic link"),
            Kind::NotAFile => format!("the journal {path} is not a regular file"),
            Kind::InUse => format!("the journal {path} is in use"),
            Kind::Replaced => format!("another program keeps replacing the journal {path}"),
            Kind::Unreadable(_) => format!("{path} is not a journal"),
            Kind::OtherVersion(version) => format!("the journal {path} has version {version}"),
            Kind::DamagedPlan => format!("the plan in the journal {path} is damaged"),
            Kind::OtherPlan => format!("the journal {path} belongs to another plan"),
            Kind::Damaged { line } => format!("line {line} of the journal {path} is damaged"),
            Kind::Shutdown => format!("the journal {path} was not opened"),
        };
        printable_text::one_line(&what).into_owned()
    }

    /// Why it failed, unless the [`source`](Error::source) says so.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::journal_history;
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("budgets.journal");
    /// # std::fs::write(&path, r#"{"journal":1,"plan":{}}"#)?;
    /// // The journal has version 1.
    /// let error = journal_history(&path).unwrap_err();
    /// assert!(error.why().is_some_and(|why| why.starts_with("this program reads version ")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn why(&self) -> Option<Cow<'_, str>> {
        use JournalErrorKind as Kind;
        match &self.kind {
            Kind::Unreadable(why) => Some(printable_text::one_line(why)),
            Kind::OtherVersion(_) => Some(format!("this program reads version {VERSION} only").into()),
            Kind::DamagedPlan => Some("the checksum of line 1 is wrong".into()),
            Kind::InUse => Some("another process is applying its plan".into()),
            Kind::Shutdown => Some("the runtime is shutting down".into()),
            _ => None,
        }
    }

    /// What to do next.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::journal_history;
    /// let error = journal_history("missing.journal").unwrap_err();
    /// assert_eq!(error.advice(), "check that it is a regular file that this user may read");
    /// ```
    pub fn advice(&self) -> &'static str {
        use JournalErrorKind as Kind;
        match &self.kind {
            Kind::Open(_) => "check that its folder exists and that this user may write to it",
            Kind::Lock(_) => "nothing was sent: put it on a local disk, or another file system with locks",
            Kind::Read(_) => "check that it is a regular file that this user may read",
            Kind::Write(_) => {
                "nothing more was sent: make room on the disk, check the permissions or put the file back, then resume \
                 with it"
            }
            Kind::Protect(_) => {
                "nothing was sent: make this user the owner of the file, or give the path of a new file"
            }
            Kind::SymbolicLink => "nothing was sent: give the path of the file itself",
            Kind::NotAFile => "nothing was sent: give the path of a file",
            Kind::InUse => "nothing was sent: wait until that process ends",
            Kind::Replaced => "nothing was sent: stop the program that does that, or give the path of another file",
            Kind::Unreadable(_) | Kind::DamagedPlan => {
                "nothing was sent and the file is unchanged: give the path of another file"
            }
            Kind::OtherVersion(_) => {
                "nothing was sent and the file is unchanged: resume with the version of the program that wrote it, or give \
                 the path of another file"
            }
            Kind::OtherPlan => "nothing was sent: resume with the plan in the journal, or give the path of a new file",
            Kind::Damaged { .. } => {
                "nothing was sent: resume with ApplyOptions::accept_damage, which reads back every budget \
                 that is not certainly done before it sends it"
            }
            Kind::Shutdown => "nothing was sent: run it again",
        }
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what())?;
        if let Some(why) = self.why() {
            write!(f, ": {why}")?;
        }
        write!(f, "; {}", self.advice())
    }
}

impl fmt::Debug for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.source() {
            Some(source) => {
                write!(f, "{}: {}; {}", self.what(), printable_text::error_chain(source), self.advice())
            }
            None => fmt::Display::fmt(self, f),
        }
    }
}

impl Error for JournalError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        use JournalErrorKind as Kind;
        match &self.kind {
            Kind::Open(error) | Kind::Lock(error) | Kind::Read(error) | Kind::Protect(error) => Some(error),
            Kind::Write(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}
