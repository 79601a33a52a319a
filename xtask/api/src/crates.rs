//! The published libraries.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use xtask::Workspace;

pub(crate) struct Library {
    /// The name of the package, which is the name of its folder.
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
}

/// The packages in `crates` that have a library and are published, by name.
pub(crate) fn published_libraries(workspace: &Workspace) -> anyhow::Result<Vec<Library>> {
    let mut libraries = Vec::new();
    for entry in fs::read_dir(workspace.root.join("crates")).context("failed to read crates")? {
        let entry = entry?;
        let (name, folder) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        let manifest = folder.join("Cargo.toml");
        let manifest =
            fs::read_to_string(&manifest).with_context(|| format!("failed to read {}", manifest.display()))?;
        if folder.join("src/lib.rs").is_file() && !manifest.lines().any(|line| line == "publish = false") {
            libraries.push(Library { name, folder });
        }
    }
    libraries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(libraries)
}
