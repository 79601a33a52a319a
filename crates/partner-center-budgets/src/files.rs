//! Small files: text in any usual encoding, files that others cannot change, and atomic replacement.
//!
//! For this workspace's own programs. Not part of the public interface: it changes without notice.

mod access;
mod replace;
mod temporary;
mod text;

use std::fs;
use std::path::{Path, PathBuf};

pub use access::{Access, Exposed, check_access, check_folder};
pub(crate) use replace::wait_for;
pub use replace::{Mode, check_replaceable, delete, replace};
pub use temporary::remove_abandoned;
pub(crate) use temporary::sync_folder;
pub use text::{DecodeError, NotText, decode};

/// Makes a folder and those above it that are missing. Only the user may look into them.
///
/// # Errors
///
/// Those of the file system.
pub fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The file that symbolic links lead to, which need not exist.
pub fn resolve(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| end_of_links(path))
}

/// Where links lead whose file does not exist yet. As many are followed as systems do.
fn end_of_links(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..40 {
        let Ok(to) = fs::read_link(&path) else { break };
        path = path.parent().unwrap_or(Path::new("")).join(to);
    }
    path
}

/// The folder of a file.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}
