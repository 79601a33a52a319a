//! Reads a document from a file, from a git revision, or from the releases.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use openapi_review::output::Changed;
use xtask::{DOCUMENT, GENERATED, Workspace};

use crate::git::Git;

/// The released documents, relative to the root of the workspace.
const RELEASED: &str = "openapi/released";

/// The snapshots of decoded responses, relative to the root of the workspace.
const SNAPSHOTS: &str = "tests/it/snapshots";

/// The text of a document, and its origin.
#[derive(Debug)]
pub(crate) struct Source {
    /// A file, or `REV:path`.
    pub(crate) name: String,
    pub(crate) text: String,
    /// The git revision that contains it.
    revision: Option<String>,
    /// Whether it is a state of this repository's document.
    is_ours: bool,
}

impl Source {
    pub(crate) fn file(path: &Path, folder: &Path) -> anyhow::Result<Self> {
        let name = relative(path, folder);
        let text = fs::read_to_string(path).with_context(|| match fs::read(path) {
            Ok(_) => format!("{name} is not UTF-8: save it as UTF-8"),
            Err(_) => format!("failed to read {name}"),
        })?;
        let is_ours = path == Workspace::around(folder).document();
        Ok(Self { name, text, revision: None, is_ours })
    }

    /// The document as it is in `revision`.
    fn revision(workspace: &Workspace, revision: &str) -> anyhow::Result<Self> {
        let text = Git::open(&workspace.root)?.text(revision, &format!("./{DOCUMENT}"))?;
        Ok(Self { name: format!("{revision}:{DOCUMENT}"), text, revision: Some(revision.to_owned()), is_ours: true })
    }

    /// The text of another file in the same git revision, with `path` relative to the root of the workspace.
    pub(crate) fn sibling(&self, workspace: &Workspace, path: &str) -> Option<String> {
        Git::open(&workspace.root).ok()?.text(self.revision.as_deref()?, &format!("./{path}")).ok()
    }
}

/// The files that changed together with the document, for reviewers. Empty if the documents are not from this repository.
pub(crate) fn changed_files(workspace: &Workspace, base: &Source, revision: &Source) -> Vec<Changed> {
    let (Some(base), true) = (&base.revision, base.is_ours && revision.is_ours) else { return Vec::new() };
    let Ok(git) = Git::open(&workspace.root) else { return Vec::new() };
    let changed = |path: &&str| git.changed(base, revision.revision.as_deref(), path).ok();
    let changed: Vec<_> = [DOCUMENT, GENERATED, SNAPSHOTS].iter().filter_map(changed).collect();
    if changed.iter().all(|changed| changed.files == 0) { Vec::new() } else { changed }
}

/// Reads the named document: a file if one exists, else a git revision or a file in one.
pub(crate) fn named(workspace: &Workspace, folder: &Path, name: &str) -> anyhow::Result<Source> {
    ensure!(!name.is_empty(), "the name is empty: name a file, a git revision or REV:PATH");
    let path = folder.join(name);
    ensure!(!path.is_dir(), "`{name}` is a folder: name a file in it, a git revision or REV:PATH");
    if path.exists() {
        return Source::file(&path, folder);
    }
    match name.split_once(':') {
        _ if is_drive(name) => Source::file(&path, folder),
        Some((revision, path)) => {
            let text = Git::open(folder)?.text(revision, path)?;
            Ok(Source { name: name.to_owned(), text, revision: Some(revision.to_owned()), is_ours: false })
        }
        None => Source::revision(workspace, name).with_context(|| format!("there is no file `{name}`")),
    }
}

/// Whether `name` begins with a drive such as `C:\` or `C:/`, which no `REV:PATH` does.
fn is_drive(name: &str) -> bool {
    matches!(name.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic())
}

/// The document where this branch left the main branch.
pub(crate) fn merge_base(workspace: &Workspace) -> anyhow::Result<Source> {
    let base = Git::open(&workspace.root)?.merge_base()?;
    Source::revision(workspace, &base)
}

/// Reads the document of the newest release.
pub(crate) fn released(workspace: &Workspace, folder: &Path) -> anyhow::Result<Source> {
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
    Source::file(&path, folder)
}

/// The three numbers of a version.
fn version(text: &str) -> Option<[u64; 3]> {
    let numbers: Option<Vec<_>> = text.split('.').map(|number| number.parse().ok()).collect();
    numbers?.try_into().ok()
}

/// `path` relative to `folder` if it is in there.
pub(crate) fn relative(path: &Path, folder: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).display().to_string()
}
