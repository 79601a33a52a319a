//! The text of a document: from a file, from a git revision, or from the released ones.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use openapi_review::output::Changed;

use super::git::Git;
use crate::{Checkout, DOCUMENT, GENERATED};

/// Where the released documents are, from the folder of the workspace.
const RELEASED: &str = "openapi/released";

/// Where the snapshots of what is decoded are, from the folder of the workspace.
const SNAPSHOTS: &str = "tests/it/snapshots";

/// A document that was read.
#[derive(Debug)]
pub(super) struct Source {
    /// As a reader would find it: a file, or `REV:path`.
    pub(super) name: String,
    pub(super) text: String,
    /// The git revision that it is from.
    revision: Option<String>,
    /// Whether it is the document of this repository.
    is_ours: bool,
}

impl Source {
    pub(super) fn file(path: &Path, folder: &Path) -> anyhow::Result<Self> {
        let name = shown(path, folder);
        let text = fs::read_to_string(path).with_context(|| match fs::read(path) {
            Ok(_) => format!("{name} is not UTF-8: save it as UTF-8"),
            Err(_) => format!("failed to read {name}"),
        })?;
        let is_ours = path == Checkout::around(folder).document();
        Ok(Self { name, text, revision: None, is_ours })
    }

    /// The document as it is in `revision`.
    fn revision(here: &Checkout, revision: &str) -> anyhow::Result<Self> {
        let text = Git::open(&here.root)?.text(revision, &format!("./{DOCUMENT}"))?;
        Ok(Self { name: format!("{revision}:{DOCUMENT}"), text, revision: Some(revision.to_owned()), is_ours: true })
    }

    /// The text of another file of the same git revision, from the folder of the workspace.
    pub(super) fn beside(&self, here: &Checkout, path: &str) -> Option<String> {
        Git::open(&here.root).ok()?.text(self.revision.as_deref()?, &format!("./{path}")).ok()
    }
}

/// What else changed between two states of the document, for those who review it: nothing where they are no states of
/// this repository.
pub(super) fn changed_with(here: &Checkout, base: &Source, revision: &Source) -> Vec<Changed> {
    let (Some(base), true) = (&base.revision, base.is_ours && revision.is_ours) else { return Vec::new() };
    let Ok(git) = Git::open(&here.root) else { return Vec::new() };
    let changed = |path: &&str| git.changed(base, revision.revision.as_deref(), path).ok();
    let changed: Vec<_> = [DOCUMENT, GENERATED, SNAPSHOTS].iter().filter_map(changed).collect();
    if changed.iter().all(|changed| changed.files == 0) { Vec::new() } else { changed }
}

/// What the user named: a file where there is one, else a git revision or a file of one.
pub(super) fn named(here: &Checkout, folder: &Path, name: &str) -> anyhow::Result<Source> {
    ensure!(!name.is_empty(), "an empty name is no document: name a file, a git revision or REV:PATH");
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
        None => Source::revision(here, name).with_context(|| format!("there is no file `{name}`")),
    }
}

/// Whether `name` begins like `C:\` or `C:/`, which no file of a revision does.
fn is_drive(name: &str) -> bool {
    matches!(name.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic())
}

/// The document where this branch left the main one.
pub(super) fn merge_base(here: &Checkout) -> anyhow::Result<Source> {
    let base = Git::open(&here.root)?.merge_base()?;
    Source::revision(here, &base)
}

/// The document of the newest release.
pub(super) fn released(here: &Checkout, folder: &Path) -> anyhow::Result<Source> {
    let mut newest = None;
    // Without a release there is no folder.
    for entry in fs::read_dir(here.root.join(RELEASED)).into_iter().flatten() {
        let path = entry.with_context(|| format!("failed to read {RELEASED}"))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".yaml")) else { continue };
        let Some(version) = version(name) else {
            bail!("`{name}` is no version: name the file like {RELEASED}/0.1.0.yaml");
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

/// How a reader in `folder` names `path`.
pub(super) fn shown(path: &Path, folder: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).display().to_string()
}
