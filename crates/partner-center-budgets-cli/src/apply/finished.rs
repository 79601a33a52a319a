//! The journal of a finished run, which is moved aside by the next one.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use partner_center_budgets_fleet as fleet;

use crate::failure::Told;
use crate::output::notice;

/// Renames the journal of a finished run, with its date behind its name. Leaves any other file alone.
pub(super) fn move_aside(journal: &Path) -> Result<(), Told> {
    if !fs::symlink_metadata(journal).is_ok_and(|there| there.is_file()) {
        return Ok(());
    }
    let cannot = |error: io::Error| {
        let what = format_args!("cannot move the finished journal {} aside", journal.display());
        Told::usage(Told::lines(what, error, "check its folder, or name another with --journal FILE; nothing was sent"))
    };
    let file = File::options().read(true).write(true).open(journal).map_err(cannot)?;
    // The lock that a run holds: another run may have begun with this journal since it was looked at.
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let what = format_args!("the journal {} is in use", journal.display());
            let next = "wait for its end, or name another with --journal FILE; nothing was sent";
            return Err(Told::usage(Told::lines(what, "another process carries out its plan", next)));
        }
        Err(TryLockError::Error(error)) => return Err(cannot(error)),
    }
    if fleet::is_journal_complete(&file) && is_same(&file, journal).map_err(cannot)? {
        let aside = file.metadata().and_then(|there| free_name(journal, &there)).map_err(cannot)?;
        fs::rename(journal, &aside).map_err(cannot)?;
        let (journal, aside) = (journal.display(), aside.display());
        notice(format_args!("the journal {journal} is of a finished run and is now {aside}"));
    }
    // Closing would leave the lock to a child process that is just being started.
    drop(file.unlock());
    Ok(())
}

/// The journal's name with the day of its last line, and a number if there is such a file.
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
fn is_same(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (open, named) = (file.metadata()?, fs::symlink_metadata(path)?);
    Ok((open.dev(), open.ino()) == (named.dev(), named.ino()))
}

/// Other systems do not rename a file that is open elsewhere.
#[cfg(not(unix))]
fn is_same(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}
