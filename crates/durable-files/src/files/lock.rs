//! A file lock that one process holds at a time.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{error, fmt, io, thread};

/// A regular file that this process has locked exclusively. Dropping it releases the lock.
///
/// The lock is advisory on Unix: only programs that lock the file respect it. The system releases it when the process ends.
///
/// ```
/// # use std::time::Duration;
/// # use durable_files::{LockError, LockedFile};
/// # let path = std::env::temp_dir().join(format!("durable-files-doc-{}", std::process::id()));
/// let journal = LockedFile::open(&path, Duration::ZERO)?;
/// assert!(matches!(LockedFile::open(&path, Duration::ZERO), Err(LockError::Held)));
/// drop(journal);
/// assert!(LockedFile::open(&path, Duration::ZERO).is_ok());
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), LockError>(())
/// ```
#[derive(Debug)]
pub struct LockedFile {
    file: File,
    /// Absolute, because the process may change its working directory.
    path: PathBuf,
}

/// Why [`LockedFile::open`] fails.
#[derive(Debug)]
pub enum LockError {
    /// The file cannot be opened or created.
    Io(io::Error),
    /// The path is a symbolic link. Following it would let the owner of the link choose which file is written.
    SymbolicLink,
    /// The path is a folder, a device or a pipe.
    NotRegular,
    /// Another process holds the lock, and did not release it before the timeout.
    Held,
    /// The file system has no locks.
    Unsupported(io::Error),
    /// Another program replaced the file during each of ten attempts to open and lock it.
    Replaced,
}

/// A file can be replaced between opening and locking. Open it at most this many times.
const MAX_ATTEMPTS: usize = 10;
const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// How long to wait for a process that is writing a small file.
const SMALL_FILE_TIMEOUT: Duration = Duration::from_secs(10);

impl LockedFile {
    /// Opens a file for reading and writing, creates it if it is missing (with access for its owner only), and locks it.
    ///
    /// If another process holds the lock, waits up to `timeout`; with [`Duration::ZERO`] it does not wait.
    ///
    /// ```
    /// # use std::{io::Write, time::Duration};
    /// # use durable_files::{LockError, LockedFile};
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("budgets.journal");
    /// # let other = LockedFile::open(&path, Duration::ZERO)?;
    /// match LockedFile::open(&path, Duration::from_millis(100)) {
    ///     Ok(journal) => journal.file().write_all(b"started\n")?,
    ///     Err(LockError::Held) => println!("another run uses the journal"),
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`LockError`].
    pub fn open(path: &Path, timeout: Duration) -> Result<Self, LockError> {
        let path = std::path::absolute(path).map_err(LockError::Io)?;
        for _ in 0..MAX_ATTEMPTS {
            let file = open_regular(&path)?;
            lock_within(timeout, || file.try_lock()).map_err(|error| match error {
                TryLockError::WouldBlock => LockError::Held,
                TryLockError::Error(error) => LockError::Unsupported(error),
            })?;
            let locked = Self { file, path: path.clone() };
            if locked.is_still_at_path().map_err(LockError::Io)? {
                return Ok(locked);
            }
        }
        Err(LockError::Replaced)
    }

    /// Locks the file `.NAME.lock` next to the file `path`, which need not exist.
    ///
    /// Use it for a file that is [replaced](fn@crate::replace): a lock on the file itself would stay with the replaced one. Do
    /// not remove the lock file.
    ///
    /// ```
    /// # use std::{fs, time::Duration};
    /// # use durable_files::{LockedFile, Mode, replace};
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("config.toml");
    /// # fs::write(&path, "[profiles]\n")?;
    /// let lock = LockedFile::next_to(&path, Duration::from_secs(10))?;
    /// let config = fs::read_to_string(&path)? + "default = \"contoso\"\n";
    /// replace(&path, config.as_bytes(), Mode::OwnerOnly)?;
    /// drop(lock);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`LockError`].
    pub fn next_to(path: &Path, timeout: Duration) -> Result<Self, LockError> {
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(".lock");
        Self::open(&path.with_file_name(name), timeout)
    }

    /// The file.
    ///
    /// ```
    /// # use std::{io::Write, time::Duration};
    /// # use durable_files::LockedFile;
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("budgets.journal");
    /// let journal = LockedFile::open(&path, Duration::ZERO)?;
    /// journal.file().write_all(b"started\n")?;
    /// assert_eq!(journal.file().metadata()?.len(), 8);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Whether the path still leads to this file. Otherwise the next process opens another file, and does not see what is
    /// written to this one. Always true on systems other than Unix, which do not let anyone delete an open file.
    ///
    /// ```
    /// # #[cfg(unix)] {
    /// # use std::{fs, time::Duration};
    /// # use durable_files::LockedFile;
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("budgets.journal");
    /// let journal = LockedFile::open(&path, Duration::ZERO)?;
    /// assert!(journal.is_still_at_path()?);
    /// // Another program.
    /// fs::rename(&path, folder.path().join("budgets.journal.old"))?;
    /// assert!(!journal.is_still_at_path()?);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn is_still_at_path(&self) -> io::Result<bool> {
        match fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            found => Ok(is_same_file(&found?, &self.file.metadata()?)),
        }
    }

    /// Removes the access of other users. Does nothing on systems other than Unix.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use durable_files::{Access, LockedFile, check_access};
    /// # let folder = tempfile::tempdir()?;
    /// # // Private with any umask.
    /// # let folder = folder.path().join("private");
    /// # durable_files::make_folder(&folder)?;
    /// # let path = folder.join("budgets.journal");
    /// # std::fs::write(&path, "")?;
    /// let journal = LockedFile::open(&path, Duration::ZERO)?;
    /// journal.make_private()?;
    /// assert_eq!(check_access(&path, &journal.file().metadata()?, Access::Secret), Ok(()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn make_private(&self) -> io::Result<()> {
        super::access::make_private(&self.file)
    }
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        // Unlock explicitly: a child between fork and exec still holds the descriptor.
        drop(self.file.unlock());
    }
}

