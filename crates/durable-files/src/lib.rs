//! Small files that hold configuration, secrets or results: they survive crashes, and other users cannot change them.
//!
//! | task | function |
//! |---|---|
//! | write a file whole or not at all | [`replace`](fn@replace), [`check_replaceable`], [`delete`] |
//! | keep other processes out | [`LockedFile`] |
//! | find out whether other users can read or change a file | [`check_access`], [`check_folder`] |
//! | read a file of limited size, as text in any common encoding | [`read`], [`decode`] |
//! | make a new name survive a crash of the machine | [`sync_folder`] |

mod access;
mod lock;
mod replace;
mod temporary;
mod text;

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use zeroize::Zeroizing;

pub use access::{Access, Exposed, check_access, check_folder};
pub use lock::{LockError, LockedFile};
pub use replace::{Mode, check_replaceable, delete, replace};
pub use temporary::remove_abandoned;
pub use text::{DecodeError, NotText, decode};

/// Reads an open file of at most `max_bytes` bytes. The bytes are wiped when they are dropped.
///
/// # Errors
///
/// [`ErrorKind::FileTooLarge`], and those of the file system.
pub fn read(file: &File, max_bytes: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // Another process may be overwriting a file that cannot be renamed over.
    lock_if_supported(|| file.try_lock_shared())?;
    // Allocated once: growing would leave copies that are not wiped.
    let mut bytes = Zeroizing::new(Vec::with_capacity(max_bytes + 1));
    let mut limited = file;
    let read = Read::by_ref(&mut limited).take(max_bytes as u64 + 1).read_to_end(&mut bytes);
    drop(file.unlock());
    match read? > max_bytes {
        true => Err(ErrorKind::FileTooLarge.into()),
        false => Ok(bytes),
    }
}

/// How long to wait for a process that is writing a small file.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// Waits for a lock. Succeeds without one on a file system that has no locks.
fn lock_if_supported(try_lock: impl Fn() -> Result<(), TryLockError>) -> io::Result<()> {
    match lock::lock_within(LOCK_TIMEOUT, try_lock) {
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(io::Error::new(ErrorKind::WouldBlock, "another process is writing it")),
    }
}

/// Creates a folder and its missing parents, with access for the user only.
///
/// # Errors
///
/// Those of the file system.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes the entries of a folder to the disk. A new file survives a crash of the machine only after this.
///
/// # Errors
///
/// Those of the file system.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// The target of symbolic links, which need not exist.
pub fn resolve(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| follow_links(path))
}

/// The number of links that Linux follows.
const MAX_LINKS: usize = 40;

/// Where links lead whose target does not exist yet.
fn follow_links(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(to) = fs::read_link(&path) else { break };
        path = path.parent().unwrap_or(Path::new("")).join(to);
    }
    path
}

/// The folder of a file.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}
