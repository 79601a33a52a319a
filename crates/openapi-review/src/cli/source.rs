//! Reads documents by name: a file, a folder, a git revision, or a file or folder in one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail, ensure};

use super::git::Git;
use super::project::Project;
use crate::document::{Document, Files, Folder, GitTree};
use crate::output::Changed;

/// The endings of files that a folder is searched for.
const ENDINGS: [&str; 3] = [".yaml", ".yml", ".json"];

/// The content of a document, and its origin.
#[derive(Debug, Clone)]
pub struct Source {
    /// A file, or `REV:PATH`.
    pub name: String,
    bytes: Vec<u8>,
    origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    /// A file, and the folder that contains all files that it may refer to.
    File { path: PathBuf, root: PathBuf },
    /// A path in git's syntax: `./` means relative to the folder.
    Revision { folder: PathBuf, revision: String, path: String },
}

/// The target of a name.
#[derive(Debug)]
pub enum Input {
    /// A document.
    Document(Source),
    /// No document, as `/dev/null`: everything in the other one was added or removed.
    Nothing,
    /// The documents in a folder, by their path in it.
    Folder(BTreeMap<String, Source>),
}

impl Source {
    /// Reads a file. A relative `path` is in `folder`.
    ///
    /// ```
    /// use std::path::Path;
    /// use openapi_review::cli::Source;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # std::fs::write(folder.path().join("openapi.yaml"), "openapi: 3.0.3")?;
    /// let source = Source::file(folder.path(), Path::new("openapi.yaml"))?;
    /// assert_eq!(source.name, "openapi.yaml");
    /// # Ok::<(), anyhow::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read.
    pub fn file(folder: &Path, path: &Path) -> anyhow::Result<Self> {
        let path = folder.join(path);
        let name = relative(&path, folder);
        let root = root_of(&path, path.parent().unwrap_or(folder));
        Ok(Self { bytes: read(&path, &name)?, name, origin: Origin::File { path, root } })
    }

    /// The project's document as it is in the work tree.
    ///
    /// ```no_run
    /// # use openapi_review::cli::{Input, Project, Source};
    /// # fn example(project: &Project<'_>) -> anyhow::Result<[Input; 2]> {
    /// let folder = std::env::current_dir()?;
    /// // What this branch changes.
    /// let pair = [Source::merge_base(project)?, Source::work_tree(project, &folder)?].map(Input::Document);
    /// # Ok(pair)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the project names no document, or if the file cannot be read.
    pub fn work_tree(project: &Project<'_>, folder: &Path) -> anyhow::Result<Self> {
        Self::file(folder, &project.root.join(project.document()?))
    }

    /// The project's document as it is in a git revision.
    ///
    /// ```no_run
    /// # use openapi_review::cli::{Project, Source};
    /// # fn example(project: &Project<'_>) -> anyhow::Result<()> {
    /// let source = Source::revision(project, "v1.0.0")?;
    /// println!("{}", source.name);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the project names no document, or if the revision has none.
    pub fn revision(project: &Project<'_>, revision: &str) -> anyhow::Result<Self> {
        let document = project.document()?;
        let git = Git::open(project.root)?;
        Self::in_git(&git, project.root, format!("{revision}:{document}"), revision, format!("./{document}"))
    }

    /// The project's document where this branch left the main branch.
    ///
    /// ```no_run
    /// # use openapi_review::cli::{Project, Source};
    /// # fn example(project: &Project<'_>) -> anyhow::Result<()> {
    /// let source = Source::merge_base(project)?;
    /// println!("{:?} is the commit to compare with", source.in_revision());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the clone lacks the main branch or a part of the history; the error says what to fetch.
    pub fn merge_base(project: &Project<'_>) -> anyhow::Result<Self> {
        let base = Git::open(project.root)?.merge_base()?;
        Self::revision(project, &base)
    }

    /// The same document with another name in reports.
    pub(super) fn labelled(self, name: String) -> Self {
        Self { name, ..self }
    }

    fn in_git(git: &Git, folder: &Path, name: String, revision: &str, path: String) -> anyhow::Result<Self> {
        let bytes = git.bytes(revision, &path)?;
        let origin = Origin::Revision { folder: folder.to_owned(), revision: revision.to_owned(), path };
        Ok(Self { name, bytes, origin })
    }

