//! Files that are written next to their destination, and what killed processes leave of them.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use uuid::Uuid;

use super::folder_of;

/// A new file next to `path`, on the same disk. Only its owner may read it, from the first byte on.
///
/// It is locked as long as its process lives, so that other processes can tell it from an abandoned one. Dropping removes
/// it, unless it was renamed.
pub(super) struct Temporary {
    file: File,
    path: PathBuf,
}

/// On a file system without locks, a temporary file is abandoned after this time.
const ABANDONED_AFTER: Duration = Duration::from_secs(60);

impl Temporary {
    /// Removes the temporary files that killed processes left for the same destination, and creates another.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let name =
            path.file_name().ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "the path has no file name"))?;
        remove_abandoned(folder_of(path), Some(name));
        loop {
            let unique = format!("{}{}{SUFFIX}", prefix(name), Uuid::new_v4().simple());
            let path = folder_of(path).join(unique);
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let temporary = Self { file: options.open(&path)?, path };
            // Before it had its lock, another process may have taken it for abandoned. A file system may know no locks.
            let is_locked = !matches!(temporary.file.try_lock(), Err(TryLockError::WouldBlock));
            if is_locked && fs::symlink_metadata(&temporary.path).is_ok() {
                return Ok(temporary);
            }
        }
    }

    /// Writes the content and gives the file its final permissions, and waits until it is on the disk.
    pub(super) fn write(&mut self, bytes: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
        self.file.write_all(bytes)?;
        if let Some(permissions) = permissions {
            self.file.set_permissions(permissions)?;
        }
        self.file.sync_all()
    }

    /// Gives the file its final name, in place of the file that has it.
    pub(super) fn rename(self, to: &Path) -> io::Result<()> {
        fs::rename(&self.path, to)?;
        match sync_folder(folder_of(to)) {
            // Some folders may be written and not opened, and some file systems sync no folders.
            Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::InvalidInput) => Ok(()),
            synced => synced,
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Unlock explicitly: a child between fork and exec still holds the descriptor.
        drop(self.file.unlock());
        // After a rename there is nothing to remove.
        drop(fs::remove_file(&self.path));
    }
}

const SUFFIX: &str = ".new";

fn prefix(name: &OsStr) -> String {
    format!(".{}.", name.to_string_lossy())
}

/// Removes the temporary files that killed processes left in a folder: those for the file `name`, or for any file. Returns
/// how many there were.
pub fn remove_abandoned(folder: &Path, name: Option<&OsStr>) -> usize {
    let this_file = name.is_some();
    let prefix = name.map_or_else(|| ".".to_owned(), prefix);
    let is_temporary = |name: &str| {
        let rest = name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(SUFFIX));
        let unique = if this_file { rest } else { rest.and_then(|rest| rest.rsplit('.').next()) };
        unique.is_some_and(|unique| unique.len() == 32 && Uuid::try_parse(unique).is_ok())
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let temporary = entries.filter(|entry| entry.file_name().to_str().is_some_and(is_temporary));
    let abandoned = temporary.filter(|entry| is_abandoned(&entry.path()));
    abandoned.filter(|entry| fs::remove_file(entry.path()).is_ok()).count()
}

fn is_abandoned(path: &Path) -> bool {
    // Whatever is a link or a pipe was not made here, and opening it could wait for ever.
    let Ok(metadata) = fs::symlink_metadata(path) else { return false };
    if !metadata.is_file() {
        return false;
    }
    let lock = OpenOptions::new().write(true).open(path).map(|file| file.try_lock());
    match lock {
        Ok(Ok(())) => true,
        Ok(Err(TryLockError::WouldBlock)) => false,
        Ok(Err(TryLockError::Error(_))) | Err(_) => {
            let age = metadata.modified().ok().and_then(|modified| SystemTime::now().duration_since(modified).ok());
            age.is_some_and(|age| age > ABANDONED_AFTER)
        }
    }
}

/// A new name is on the disk once its folder is.
///
/// # Errors
///
/// Those of the file system.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
