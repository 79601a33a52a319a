//! A folder for files of a measurement.

use std::fs;
use std::path::PathBuf;

/// Gone when dropped.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Each measurement has a name of its own.
    pub(super) fn new(name: &str) -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("pc-budgets-bench-{name}-{}", std::process::id()));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind stays where temporary files are.
        let _ = fs::remove_dir_all(&self.0);
    }
}
