//! The file of a journal: opened, locked, and still the one of its name.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::{JournalError, JournalErrorKind};

/// A file that is locked until this is dropped.
pub(super) struct Locked {
    pub(super) file: File,
    /// Wherever the process goes meanwhile.
    path: PathBuf,
}

impl Drop for Locked {
    fn drop(&mut self) {
        // Closing would leave the lock to a process that is just being started and still has all files of this one. A
        // failure leaves it to the closing.
        drop(self.file.unlock());
    }
}

/// How often a file may be replaced while it is opened.
const OPENINGS: usize = 10;

impl Locked {
    /// Opens the file, and keeps others out until it is closed or the process ends, however that happens.
    pub(super) fn open(path: &Path) -> Result<Self, JournalError> {
        let absolute =
            std::path::absolute(path).map_err(|error| JournalError::new(path, JournalErrorKind::Open(error)))?;
        for _ in 0..OPENINGS {
            let locked = Self { file: locked(path)?, path: absolute.clone() };
            // The lock is of the file, and until it was there another process could give the name to another file.
            if locked.has_its_name().map_err(|error| JournalError::new(path, JournalErrorKind::Read(error)))? {
                return Ok(locked);
            }
        }
        Err(JournalError::new(path, JournalErrorKind::Replaced))
    }

    /// Whether the next process that opens the path finds this file. What is written to another one is lost.
    pub(super) fn has_its_name(&self) -> io::Result<bool> {
        let named = match fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            named => named?,
        };
        Ok(is_same(&named, &self.file.metadata()?))
    }

    /// It names customers and amounts, and may have been copied.
    #[cfg(unix)]
    pub(super) fn keep_private(&self) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let mut permissions = self.file.metadata()?.permissions();
        if permissions.mode() & 0o777 == 0o600 {
            return Ok(());
        }
        permissions.set_mode(0o600);
        self.file.set_permissions(permissions)
    }

    #[cfg(not(unix))]
    pub(super) fn keep_private(&self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(unix)]
fn is_same(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Other systems neither tell nor let anybody delete a file that is open.
#[cfg(not(unix))]
fn is_same(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    true
}

fn locked(path: &Path) -> Result<File, JournalError> {
    let failed = |kind| JournalError::new(path, kind);
    // Whoever may make a link could choose which file is written. One that comes between is found by its number.
    if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
        return Err(failed(JournalErrorKind::SymbolicLink));
    }
    let mut options = OpenOptions::new();
    // Not opened for appending alone, as then some systems cut nothing off. Whoever writes is the only one.
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|error| failed(JournalErrorKind::Open(error)))?;
    if !file.metadata().map_err(|error| failed(JournalErrorKind::Read(error)))?.is_file() {
        return Err(failed(JournalErrorKind::NotAFile));
    }
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(failed(JournalErrorKind::InUse)),
        Err(TryLockError::Error(error)) => Err(failed(JournalErrorKind::Lock(error))),
    }
}
