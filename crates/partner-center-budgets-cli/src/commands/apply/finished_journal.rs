//! The journal of a finished run, which the next run moves aside.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use chrono::{DateTime, Utc};
use durable_files::{LockError, LockedFile};
use partner_center_budgets_fleet as fleet;

use crate::error::CliError;
use crate::output::notice::notice;

/// Renames the journal of a finished run by appending its date. Any other file stays.
pub(super) fn move_aside(journal: &Path) -> Result<(), CliError> {
    if !fs::symlink_metadata(journal).is_ok_and(|found| found.is_file()) {
        return Ok(());
    }
    let failed = |error: &dyn Display| {
        let what = format_args!("cannot move the finished journal {} aside", journal.display());
        CliError::usage(what, error, "check its folder, or name another with --journal FILE; nothing was sent")
    };
    // The lock of a run: another run may have started with this journal since the preflight.
    let locked = LockedFile::open(journal, Duration::ZERO).map_err(|error| match error {
        LockError::Held => {
            let what = format_args!("the journal {} is in use", journal.display());
            let next = "wait until it has finished, or name another with --journal FILE; nothing was sent";
            CliError::usage(what, "another process applies its plan", next)
        }
        error => failed(&error),
    })?;
    if fleet::is_journal_complete(locked.file()) {
        let metadata = locked.file().metadata();
        let aside = metadata.and_then(|metadata| free_name(journal, &metadata)).map_err(|error| failed(&error))?;
        fs::rename(journal, &aside).map_err(|error| failed(&error))?;
        let (journal, aside) = (journal.display(), aside.display());
        notice(format_args!("the journal {journal} is of a finished run and is now {aside}"));
    }
    Ok(())
}

/// The journal's name with the date of its last line, and a number if that name is taken.
fn free_name(journal: &Path, metadata: &fs::Metadata) -> io::Result<PathBuf> {
    let day = DateTime::<Utc>::from(metadata.modified()?).format("%Y-%m-%d");
    let named = |number: String| {
        let mut name = journal.as_os_str().to_owned();
        name.push(format!(".{day}{number}"));
        PathBuf::from(name)
    };
    let numbers = std::iter::once(String::new()).chain((2_u32..).map(|number| format!("-{number}")));
    let is_free =
        |path: &PathBuf| fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
    numbers.take(1000).map(named).find(is_free).ok_or_else(|| io::ErrorKind::AlreadyExists.into())
}
