use std::fs;
use std::path::{Path, PathBuf};

/// The target of symbolic links, which need not exist.
///
/// ```
/// # #[cfg(unix)] {
/// # use std::os::unix::fs::symlink;
/// # let folder = tempfile::tempdir()?;
/// # let (link, target) = (folder.path().join("current.json"), folder.path().join("plan.json"));
/// symlink("plan.json", &link)?;
/// assert_eq!(durable_files::resolve(&link), target);
/// assert_eq!(durable_files::resolve(&target), target);
/// # }
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn resolve(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| follow_links(path))
}

/// The number of links that Linux follows.
pub(crate) const MAX_LINKS: usize = 40;

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
///
/// ```
/// use std::path::Path;
///
/// assert_eq!(durable_files::folder_of(Path::new("budgets/plan.json")), Path::new("budgets"));
/// // `Path::parent` returns an empty path, which cannot be opened.
/// assert_eq!(durable_files::folder_of(Path::new("plan.json")), Path::new("."));
/// ```
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}
