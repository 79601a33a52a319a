//! Reads a git repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use openapi_review::output::Changed;

/// Names of the main branch, in order of preference.
const MAIN_BRANCHES: [&str; 4] =
    ["refs/remotes/origin/main", "refs/heads/main", "refs/remotes/origin/master", "refs/heads/master"];

/// A repository, opened in a folder of its work tree.
#[derive(Debug)]
pub(crate) struct Git {
    folder: PathBuf,
    is_shallow: bool,
}

impl Git {
    /// # Errors
    ///
    /// Fails if git is missing, or if the folder is not in a work tree.
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Self> {
        let mut git = Self { folder: folder.to_owned(), is_shallow: false };
        let answer = git.run(&["rev-parse", "--is-shallow-repository"]).context("no history to compare with")?;
        git.is_shallow = answer.trim() == "true";
        Ok(git)
    }

    /// The text of a file in a revision, with `path` in git's syntax: `./` means relative to the folder.
    ///
    /// # Errors
    ///
    /// Fails if the revision is unknown, or has no such file, or if the file is not UTF-8.
    pub(crate) fn text(&self, revision: &str, path: &str) -> anyhow::Result<String> {
        // An empty revision is the index.
        if !revision.is_empty() {
            let unknown =
                || format!("`{revision}` is not a git revision of this repository: fetch it, or name another");
            ensure!(self.has(revision), self.hint(unknown()));
        }
        let object = format!("{revision}:{path}");
        // After `--end-of-options`, git takes no name as an option.
        self.run(&["cat-file", "blob", "--end-of-options", &object])
            .with_context(|| format!("failed to read `{path}` of `{revision}`"))
    }

    /// The short id of the last common commit of HEAD and the main branch: on the main branch, HEAD itself.
    ///
    /// # Errors
    ///
    /// Fails if there is no such commit, or if a shallow clone lacks it.
    pub(crate) fn merge_base(&self) -> anyhow::Result<String> {
        let Some(main) = MAIN_BRANCHES.into_iter().find(|name| self.has(name)) else {
            bail!(self.hint("this repository has no branch main or master: name BASE".to_owned()));
        };
        let base = self
            .run(&["merge-base", "HEAD", main])
            .with_context(|| self.hint(format!("HEAD shares no commit with {main}: name BASE")))?;
        Ok(self.run(&["rev-parse", "--short=12", base.trim()])?.trim().to_owned())
    }

    /// Counts the changes of `path` between `base` and `revision`, or the work tree if `revision` is none.
    pub(crate) fn changed(&self, base: &str, revision: Option<&str>, path: &str) -> anyhow::Result<Changed> {
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

    fn has(&self, revision: &str) -> bool {
        self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")]).is_ok()
    }

    /// What may help, where the history is not all there.
    fn hint(&self, text: String) -> String {
        if self.is_shallow {
            format!("{text}, or run `git fetch --unshallow`, because this clone is shallow")
        } else {
            text
        }
    }

    fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = Command::new("git")
            .args(arguments)
            // Within a git hook, these would select the repository of the hook.
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env("LC_ALL", "C")
            .current_dir(&self.folder)
            .output()
            .context("failed to start git: install it, or name two files")?;
        if !output.status.success() {
            let reason = String::from_utf8_lossy(&output.stderr);
            bail!("git: {}", reason.lines().next().unwrap_or("failed").trim_start_matches("fatal: "));
        }
        String::from_utf8(output.stdout).context("not UTF-8")
    }
}
