//! Reads documents by name: a file, a folder, a git revision, or a file or folder in one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

use super::git::Git;
use super::project::Project;
use crate::document::Document;
use crate::output::Changed;

/// The endings of files that a folder is searched for.
const ENDINGS: [&str; 3] = [".yaml", ".yml", ".json"];

/// The text of a document, and its origin.
#[derive(Debug, Clone)]
pub struct Source {
    /// A file, or `REV:PATH`.
    pub name: String,
    pub(super) text: String,
    /// The git revision that contains it.
    pub(super) revision: Option<String>,
    /// Whether it is a state of the project's document.
    is_project_document: bool,
}

/// What a name refers to.
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
    /// # Errors
    ///
    /// Fails if the file cannot be read or is not UTF-8.
    pub fn file(project: &Project<'_>, folder: &Path, path: &Path) -> anyhow::Result<Self> {
        let path = folder.join(path);
        let name = relative(&path, folder);
        let is_project_document = project.document.is_some_and(|document| path == project.root.join(document));
        Ok(Self { text: read(&path, &name)?, name, revision: None, is_project_document })
    }

    /// The project's document as it is in the work tree.
    ///
    /// # Errors
    ///
    /// Fails if the project names no document, or if the file cannot be read.
    pub fn work_tree(project: &Project<'_>, folder: &Path) -> anyhow::Result<Self> {
        Self::file(project, folder, &project.root.join(project.document()?))
    }

    /// The project's document as it is in a git revision.
    ///
    /// # Errors
    ///
    /// Fails if the project names no document, or if the revision has none.
    pub fn revision(project: &Project<'_>, revision: &str) -> anyhow::Result<Self> {
        let document = project.document()?;
        let text = Git::open(project.root)?.text(revision, &format!("./{document}"))?;
        let name = format!("{revision}:{document}");
        Ok(Self { name, text, revision: Some(revision.to_owned()), is_project_document: true })
    }

    /// The project's document where this branch left the main branch.
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

    pub(super) fn parse(&self) -> anyhow::Result<Document> {
        Ok(Document::parse(&self.name, &self.text)?)
    }

    /// The git revision that contains the document; none for a file.
    pub fn in_revision(&self) -> Option<&str> {
        self.revision.as_deref()
    }
}

impl Input {
    /// Reads what `name` refers to: a file or folder if one exists, else a git revision, or a file or folder in one.
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
            return Source::file(project, folder, &path).map(Self::Document);
        }
        match name.split_once(':') {
            _ if is_drive(name) => Source::file(project, folder, &path).map(Self::Document),
            Some((revision, path)) => Self::in_revision(folder, name, revision, path),
            None => {
                let missing = || format!("there is no file `{name}`");
                Source::revision(project, name).map(Self::Document).with_context(missing)
            }
        }
    }

    fn in_revision(folder: &Path, name: &str, revision: &str, path: &str) -> anyhow::Result<Self> {
        let git = Git::open(folder)?;
        let source = |name: String, text: String| Source {
            name,
            text,
            revision: Some(revision.to_owned()),
            is_project_document: false,
        };
        let Some(files) = git.folder_files(revision, path)? else {
            return Ok(Self::Document(source(name.to_owned(), git.text(revision, path)?)));
        };
        let mut documents = BTreeMap::new();
        for file in files.into_iter().filter(|file| has_ending(file)) {
            let separator = if path.is_empty() || path.ends_with('/') { "" } else { "/" };
            let text = git.text(revision, &format!("{path}{separator}{file}"))?;
            if is_document(&text) {
                documents.insert(file.clone(), source(format!("{name}{separator}{file}"), text));
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
                let text = read(&entry.path(), &name)?;
                if is_document(&text) {
                    documents.insert(file, Source { name, text, revision: None, is_project_document: false });
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
    let is_ours = base.is_project_document && revision.is_project_document;
    let (Some(base), true) = (&base.revision, is_ours) else { return Vec::new() };
    let Ok(git) = Git::open(project.root) else { return Vec::new() };
    let changed = |path: &&str| git.changed(base, revision.revision.as_deref(), path).ok();
    let changed: Vec<_> = project.companions.iter().filter_map(changed).collect();
    if changed.iter().all(|changed| changed.files == 0) { Vec::new() } else { changed }
}

fn read(path: &Path, name: &str) -> anyhow::Result<String> {
    let bytes = fs::read(path).with_context(|| format!("failed to read {name}"))?;
    String::from_utf8(bytes).ok().with_context(|| format!("{name} is not UTF-8: save it as UTF-8"))
}

fn has_ending(file: &str) -> bool {
    ENDINGS.iter().any(|ending| file.ends_with(ending))
}

/// Whether a text has the version of an OpenAPI document among the keys of its root.
pub(super) fn is_document(text: &str) -> bool {
    let unquoted = |line: &str| line.trim_start_matches(['{', ' ', '\t', '"', '\'', '\u{feff}']).to_owned();
    // In a file of several lines, a deeper key of this name is indented more than the one of JSON's root.
    text.lines().filter(|line| !line.starts_with("     ")).map(unquoted).any(|line| {
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
