//! Temporary files next to their destination, and those that killed processes leave behind.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

use tempfile::{Builder, NamedTempFile};

use super::folder::sync_folder;
use super::path::folder_of;

/// A new file next to its destination, so on the same disk. Only its owner can read it, from the first byte.
///
/// It is locked, so that other processes can tell it from an abandoned one. Dropping it removes it, unless it was renamed.
pub(crate) struct TempFile(NamedTempFile);

/// On a file system without locks, a temporary file is abandoned after this time.
const ABANDONED_AFTER: Duration = Duration::from_secs(60);

impl TempFile {
    /// Removes the temporary files that killed processes left for the same destination, and creates another.
    pub(crate) fn create(destination: &Path) -> io::Result<Self> {
        let name = destination
            .file_name()
            .ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "the path has no file name"))?;
        let folder = folder_of(destination);
        remove_abandoned(folder, Some(name));
        let prefix = prefix(name);
        let mut builder = Builder::new();
        builder.prefix(&prefix).suffix(SUFFIX).rand_bytes(RANDOM_LENGTH);
        builder.make_in(folder, create_locked).map(Self)
    }

    /// Writes the content, sets the final permissions, and waits until both are on the disk.
    pub(crate) fn write(&mut self, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
        let file = self.0.as_file_mut();
        file.write_all(bytes)?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        file.sync_all()
    }

    /// Renames the file to its destination, and replaces a file that is there.
    pub(crate) fn rename(self, destination: &Path) -> io::Result<()> {
        let file = self.0.persist(destination)?;
        // Unlock explicitly: a child between fork and exec still holds the descriptor.
        drop(file.unlock());
        match sync_folder(folder_of(destination)) {
            // Some folders can be written but not opened, and some file systems cannot sync folders.
            Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::InvalidInput) => Ok(()),
            synced => synced,
        }
    }
}

/// Creates a locked file. Returns [`ErrorKind::AlreadyExists`], upon which `tempfile` tries another name, if another process
/// took the file for abandoned before it was locked.
fn create_locked(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let is_taken = matches!(file.try_lock(), Err(TryLockError::WouldBlock)) || fs::symlink_metadata(path).is_err();
    if is_taken { Err(ErrorKind::AlreadyExists.into()) } else { Ok(file) }
}

const SUFFIX: &str = ".new";
const RANDOM_LENGTH: usize = 32;

fn prefix(name: &OsStr) -> String {
    format!(".{}.", name.to_string_lossy())
}

/// Removes the temporary files that killed processes left in a folder: those for the file `name`, or for any file. Returns
/// their number.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # std::fs::write(folder.path().join(format!(".plan.json.{}.new", "a".repeat(32))), "")?;
/// // A process was killed while it replaced `plan.json`.
/// assert_eq!(durable_files::remove_abandoned(folder.path(), None), 1);
/// assert_eq!(durable_files::remove_abandoned(folder.path(), None), 0);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn remove_abandoned(folder: &Path, name: Option<&OsStr>) -> usize {
    let prefix = name.map_or_else(|| ".".to_owned(), prefix);
    let is_temporary = |found: &str| {
        let middle = found.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(SUFFIX));
        // For any file, the middle begins with that file's name.
        let random = if name.is_some() { middle } else { middle.and_then(|middle| middle.rsplit('.').next()) };
        random.is_some_and(|it| it.len() == RANDOM_LENGTH && it.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let temporary = entries.filter(|entry| entry.file_name().to_str().is_some_and(is_temporary));
    let abandoned = temporary.filter(|entry| is_abandoned(&entry.path()));
    abandoned.filter(|entry| fs::remove_file(entry.path()).is_ok()).count()
}

fn is_abandoned(path: &Path) -> bool {
    // A link or a pipe was not created here, and opening a pipe could block.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_abandoned_files_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let destination = folder.path().join("token");
        let in_use = TempFile::create(&destination).unwrap();
        let abandoned = |name: &str, digit: &str| format!(".{name}.{}{SUFFIX}", digit.repeat(RANDOM_LENGTH));
        for name in [abandoned("token", "a"), abandoned("token.x", "b"), ".token.mine.new".to_owned()] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(remove_abandoned(folder.path(), Some("token".as_ref())), 1);
        assert_eq!(remove_abandoned(folder.path(), None), 1);
        assert_eq!(remove_abandoned(folder.path(), None), 0);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        drop(in_use);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