    pub(super) fn parse(&self) -> anyhow::Result<Document> {
        let (files, path): (Box<dyn Files>, String) = match &self.origin {
            Origin::File { path, root } => {
                let path = relative(path, root).replace('\\', "/");
                let prefix = self.name.replace('\\', "/").strip_suffix(&path).unwrap_or_default().to_owned();
                (Box::new(Folder::new(root, prefix)), path)
            }
            Origin::Revision { folder, revision, path } => {
                let (tree, path) = GitTree::new(folder, revision, path).map_err(|reason| anyhow!(reason))?;
                (Box::new(tree), path)
            }
        };
        Ok(Document::load(&self.name, &self.bytes, &path, &*files)?)
    }

    fn is_project_document(&self, project: &Project<'_>) -> bool {
        let Some(document) = project.document else { return false };
        match &self.origin {
            Origin::File { path, .. } => *path == project.root.join(document),
            Origin::Revision { folder, path, .. } => {
                folder == project.root && path.strip_prefix("./") == Some(document)
            }
        }
    }

    /// The git revision that contains the document; none for a file.
    ///
    /// ```no_run
    /// # use openapi_review::cli::{Merged, Project, Source};
    /// # fn example(project: &Project<'_>) -> anyhow::Result<Merged> {
    /// let base = Source::merge_base(project)?;
    /// let merged = base.in_revision().map_or(Merged::None, |revision| Merged::Of(revision.to_owned()));
    /// # Ok(merged)
    /// # }
    /// ```
    pub fn in_revision(&self) -> Option<&str> {
        match &self.origin {
            Origin::File { .. } => None,
            Origin::Revision { revision, .. } => Some(revision),
        }
    }
}

impl Input {
    /// Reads what `name` refers to: a file or folder if one exists, else a git revision, or a file or folder in one.
    ///
    /// ```no_run
    /// # use std::path::Path;
    /// # use openapi_review::cli::{Input, Project};
    /// # fn example(project: &Project<'_>, folder: &Path) -> anyhow::Result<()> {
    /// let file = Input::named(project, folder, "openapi.yaml")?;
    /// let file_of_a_revision = Input::named(project, folder, "main:openapi.yaml")?;
    /// let document_of_a_tag = Input::named(project, folder, "v1.0.0")?;
    /// let nothing = Input::named(project, folder, "/dev/null")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if there is no such thing, or if it cannot be read.
    pub fn named(project: &Project<'_>, folder: &Path, name: &str) -> anyhow::Result<Self> {
        ensure!(!name.is_empty(), "the name is empty: name a file, a folder, a git revision or REV:PATH");
        if name == "/dev/null" {
            return Ok(Self::Nothing);
        }
        let path = folder.join(name);
        if path.is_dir() {
            return Self::folder(folder, name, &path);
        }
        if path.exists() {
            return Source::file(folder, &path).map(Self::Document);
        }
        match name.split_once(':') {
            _ if is_drive(name) => Source::file(folder, &path).map(Self::Document),
            Some((revision, path)) => Self::in_revision(folder, name, revision, path),
            None => {
                let missing = || format!("there is no file `{name}`");
                Source::revision(project, name).map(Self::Document).with_context(missing)
            }
        }
    }

    fn in_revision(folder: &Path, name: &str, revision: &str, path: &str) -> anyhow::Result<Self> {
        let git = Git::open(folder)?;
        let Some(files) = git.folder_files(revision, path)? else {
            let source = Source::in_git(&git, folder, name.to_owned(), revision, path.to_owned())?;
            return Ok(Self::Document(source));
        };
        let mut documents = BTreeMap::new();
        let separator = if path.is_empty() || path.ends_with('/') { "" } else { "/" };
        for file in files.into_iter().filter(|file| has_ending(file)) {
            let path = format!("{path}{separator}{file}");
            let source = Source::in_git(&git, folder, format!("{revision}:{path}"), revision, path)?;
            if is_document(&source.bytes) {
                documents.insert(file, source);
            }
        }
        Ok(Self::Folder(documents))
    }

