//! A temporary folder for the files of a measurement.

use std::fs;
use std::path::PathBuf;

/// Deleted when dropped.
pub(crate) struct TempFolder(PathBuf);

impl TempFolder {
    /// `name` must be unique among the measurements of this process.
    pub(crate) fn new(name: &str) -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("pc-budgets-bench-{name}-{}", std::process::id()));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        // A folder that cannot be deleted is left to the system's cleanup of temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}
