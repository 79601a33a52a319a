//! A temporary folder for one test, and git in it. Several test binaries include this file.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// Deleted when dropped.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    /// `name` must be unique among the tests of this program.
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Writes a file and returns its path. Creates the folders in its name.
    pub(crate) fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// Within a git hook, these variables select the repository of the hook.
pub(crate) fn without_hook_variables(command: &mut Command) -> &mut Command {
    command.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE")
}

/// Git in the folder, with settings of its own.
pub(crate) fn git_command(folder: &Folder) -> Command {
    let mut command = Command::new("git");
    for setting in ["user.name=a", "user.email=a@example.com", "commit.gpgsign=false", "core.autocrlf=false"] {
        command.args(["-c", setting]);
    }
    command.env("GIT_AUTHOR_DATE", "2026-01-31T12:00:00Z").env("GIT_COMMITTER_DATE", "2026-01-31T12:00:00Z");
    without_hook_variables(&mut command).current_dir(&folder.0);
    command
}

pub(crate) fn git(folder: &Folder, arguments: &[&str]) {
    let output = git_command(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", stderr(&output));
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
