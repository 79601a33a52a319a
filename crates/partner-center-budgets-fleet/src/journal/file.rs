//! A file that this process has locked.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::JournalErrorKind;

pub(super) struct LockedFile {
    file: File,
    /// Absolute, because the process may change its working directory.
    path: PathBuf,
}

/// A file can be replaced between opening and locking. Open it at most this many times.
const MAX_ATTEMPTS: usize = 10;

impl LockedFile {
    pub(super) fn open(path: &Path) -> Result<Self, JournalErrorKind> {
        let path = std::path::absolute(path).map_err(JournalErrorKind::Open)?;
        for _ in 0..MAX_ATTEMPTS {
            let locked = Self { file: open_and_lock(&path)?, path: path.clone() };
            if locked.is_still_at_path().map_err(JournalErrorKind::Open)? {
                return Ok(locked);
            }
        }
        Err(JournalErrorKind::Replaced)
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Whether the next process that opens the path finds this file.
    pub(super) fn is_still_at_path(&self) -> io::Result<bool> {
        match fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            found => Ok(is_same_file(&found?, &self.file.metadata()?)),
        }
    }

    #[cfg(unix)]
    pub(super) fn make_private(&self) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let mut permissions = self.file.metadata()?.permissions();
        if permissions.mode() & 0o777 == 0o600 {
            return Ok(());
        }
        permissions.set_mode(0o600);
        self.file.set_permissions(permissions)
    }

    #[cfg(not(unix))]
    pub(super) fn make_private(&self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        // Unlock explicitly: a child between fork and exec still holds the descriptor.
        drop(self.file.unlock());
    }
}

fn open_and_lock(path: &Path) -> Result<File, JournalErrorKind> {
    // `is_still_at_path` finds a link that is created after this check.
    if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
        return Err(JournalErrorKind::SymbolicLink);
    }
    let mut options = OpenOptions::new();
    // Not opened for appending: on some systems such a file cannot be truncated.
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(JournalErrorKind::Open)?;
    if !file.metadata().map_err(JournalErrorKind::Open)?.is_file() {
        return Err(JournalErrorKind::NotAFile);
    }
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalErrorKind::InUse),
        Err(TryLockError::Error(error)) => Err(JournalErrorKind::Lock(error)),
    }
}

#[cfg(unix)]
fn is_same_file(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same_file(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    true
}