fn open_regular(path: &Path) -> Result<File, LockError> {
    // `is_still_at_path` finds a link that is created after this check.
    if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
        return Err(LockError::SymbolicLink);
    }
    let mut options = OpenOptions::new();
    // Not opened for appending: on some systems such a file cannot be truncated.
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(LockError::Io)?;
    match file.metadata().map_err(LockError::Io)?.is_file() {
        true => Ok(file),
        false => Err(LockError::NotRegular),
    }
}

#[cfg(unix)]
fn is_same_file(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same_file(_: &Metadata, _: &Metadata) -> bool {
    true
}

/// Repeats `try_lock` until it succeeds, fails, or the timeout has passed.
fn lock_within(timeout: Duration, try_lock: impl Fn() -> Result<(), TryLockError>) -> Result<(), TryLockError> {
    let start = Instant::now();
    loop {
        match try_lock() {
            Err(TryLockError::WouldBlock) if start.elapsed() < timeout => thread::sleep(POLL_INTERVAL),
            result => return result,
        }
    }
}

/// Waits for a lock of a small file. Succeeds without one on a file system that has no locks.
pub(crate) fn lock_if_supported(try_lock: impl Fn() -> Result<(), TryLockError>) -> io::Result<()> {
    match lock_within(SMALL_FILE_TIMEOUT, try_lock) {
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::new(io::ErrorKind::WouldBlock, "another process is writing it"))
        }
    }
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) | Self::Unsupported(error) => error.fmt(f),
            Self::SymbolicLink => f.write_str("it is a symbolic link"),
            Self::NotRegular => f.write_str("it is not a regular file"),
            Self::Held => f.write_str("another process has locked it"),
            Self::Replaced => f.write_str("another program keeps replacing it"),
        }
    }
}

impl error::Error for LockError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            // `Display` shows the error itself.
            Self::Io(error) | Self::Unsupported(error) => error.source(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_a_file_that_was_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let locked = LockedFile::open(&path, Duration::ZERO).unwrap();
        assert!(locked.is_still_at_path().unwrap());
        fs::remove_file(&path).unwrap();
        assert!(!locked.is_still_at_path().unwrap());
        fs::write(&path, "another file").unwrap();
        assert!(!locked.is_still_at_path().unwrap());
        assert!(LockedFile::open(&path, Duration::ZERO).is_ok(), "the lock belongs to the file, not to the path");
    }

    #[test]
    fn waits_for_a_lock_until_the_timeout() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        let first = LockedFile::next_to(&path, Duration::ZERO).unwrap();
        assert!(folder.path().join(".config.toml.lock").is_file() && !path.exists());
        assert!(matches!(LockedFile::next_to(&path, POLL_INTERVAL), Err(LockError::Held)));
        let waiting = thread::spawn(move || LockedFile::next_to(&path, Duration::from_secs(60)).map(drop));
        drop(first);
        waiting.join().unwrap().unwrap();
    }

    #[test]
    fn locks_regular_files_only() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(LockedFile::open(&folder.path().join("no/file"), Duration::ZERO), Err(LockError::Io(_))));
        assert!(LockedFile::open(folder.path(), Duration::ZERO).is_err());
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink("target", &link).unwrap();
            assert!(matches!(LockedFile::open(&link, Duration::ZERO), Err(LockError::SymbolicLink)));
            assert!(matches!(LockedFile::open(Path::new("/dev/null"), Duration::ZERO), Err(LockError::NotRegular)));
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_has_access_to_a_new_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let locked = LockedFile::open(&folder.path().join("file"), Duration::ZERO).unwrap();
        let mode = || locked.file().metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(), 0o600);
        locked.file().set_permissions(fs::Permissions::from_mode(0o644)).unwrap();
        locked.make_private().unwrap();
        assert_eq!(mode(), 0o600);
    }
}
