//! The files of a git revision.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::files::{Files, Location};

/// The files of a git revision, read with the program `git`. Their root is that of the repository.
#[derive(Debug)]
pub struct GitTree {
    folder: PathBuf,
    revision: String,
}

impl GitTree {
    /// The revision of the repository that has `folder` in its work tree, or the index if `revision` is empty, and `path`
    /// from the root of the repository. As in git, a `path` that begins with `./` or `../` is relative to `folder`.
    ///
    /// ```no_run
    /// use openapi_review::document::{Document, Files, GitTree};
    ///
    /// # fn example() -> Result<Document, Box<dyn std::error::Error>> {
    /// let (files, path) = GitTree::new(".", "main", "./openapi.yaml")?;
    /// let document = Document::load("main:openapi.yaml", &files.read(&path)?, &path, &files)?;
    /// # Ok(document)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails with the reason if git is missing, if the folder is not in a work tree, or if the path leads out of it.
    pub fn new(folder: impl Into<PathBuf>, revision: &str, path: &str) -> Result<(Self, String), String> {
        let tree = Self { folder: folder.into(), revision: revision.to_owned() };
        let is_relative = path.starts_with("./") || path.starts_with("../");
        let prefix = if is_relative { tree.run(&["rev-parse", "--show-prefix"])? } else { Vec::new() };
        let prefix = String::from_utf8_lossy(&prefix);
        match Location::of(path, prefix.trim_end_matches('\n')) {
            Location::File(path) => Ok((tree, path)),
            _ => Err(format!("`{path}` is not a path in the repository")),
        }
    }

    fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        git(&self.folder, arguments)
    }
}

/// The output of git in a folder, or the reason why it failed.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git")
        .args(["-c", "core.quotePath=false"])
        .args(arguments)
        // Within a git hook, these would select the repository of the hook.
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env("LC_ALL", "C")
        .current_dir(folder)
        .output()
        .map_err(|error| format!("failed to start git: install it, or name two files: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let reason = String::from_utf8_lossy(&output.stderr);
    Err(format!("git: {}", reason.lines().next().unwrap_or("failed").trim_start_matches("fatal: ")))
}

impl Files for GitTree {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        // The text of a symbolic link is the path that it leads to. After `--end-of-options`, git takes no name as an option.
        let listed = match &*self.revision {
            // The index.
            "" => self.run(&["ls-files", "--stage", "--", &format!(":/{path}")])?,
            revision => self.run(&["ls-tree", "--full-tree", "--end-of-options", revision, path])?,
        };
        match listed.split(|byte| *byte == b' ').next() {
            Some(b"120000") => Err("it is a symbolic link: refer to the file itself".to_owned()),
            Some(b"") | None if self.revision.is_empty() => Err("no such file in the index".to_owned()),
            Some(b"") | None => Err(format!("no such file in {}", self.revision)),
            _ => self.run(&["cat-file", "blob", "--end-of-options", &format!("{}:{path}", self.revision)]),
        }
    }

    fn name(&self, path: &str) -> String {
        format!("{}:{path}", self.revision)
    }
}
