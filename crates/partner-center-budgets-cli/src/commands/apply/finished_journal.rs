//! The journal of a finished run, which the next run moves aside.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use partner_center_budgets_fleet as fleet;

use crate::error::CliError;
use crate::output::notice::notice;

/// Renames the journal of a finished run by appending its date. Any other file stays.
pub(super) fn move_aside(journal: &Path) -> Result<(), CliError> {
    if !fs::symlink_metadata(journal).is_ok_and(|found| found.is_file()) {
        return Ok(());
    }
    let failed = |error: io::Error| {
        let what = format_args!("cannot move the finished journal {} aside", journal.display());
        CliError::usage(what, error, "check its folder, or name another with --journal FILE; nothing was sent")
    };
    let file = File::options().read(true).write(true).open(journal).map_err(failed)?;
    // The lock of a run: another run may have started with this journal since the preflight.
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let what = format_args!("the journal {} is in use", journal.display());
            let next = "wait until it has finished, or name another with --journal FILE; nothing was sent";
            return Err(CliError::usage(what, "another process applies its plan", next));
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    if fleet::is_journal_complete(&file) && is_still_at_path(&file, journal).map_err(failed)? {
        let aside = file.metadata().and_then(|metadata| free_name(journal, &metadata)).map_err(failed)?;
        fs::rename(journal, &aside).map_err(failed)?;
        let (journal, aside) = (journal.display(), aside.display());
        notice(format_args!("the journal {journal} is of a finished run and is now {aside}"));
    }
    // Unlock explicitly: a child between fork and exec still holds the descriptor.
    drop(file.unlock());
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

/// Whether the path still names this file.
#[cfg(unix)]
fn is_still_at_path(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (open, named) = (file.metadata()?, fs::symlink_metadata(path)?);
    Ok((open.dev(), open.ino()) == (named.dev(), named.ino()))
}

/// Other systems do not rename a file that another process has open.
#[cfg(not(unix))]
fn is_still_at_path(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}
