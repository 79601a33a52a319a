//! Finds snapshots that no test reads.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, ensure};

use crate::Workspace;

/// The file to which the tests write the path of each snapshot that they read.
const REFERENCES: &str = "target/snapshot-references";

/// Makes sure that the file of references can be written, and is new.
pub(super) fn references_file(workspace: &Workspace) -> io::Result<PathBuf> {
    // The folder does not exist yet if CARGO_TARGET_DIR names another one.
    fs::create_dir_all(workspace.root.join("target"))?;
    let file = workspace.root.join(REFERENCES);
    drop(fs::remove_file(&file));
    Ok(file)
}

/// Fails if there are snapshots that the last tests did not read.
pub(super) fn ensure_all_are_read(workspace: &Workspace) -> anyhow::Result<()> {
    let read = fs::read_to_string(workspace.root.join(REFERENCES)).context("the tests recorded no snapshots")?;
    let read: BTreeSet<_> = read.lines().filter_map(|line| Path::new(line).canonicalize().ok()).collect();
    let mut found = Vec::new();
    collect_snapshots(&workspace.root.join("tests"), &mut found)?;
    let unread: Vec<_> =
        found.iter().filter(|file| !read.contains(*file)).map(|file| file.display().to_string()).collect();
    ensure!(unread.is_empty(), "no test reads these snapshots:\n{}", unread.join("\n"));
    Ok(())
}

fn collect_snapshots(folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect_snapshots(&path, found)?;
        } else if path.extension() == Some(OsStr::new("snap")) {
            found.push(path.canonicalize()?);
        }
    }
    Ok(())
}
