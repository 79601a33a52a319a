//! The documents of the releases.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::Workspace;

/// The folder of the released documents, relative to the root of the workspace.
pub const RELEASED: &str = "openapi/released";

/// The three numbers of a version.
pub type Version = [u64; 3];

/// The version of the newest release and the path of its document, or nothing before the first release.
///
/// # Errors
///
/// Fails if the folder cannot be read, or has a document whose name is not a version.
pub fn newest(workspace: &Workspace) -> anyhow::Result<Option<(Version, PathBuf)>> {
    let mut newest = None;
    // The folder does not exist before the first release.
    for entry in fs::read_dir(workspace.root.join(RELEASED)).into_iter().flatten() {
        let path = entry.with_context(|| format!("failed to read {RELEASED}"))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".yaml")) else { continue };
        let Some(version) = version(name) else {
            bail!("`{name}` is not a version: name the file like {RELEASED}/0.1.0.yaml");
        };
        newest = newest.max(Some((version, path)));
    }
    Ok(newest)
}

/// Parses a version with three numbers.
pub fn version(text: &str) -> Option<Version> {
    let numbers: Option<Vec<_>> = text.split('.').map(|number| number.parse().ok()).collect();
    numbers?.try_into().ok()
}
