//! `cargo xtask release` refuses to begin where a release cannot be made. The edits have tests next to their code.

use std::fs;

use xtask::{Workspace, release};

use crate::folder::{Folder, git};

/// A repository on the branch main with one commit.
fn repository(name: &str) -> Folder {
    let folder = Folder::new(name);
    fs::create_dir_all(folder.0.join("openapi/released")).unwrap();
    folder.file("openapi/released/0.2.0.yaml", "openapi: 3.0.3\n");
    git(&folder, &["init", "--quiet", "--initial-branch", "main"]);
    git(&folder, &["add", "--all"]);
    git(&folder, &["commit", "--quiet", "--message", "first"]);
    folder
}

fn refusal(folder: &Folder, version: &str) -> String {
    let workspace = Workspace { root: folder.0.clone() };
    release::run(&workspace, version, true).unwrap_err().to_string()
}

#[test]
fn refuses_a_version_that_is_not_newer() {
    let folder = repository("release-version");
    assert_eq!(refusal(&folder, "0.3"), "a version has three numbers, such as 0.2.0");
    for version in ["0.2.0", "0.1.9"] {
        let reason = refusal(&folder, version);
        assert!(reason.starts_with("the version is not newer than the last release, "), "{reason}");
    }
}

#[test]
fn refuses_uncommitted_files_other_branches_and_existing_tags() {
    let folder = repository("release-state");
    git(&folder, &["tag", "v0.3.0"]);
    assert_eq!(refusal(&folder, "0.3.0"), "the tag v0.3.0 exists");
    folder.file("new", "");
    assert_eq!(refusal(&folder, "0.4.0"), "there are uncommitted files; commit them first:\n?? new");
    git(&folder, &["checkout", "--quiet", "-b", "other"]);
    assert_eq!(refusal(&folder, "0.4.0"), "releases are made on the branch main, and this is `other`");
}