    fn folder(folder: &Path, name: &str, path: &Path) -> anyhow::Result<Self> {
        let mut documents = BTreeMap::new();
        let mut open = vec![path.to_owned()];
        while let Some(inner) = open.pop() {
            let unreadable = || format!("failed to read the folder {}", relative(&inner, folder));
            for entry in fs::read_dir(&inner).with_context(unreadable)? {
                let entry = entry.with_context(unreadable)?;
                let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
                // Links are not followed, because they may lead out of the folder.
                let kind = entry.file_type().with_context(unreadable)?;
                if kind.is_dir() && !is_hidden {
                    open.push(entry.path());
                    continue;
                }
                let file = relative(&entry.path(), path).replace('\\', "/");
                if !kind.is_file() || !has_ending(&file) {
                    continue;
                }
                let name = Path::new(name).join(&file).display().to_string();
                let bytes = read(&entry.path(), &name)?;
                if is_document(&bytes) {
                    let root = root_of(path, path);
                    documents.insert(file, Source { name, bytes, origin: Origin::File { path: entry.path(), root } });
                }
            }
        }
        Ok(Self::Folder(documents))
    }
}

/// The pairs of documents to compare.
///
/// # Errors
///
/// Fails if one is a document and the other a folder, or if there is no document.
pub(super) fn pairs(base: Input, revision: Input) -> anyhow::Result<Vec<[Option<Source>; 2]>> {
    match (base, revision) {
        (Input::Document(base), Input::Document(revision)) => Ok(vec![[Some(base), Some(revision)]]),
        (Input::Nothing, Input::Document(revision)) => Ok(vec![[None, Some(revision)]]),
        (Input::Document(base), Input::Nothing) => Ok(vec![[Some(base), None]]),
        (Input::Folder(mut base), Input::Folder(mut revision)) => {
            let files: BTreeSet<String> = base.keys().chain(revision.keys()).cloned().collect();
            ensure!(!files.is_empty(), "neither folder has an OpenAPI document in YAML or JSON: name the document");
            Ok(files.into_iter().map(|file| [base.remove(&file), revision.remove(&file)]).collect())
        }
        (Input::Nothing, Input::Nothing) => bail!("neither name has a document: name two documents"),
        _ => bail!("a folder cannot be compared with a document: name two documents or two folders"),
    }
}

/// The files that changed together with the document, for reviewers. Empty if the documents are not those of the project.
pub(super) fn changed_files(project: &Project<'_>, base: &Source, revision: &Source) -> Vec<Changed> {
    let is_ours = [base, revision].iter().all(|source| source.is_project_document(project));
    let (Some(base), true) = (base.in_revision(), is_ours) else { return Vec::new() };
    let Ok(git) = Git::open(project.root) else { return Vec::new() };
    let changed = |path: &&str| git.changed(base, revision.in_revision(), path).ok();
    let changed: Vec<_> = project.companions.iter().filter_map(changed).collect();
    if changed.iter().all(|changed| changed.files == 0) { Vec::new() } else { changed }
}

/// The root of the git work tree that contains `path`; `otherwise` if there is none.
fn root_of(path: &Path, otherwise: &Path) -> PathBuf {
    path.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(otherwise).to_owned()
}

fn read(path: &Path, name: &str) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("failed to read {name}"))
}

fn has_ending(file: &str) -> bool {
    ENDINGS.iter().any(|ending| file.ends_with(ending))
}

/// Whether a text has the version of an OpenAPI document among the keys of its root.
fn is_document(bytes: &[u8]) -> bool {
    // In a file of several lines, a deeper key of this name is indented more than the one of JSON's root.
    String::from_utf8_lossy(bytes).lines().filter(|line| !line.starts_with("     ")).any(|line| {
        let line = line.trim_start_matches(['{', ' ', '\t', '"', '\'', '\u{feff}']);
        let rest = ["openapi", "swagger"].iter().find_map(|key| line.strip_prefix(key));
        rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
    })
}

/// Whether `name` begins with a drive such as `C:\` or `C:/`, which no `REV:PATH` does.
fn is_drive(name: &str) -> bool {
    matches!(name.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic())
}

/// `path` relative to `folder` if it is in there.
pub(super) fn relative(path: &Path, folder: &Path) -> String {
    let path: PathBuf = path.components().collect();
    path.strip_prefix(folder).unwrap_or(&path).display().to_string()
}
