//! What `cargo xtask diff` asks git for.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use openapi_review::output::Changed;

/// Where the main branch is looked for, in this order.
const MAIN: [&str; 4] =
    ["refs/remotes/origin/main", "refs/heads/main", "refs/remotes/origin/master", "refs/heads/master"];

/// A repository, seen from a folder of its work tree.
#[derive(Debug)]
pub(super) struct Git {
    folder: PathBuf,
    shallow: bool,
}

impl Git {
    /// # Errors
    ///
    /// No git, and a folder that is in no work tree of it.
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        let mut git = Self { folder: folder.to_owned(), shallow: false };
        let answer = git.run(&["rev-parse", "--is-shallow-repository"]).context("no history to compare with")?;
        git.shallow = answer.trim() == "true";
        Ok(git)
    }

    /// The text of a file of a revision; `path` as git takes it: `./` in front means from the folder.
    ///
    /// # Errors
    ///
    /// An unknown revision, and a file that it does not have or that is not UTF-8.
    pub(super) fn text(&self, revision: &str, path: &str) -> anyhow::Result<String> {
        // No revision means the index.
        if !revision.is_empty() {
            let unknown = || format!("`{revision}` is no git revision of this repository: fetch it, or name another");
            ensure!(self.has(revision), self.hint(unknown()));
        }
        let object = format!("{revision}:{path}");
        // After `--end-of-options` no name is an option, whatever it begins with.
        self.run(&["cat-file", "blob", "--end-of-options", &object])
            .with_context(|| format!("failed to read `{path}` of `{revision}`"))
    }

    /// The short id of the last commit that this branch shares with the main one; on the main one, of the last commit.
    ///
    /// # Errors
    ///
    /// A repository without such a commit, or too shallow to have it.
    pub(super) fn merge_base(&self) -> anyhow::Result<String> {
        let Some(main) = MAIN.into_iter().find(|name| self.has(name)) else {
            bail!(self.hint("this repository has no branch main or master: name BASE".to_owned()));
        };
        let base = self
            .run(&["merge-base", "HEAD", main])
            .with_context(|| self.hint(format!("HEAD shares no commit with {main}: name BASE")))?;
        Ok(self.run(&["rev-parse", "--short=12", base.trim()])?.trim().to_owned())
    }

    /// How much of `path` changed since `base`, until `revision` or else the work tree.
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

    fn has(&self, revision: &str) -> bool {
        self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")]).is_ok()
    }

    /// What may help, where the history is not all there.
    fn hint(&self, text: String) -> String {
        if self.shallow { format!("{text}, or run `git fetch --unshallow`, since this clone is shallow") } else { text }
    }

    fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = Command::new("git")
            .args(arguments)
            // The folder says which repository is meant, not the hook that this may run in.
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
