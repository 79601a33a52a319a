//! Small files: text in any usual encoding, files that others cannot change, and atomic replacement.
//!
//! For this workspace's own programs. Not part of the public interface: it changes without notice.

mod access;
mod replace;
mod temporary;
mod text;

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use secrecy::zeroize::Zeroizing;

pub use access::{Access, Exposed, check_access, check_folder};
pub use replace::{Mode, check_replaceable, delete, replace};
pub use temporary::{remove_abandoned, sync_folder};
pub use text::{DecodeError, NotText, decode};

/// Reads an open file of at most `most` bytes. The bytes are wiped when they are dropped.
///
/// # Errors
///
/// [`ErrorKind::FileTooLarge`], and those of the file system.
pub fn read(file: &File, most: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // Another process may be overwriting a file that cannot be renamed over.
    replace::wait_for(|| file.try_lock_shared())?;
    // All of it at once, so that growing leaves no copy behind that is not wiped.
    let mut bytes = Zeroizing::new(Vec::with_capacity(most + 1));
    let mut limited = file;
    let read = Read::by_ref(&mut limited).take(most as u64 + 1).read_to_end(&mut bytes);
    drop(file.unlock());
    match read? > most {
        true => Err(ErrorKind::FileTooLarge.into()),
        false => Ok(bytes),
    }
}

/// Makes a folder and those above it that are missing. Only the user may look into them.
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

/// The target of symbolic links, which need not exist.
pub fn resolve(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| end_of_links(path))
}

/// As many links are followed as systems do.
const MOST_LINKS: usize = 40;

/// Where links lead whose file does not exist yet.
fn end_of_links(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(to) = fs::read_link(&path) else { break };
        path = path.parent().unwrap_or(Path::new("")).join(to);
    }
    path
}

/// The folder of a file.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}
