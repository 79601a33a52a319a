//! Replacing a file as a whole.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use secrecy::zeroize::Zeroizing;

use super::temporary::{Temporary, remove_abandoned};
use super::{folder_of, resolve};

/// Readers of a replaced file. On systems other than Unix, the folder decides in both cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only its owner.
    Private,
    /// As before, and a new file only its owner.
    Kept,
}

/// How long to wait for the lock of a process that writes a small file.
const PATIENCE: Duration = Duration::from_secs(10);

/// Replaces the content of a file in one step: after a crash at any moment it has the content before or the new one, whole.
///
/// A symbolic link stays, and the file that it leads to is replaced. A file that cannot be renamed over, because it is a
/// mount point of its own or its folder is read-only, is overwritten in place under a lock; a crash of the machine in that
/// moment can leave a mixture.
///
/// # Errors
///
/// Those of the file system. The content is as before.
pub fn replace(path: &Path, bytes: &[u8], mode: Mode) -> io::Result<()> {
    let path = &resolve(path);
    let mut temporary = match Temporary::create(path) {
        Err(error) if is_closed_folder(&error) && path.is_file() => return overwrite(path, bytes, mode),
        created => created?,
    };
    let before = fs::metadata(path).ok().filter(|_| mode == Mode::Kept);
    temporary.write(bytes, before.map(|before| before.permissions()))?;
    match temporary.rename(path) {
        Err(error) if matches!(error.kind(), ErrorKind::ResourceBusy | ErrorKind::CrossesDevices) => {
            overwrite(path, bytes, mode)
        }
        renamed => renamed,
    }
}

/// Finds out whether [`replace`] can work, and leaves nothing behind.
///
/// # Errors
///
/// The error that [`replace`] would return.
pub fn check_replaceable(path: &Path) -> io::Result<()> {
    let path = &resolve(path);
    let open = || OpenOptions::new().write(true).open(path).map(drop);
    match Temporary::create(path) {
        Err(error) if is_closed_folder(&error) && path.is_file() => open(),
        Err(error) => Err(error),
        // A file on a read-only file system in a writable folder is a mount point, so a rename will fail, too.
        Ok(_) => {
            open().or_else(|error| if error.kind() == ErrorKind::ReadOnlyFilesystem { Err(error) } else { Ok(()) })
        }
    }
}

/// Deletes a file and what killed processes left of it; false where there was nothing. A symbolic link stays, and the file
/// that it leads to is deleted. A file that cannot be removed, such as a mount point, is emptied.
///
/// # Errors
///
/// Those of the file system.
pub fn delete(path: &Path) -> io::Result<bool> {
    let path = &resolve(path);
    let abandoned = remove_abandoned(folder_of(path), path.file_name());
    let was_there = match fs::remove_file(path) {
        Ok(()) => true,
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) if error.kind() == ErrorKind::ResourceBusy || is_closed_folder(&error) => {
            let was_there = fs::metadata(path)?.len() > 0;
            overwrite(path, b"", Mode::Kept)?;
            was_there
        }
        Err(error) => return Err(error),
    };
    Ok(was_there || abandoned > 0)
}

/// Whether no file can be made in the folder, while one that is there may be writable.
fn is_closed_folder(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

fn overwrite(path: &Path, bytes: &[u8], mode: Mode) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    wait_for(|| file.try_lock())?;
    if mode == Mode::Private {
        make_private(&file)?;
    }
    let mut before = Zeroizing::new(Vec::new());
    file.read_to_end(&mut before)?;
    let written = write_whole(&mut file, bytes);
    if written.is_err() {
        // Best effort: a full disk still has room for what was there.
        drop(write_whole(&mut file, &before));
    }
    // Unlock explicitly: a child between fork and exec still holds the descriptor.
    drop(file.unlock());
    written
}

fn write_whole(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

#[cfg(unix)]
fn make_private(file: &File) -> io::Result<()> {
    let permissions: fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    match file.metadata()?.permissions() == permissions {
        true => Ok(()),
        false => file.set_permissions(permissions),
    }
}

#[cfg(not(unix))]
fn make_private(_: &File) -> io::Result<()> {
    Ok(())
}

/// Waits for a lock. Succeeds without one on a file system that has no locks.
///
/// # Errors
///
/// [`ErrorKind::WouldBlock`] where another process holds it for ten seconds.
pub(super) fn wait_for(mut lock: impl FnMut() -> Result<(), TryLockError>) -> io::Result<()> {
    let begin = Instant::now();
    loop {
        match lock() {
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(()),
            Err(TryLockError::WouldBlock) if begin.elapsed() > PATIENCE => {
                return Err(io::Error::new(ErrorKind::WouldBlock, "another process is writing it"));
            }
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(20)),
        }
    }
}
