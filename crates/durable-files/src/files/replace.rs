//! Atomic replacement of a file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use zeroize::Zeroizing;

use super::access::make_private;
use super::lock::lock_if_supported;
use super::path::{folder_of, resolve};
use super::temporary::{TempFile, remove_abandoned};

/// The permissions of a replaced file. On systems other than Unix, those of its folder apply in both cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only the owner has access.
    OwnerOnly,
    /// An existing file keeps its permissions. Only the owner has access to a new file.
    Preserve,
}

/// Replaces a file atomically: after a crash at any moment it has either the old content or the new content.
///
/// The new content goes to a temporary file in the same folder, which is synced and then renamed. A symbolic link stays, and
/// its target is replaced. A file that cannot be renamed over, because it is a mount point or its folder is read-only, is
/// overwritten in place under a lock; a crash of the machine in that moment can leave a mixture.
///
/// ```
/// use durable_files::{Mode, replace};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("plan.json");
/// replace(&path, b"{}", Mode::Preserve)?;
/// replace(&path, br#"{"changes":[]}"#, Mode::Preserve)?;
/// assert_eq!(std::fs::read_to_string(&path)?, r#"{"changes":[]}"#);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// Those of the file system. The old content stays.
pub fn replace(path: &Path, bytes: &[u8], mode: Mode) -> io::Result<()> {
    let path = &resolve(path);
    let mut temporary = match TempFile::create(path) {
        Err(error) if is_folder_closed(&error) && path.is_file() => return overwrite(path, bytes, mode),
        created => created?,
    };
    let before = fs::metadata(path).ok().filter(|_| mode == Mode::Preserve);
    temporary.write(bytes, before.map(|before| before.permissions()))?;
    match temporary.rename(path) {
        Err(error) if matches!(error.kind(), ErrorKind::ResourceBusy | ErrorKind::CrossesDevices) => {
            overwrite(path, bytes, mode)
        }
        renamed => renamed,
    }
}

/// Checks that [`replace`] can work, without changing anything.
///
/// ```
/// # use durable_files::{Mode, check_replaceable, replace};
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("token");
/// # let sign_in = || "a-refresh-token";
/// // A token that cannot be saved would be lost.
/// check_replaceable(&path)?;
/// let token = sign_in();
/// replace(&path, token.as_bytes(), Mode::OwnerOnly)?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// The error that [`replace`] would return.
pub fn check_replaceable(path: &Path) -> io::Result<()> {
    let path = &resolve(path);
    let open = || OpenOptions::new().write(true).open(path).map(drop);
    match TempFile::create(path) {
        Err(error) if is_folder_closed(&error) && path.is_file() => open(),
        Err(error) => Err(error),
        // A file on a read-only file system in a writable folder is a mount point, so a rename will fail, too.
        Ok(_) => {
            open().or_else(|error| if error.kind() == ErrorKind::ReadOnlyFilesystem { Err(error) } else { Ok(()) })
        }
    }
}

/// Deletes a file and the temporary files that killed processes left for it. Returns false if there were none of both.
///
/// A symbolic link stays, and its target is deleted. A file that cannot be removed, such as a mount point, is emptied.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("token");
/// # std::fs::write(&path, "a-refresh-token")?;
/// assert!(durable_files::delete(&path)?);
/// assert!(!durable_files::delete(&path)?, "it is already deleted");
/// # Ok::<(), std::io::Error>(())
/// ```
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
        Err(error) if error.kind() == ErrorKind::ResourceBusy || is_folder_closed(&error) => {
            let was_there = fs::metadata(path)?.len() > 0;
            overwrite(path, b"", Mode::Preserve)?;
            was_there
        }
        Err(error) => return Err(error),
    };
    Ok(was_there || abandoned > 0)
}

/// Whether the folder is closed to new files. A file in it may still be writable.
fn is_folder_closed(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

fn overwrite(path: &Path, bytes: &[u8], mode: Mode) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    lock_if_supported(|| file.try_lock())?;
    if mode == Mode::OwnerOnly {
        make_private(&file)?;
    }
    let mut before = Zeroizing::new(Vec::new());
    file.read_to_end(&mut before)?;
    let written = write_whole(&mut file, bytes);
    if written.is_err() {
        // Best effort: even a full disk has room for the old content.
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode_of(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn replaces_the_target_of_a_link_and_leaves_no_other_file() {
        let folder = tempfile::tempdir().unwrap();
        let (link, target) = (folder.path().join("link"), folder.path().join("target"));
        symlink("target", &link).unwrap();
        for content in ["first", "second"] {
            replace(&link, content.as_bytes(), Mode::Preserve).unwrap();
            check_replaceable(&link).unwrap();
            assert_eq!(fs::read_to_string(&target).unwrap(), content);
        }
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn gives_access_to_the_owner_only_or_as_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        replace(&path, b"new", Mode::Preserve).unwrap();
        assert_eq!(mode_of(&path), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        replace(&path, b"replaced", Mode::Preserve).unwrap();
        assert_eq!(mode_of(&path), 0o644);
        replace(&path, b"secret", Mode::OwnerOnly).unwrap();
        assert_eq!(mode_of(&path), 0o600);
    }

    #[test]
    fn a_failure_leaves_the_old_content_and_no_other_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("folder");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("file"), "old").unwrap();
        assert!(replace(&path, b"new", Mode::OwnerOnly).is_err());
        assert_eq!(fs::read_to_string(path.join("file")).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(replace(Path::new("/"), b"new", Mode::OwnerOnly).unwrap_err().kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn overwrites_in_place_and_empties_what_cannot_be_renamed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mounted");
        fs::write(&path, "longer than the new content").unwrap();
        overwrite(&path, b"new", Mode::OwnerOnly).unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap(), mode_of(&path)), ("new".to_owned(), 0o600));
        overwrite(&path, b"", Mode::Preserve).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "");
    }

    #[test]
    fn deletes_a_file_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "").unwrap();
        assert!(delete(&path).unwrap());
        assert!(!delete(&path).unwrap());
    }
}
