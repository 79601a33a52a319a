//! Reads a git repository.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

use crate::document::{self, GitTree};
use crate::output::Changed;

/// Names of the main branch, in order of preference.
const MAIN_BRANCHES: [&str; 4] =
    ["refs/remotes/origin/main", "refs/heads/main", "refs/remotes/origin/master", "refs/heads/master"];

/// A repository, opened in a folder of its work tree.
#[derive(Debug)]
pub struct Git {
    folder: PathBuf,
    is_shallow: bool,
}

/// A commit that changed a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Commit {
    /// The first digits of its id.
    pub(super) id: String,
    /// The day of the commit, such as `2026-01-31`.
    pub(super) date: String,
    pub(super) subject: String,
    /// The file before and after the commit; none if it did not exist.
    pub(super) files: [Option<Blob>; 2],
}

/// The content of a file, by id, with its path relative to the root of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Blob {
    pub(super) id: String,
    pub(super) path: String,
}

impl Git {
    /// ```no_run
    /// # use std::path::Path;
    /// # use openapi_review::cli::Git;
    /// let git = Git::open(Path::new("."))?;
    /// println!("the branch left the main branch at {}", git.merge_base()?);
    /// # Ok::<(), anyhow::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if git is missing, or if the folder is not in a work tree.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let mut git = Self { folder: folder.to_owned(), is_shallow: false };
        let answer = git.run(&["rev-parse", "--is-shallow-repository"]).context("no history to compare with")?;
        git.is_shallow = answer.trim() == "true";
        Ok(git)
    }

    /// The content of a file in a revision, with `path` in git's syntax: `./` means relative to the folder.
    ///
    /// ```no_run
    /// # use openapi_review::cli::Git;
    /// # use openapi_review::document::Document;
    /// # fn example(git: &Git) -> anyhow::Result<Document> {
    /// let bytes = git.bytes("main", "./openapi.yaml")?;
    /// let document = Document::parse("main:openapi.yaml", &String::from_utf8(bytes)?)?;
    /// # Ok(document)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the revision is unknown, or has no such file.
    pub fn bytes(&self, revision: &str, path: &str) -> anyhow::Result<Vec<u8>> {
        self.ensure_revision(revision)?;
        self.blob(&format!("{revision}:{path}")).with_context(|| format!("failed to read `{path}` of `{revision}`"))
    }

    /// The files of a revision, and the path of one of them, which is relative to the root of the repository.
    pub(super) fn tree(&self, revision: &str, path: &str) -> Result<(GitTree, String), String> {
        GitTree::new(&self.folder, revision, path)
    }

    /// The short id of the last common commit of HEAD and the main branch: on the main branch, HEAD itself.
    ///
    /// ```no_run
    /// # use openapi_review::cli::Git;
    /// # fn example(git: &Git) -> anyhow::Result<Vec<u8>> {
    /// let base = git.merge_base()?;
    /// let before = git.bytes(&base, "./openapi.yaml")?;
    /// # Ok(before)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if there is no such commit, or if the clone lacks it; the error says what to fetch.
    pub fn merge_base(&self) -> anyhow::Result<String> {
        let Some(main) = MAIN_BRANCHES.into_iter().find(|name| self.has(name)) else {
            bail!(self.hint(
                "this clone has no branch main or master: run `git fetch origin main:refs/remotes/origin/main`, or name the \
                 old document"
                    .to_owned()
            ));
        };
        let base = self.run(&["merge-base", "HEAD", main]).with_context(|| {
            self.hint(format!("HEAD and {main} have no common commit in this clone: name the old document"))
        })?;
        Ok(self.run(&["rev-parse", "--short=12", base.trim()])?.trim().to_owned())
    }

    /// Counts the changes of `path` between `base` and `revision`, or the work tree if `revision` is none.
    pub(super) fn changed(&self, base: &str, revision: Option<&str>, path: &str) -> anyhow::Result<Changed> {
        let mut arguments = vec!["diff", "--numstat", "--end-of-options", base];
        arguments.extend(revision);
        arguments.extend(["--", path]);
        let listed = self.run(&arguments)?;
        let mut changed = Changed { path: path.to_owned(), files: 0, added: 0, removed: 0 };
        for line in listed.lines() {
            let mut numbers = line.split('\t').map(|number| number.parse().unwrap_or(0));
            changed.files += 1;
            changed.added += numbers.next().unwrap_or(0);
            changed.removed += numbers.next().unwrap_or(0);
        }
        Ok(changed)
    }

    /// The files in a folder of a revision, relative to that folder; none if `path` is not a folder.
    pub(super) fn folder_files(&self, revision: &str, path: &str) -> anyhow::Result<Option<Vec<String>>> {
        self.ensure_revision(revision)?;
        let object = format!("{revision}:{path}");
        match self.run(&["cat-file", "-t", "--end-of-options", &object]) {
            Ok(kind) if kind.trim() == "tree" => {}
            // Reading the file reports a missing one.
            _ => return Ok(None),
        }
        let listed = self.run(&["ls-tree", "-r", "-z", "--name-only", "--end-of-options", &object])?;
        Ok(Some(listed.split_terminator('\0').map(str::to_owned).collect()))
    }

    /// The commits that changed the file at `path`, newest first. Renames are followed, and a merge counts as one commit.
    pub(super) fn history(&self, path: &str, range: Option<&str>, max: Option<usize>) -> anyhow::Result<Vec<Commit>> {
        let max = max.map(|max| format!("--max-count={max}"));
        let mut arguments = vec![
            "log",
            "--first-parent",
            "--diff-merges=first-parent",
            "--follow",
            "--raw",
            "--no-abbrev",
            "--date=short",
            "--format=%x00%H%x09%cd%x09%s",
        ];
        arguments.extend(max.as_deref());
        arguments.push("--end-of-options");
        arguments.push(range.unwrap_or("HEAD"));
        arguments.extend(["--", path]);
        let printed = self.run(&arguments)?;
        Ok(printed.split('\0').filter_map(commit).collect())
    }

    /// The content of a file by its id, or by its name in git's syntax.
    pub(super) fn blob(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        // After `--end-of-options`, git takes no name as an option.
        self.output(&["cat-file", "blob", "--end-of-options", name])
    }

    /// Whether the history ends before the first commit.
    pub(super) fn is_shallow(&self) -> bool {
        self.is_shallow
    }

    /// The root of the work tree.
    pub(super) fn root(&self) -> anyhow::Result<PathBuf> {
        Ok(PathBuf::from(self.run(&["rev-parse", "--show-toplevel"])?.trim_end_matches(['\n', '\r'])))
    }

    /// The tracked files that may be OpenAPI documents, relative to the folder of the repository.
    pub(super) fn candidates(&self) -> anyhow::Result<Vec<String>> {
        let pattern = "^[[:space:]{]*[\"']?openapi[\"']?[[:space:]]*:";
        let files = ["*.yaml", "*.yml", "*.json"];
        let arguments = ["grep", "-z", "--files-with-matches", "--extended-regexp", "-e", pattern, "--"];
        // Without a match, git fails.
        let found = self.run(&[&arguments[..], &files[..]].concat()).unwrap_or_default();
        Ok(found.split_terminator('\0').map(str::to_owned).collect())
    }

    /// The day of a revision, such as `2026-01-31`.
    pub(super) fn date(&self, revision: &str) -> anyhow::Result<String> {
        let arguments = ["log", "-1", "--date=short", "--format=%cd", "--end-of-options", revision];
        Ok(self.run(&arguments)?.trim().to_owned())
    }

    fn ensure_revision(&self, revision: &str) -> anyhow::Result<()> {
        let unknown = || format!("`{revision}` is not a git revision of this repository: fetch it, or name another");
        // An empty revision is the index.
        ensure!(revision.is_empty() || self.has(revision), self.hint(unknown()));
        Ok(())
    }

    fn has(&self, revision: &str) -> bool {
        self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")]).is_ok()
    }

    /// Adds how to fetch the rest, if the clone has only a part of the history.
    fn hint(&self, text: String) -> String {
        if self.is_shallow {
            format!("{text}, or run `git fetch --unshallow`, because this clone is shallow")
        } else {
            text
        }
    }

    fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        String::from_utf8(self.output(arguments)?).context("not UTF-8")
    }

    fn output(&self, arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
        document::git(&self.folder, arguments).map_err(anyhow::Error::msg)
    }
}

/// Parses a commit: its id, date and subject in the first line, then a line for each changed file.
fn commit(text: &str) -> Option<Commit> {
    let (head, files) = text.split_once('\n')?;
    let mut head = head.splitn(3, '\t').map(str::to_owned);
    let (id, date, subject) = (head.next()?, head.next()?, head.next()?);
    let id = id.get(..12)?.to_owned();
    let line = files.lines().find_map(|line| line.strip_prefix(':'))?;
    let (status, paths) = line.split_once('\t')?;
    // Modes of both sides, ids of both sides, and the kind of the change.
    let fields: Vec<&str> = status.split(' ').collect();
    let [_, _, old, new, _] = fields[..] else { return None };
    let (old_path, new_path) = paths.split_once('\t').unwrap_or((paths, paths));
    let blob = |id: &str, path: &str| {
        let exists = id.bytes().any(|digit| digit != b'0');
        exists.then(|| Blob { id: id.to_owned(), path: path.to_owned() })
    };
    Some(Commit { id, date, subject, files: [blob(old, old_path), blob(new, new_path)] })
}
