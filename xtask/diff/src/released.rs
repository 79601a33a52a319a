//! The document of the newest release.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, bail};
use xtask::Workspace;

/// The released documents, relative to the root of the workspace.
const RELEASED: &str = "openapi/released";

/// The path of the document of the newest release.
pub(crate) fn newest(workspace: &Workspace) -> anyhow::Result<PathBuf> {
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
    let Some((_, path)) = newest else {
        bail!("nothing is released yet, so {RELEASED} has no document: name BASE instead of `--released`");
    };
    Ok(path)
}

/// The three numbers of a version.
fn version(text: &str) -> Option<[u64; 3]> {
    let numbers: Option<Vec<_>> = text.split('.').map(|number| number.parse().ok()).collect();
    numbers?.try_into().ok()
}
