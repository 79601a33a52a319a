//! Why a journal cannot be used.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A journal cannot be used. The text says what failed, why, and what to do next; the three parts are also available as
/// [`what`](Self::what), [`why`](Self::why) and [`advice`](Self::advice).
#[derive(Debug)]
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
    /// Another program keeps replacing the file while it is being opened.
    Replaced,
    /// The file has no header of a journal, a damaged one, or one of another version; nothing in it was changed.
    Unreadable(String),
    /// The journal belongs to another plan.
    OtherPlan,
    /// A line is damaged. [`Options::accept_damage`](crate::Options::accept_damage) resumes from such a journal.
    Damaged {
        /// Number of the first damaged line.
        line: u64,
    },
    /// The async runtime shut down while the journal was being opened.
    Shutdown,
}

impl JournalError {
    pub(crate) fn new(path: &Path, kind: JournalErrorKind) -> Self {
        Self { path: path.to_owned(), kind }
    }

    /// The path of the journal.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wrong with it.
    pub fn kind(&self) -> &JournalErrorKind {
        &self.kind
    }

    /// What failed.
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
            Kind::Replaced => format!("the journal {path} is replaced by another file all the time"),
            Kind::Unreadable(_) => format!("{path} is not a journal that can be read"),
            Kind::OtherPlan => format!("the journal {path} is of another plan"),
            Kind::Damaged { line } => format!("line {line} of the journal {path} is damaged"),
            Kind::Shutdown => format!("the journal {path} was not opened"),
        };
        printable_text::one_line(&what).into_owned()
    }

    /// Why it failed, unless the [`source`](Error::source) says so.
    pub fn why(&self) -> Option<Cow<'_, str>> {
        match &self.kind {
            JournalErrorKind::Unreadable(why) => Some(printable_text::one_line(why)),
            JournalErrorKind::Shutdown => Some("the runtime is shutting down".into()),
            _ => None,
        }
    }

    /// What to do next.
    pub fn advice(&self) -> &'static str {
        use JournalErrorKind as Kind;
        match &self.kind {
            Kind::Open(_) => "check that its folder exists and may be written",
            Kind::Lock(_) => "put it on a disk whose file system knows locks",
            Kind::Read(_) => "check that it is a file that the user who runs this program may read",
            Kind::Write(_) => {
                "nothing more was sent: make room on the disk, check the permissions or put the file back, then run it \
                 again with it"
            }
            Kind::Protect(_) => {
                "nothing was sent: let the user who runs this program own it, or give the path of a new file"
            }
            Kind::SymbolicLink => "give the path of the file itself",
            Kind::NotAFile => "give the path of a file",
            Kind::InUse => "another process carries out this plan: wait for its end",
            Kind::Replaced => "find out which program does that, or give the path of another file",
            Kind::Unreadable(_) => "nothing was sent and the file is as it was: give the path of another file",
            Kind::OtherPlan => "go on with the plan that is in it, or give the path of a new file",
            Kind::Damaged { .. } => {
                "nothing was sent: resume with --accept-damage (Options::accept_damage): then every budget that is not \
                 certainly done is read back before it is sent"
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
