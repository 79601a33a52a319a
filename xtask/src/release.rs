//! `cargo xtask release`: all steps of a release on this machine, up to the tag. Pushing the tag publishes the release.

mod edits;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;
use similar::TextDiff;

use crate::released::{self, RELEASED, Version};
use crate::{DOCUMENT, Workspace, cargo, ci, file, generate, read_document};

/// A file to write.
struct Edit {
    path: PathBuf,
    text: String,
}

/// Makes the release `version`: edits, checks, commit and tag. With `dry_run`, only prints what it would do.
///
/// # Errors
///
/// Fails if the repository is not ready, if the version is too small for the changes, or if a check fails.
pub fn run(workspace: &Workspace, version: &str, dry_run: bool) -> anyhow::Result<()> {
    let numbers = released::version(version).context("a version has three numbers, such as 0.2.0")?;
    let tag = format!("v{version}");
    ensure_ready(workspace, numbers, &tag)?;
    let edits = edits(workspace, version)?;
    if dry_run {
        for Edit { path, text } in &edits {
            let old = fs::read_to_string(path).unwrap_or_default();
            let name = path.strip_prefix(&workspace.root).unwrap_or(path).display().to_string();
            let added = text.lines().count();
            // The diff of a new copy would be the whole document.
            let diff =
                if old.is_empty() { format!("new file {name}: {added} lines\n") } else { changes(&name, &old, text) };
            print(&diff);
        }
        print(&format!("then: cargo xtask generate, cargo xtask ci, git commit, git tag {tag}"));
        return Ok(());
    }
    fs::create_dir_all(workspace.root.join(RELEASED)).with_context(|| format!("failed to create {RELEASED}"))?;
    for Edit { path, text } in &edits {
        file::replace(path, text)?;
    }
    // Its entries are for changes since the last release.
    let accepted = workspace.root.join("openapi/accepted-changes.toml");
    if accepted.is_file() {
        fs::remove_file(&accepted).with_context(|| format!("failed to delete {}", accepted.display()))?;
    }
    file::replace(&workspace.generated(), &generate::generate(&read_document(&workspace.document())?)?)?;
    // Writes the new versions of our crates into Cargo.lock.
    cargo::ensure_success(cargo::command(workspace).args(["update", "--quiet", "--workspace", "--offline"]))?;
    ci::run(workspace).context("the release is edited but not committed; `git stash --include-untracked` undoes it")?;
    git(workspace, &["add", "--all"])?;
    git(workspace, &["commit", "--quiet", "--message", &format!("docs: release {version}")])?;
    git(workspace, &["tag", "--annotate", &tag, "--message", &format!("Release {version}")])?;
    print(&format!("{tag} is committed and tagged; to publish it: git push origin main {tag}"));
    Ok(())
}

/// Fails if a release cannot begin: uncommitted files, another branch, an existing tag, or a version that is not newer.
fn ensure_ready(workspace: &Workspace, version: Version, tag: &str) -> anyhow::Result<()> {
    let branch = git(workspace, &["branch", "--show-current"])?;
    ensure!(branch == "main", "releases are made on the branch main, and this is `{branch}`");
    let uncommitted = git(workspace, &["status", "--porcelain"])?;
    ensure!(uncommitted.is_empty(), "there are uncommitted files; commit them first:\n{uncommitted}");
    let existing = git(workspace, &["tag", "--list", tag])?;
    ensure!(existing.is_empty(), "the tag {tag} exists");
    if let Some((newest, path)) = released::newest(workspace)? {
        ensure!(version > newest, "the version is not newer than the last release, {}", path.display());
    }
    Ok(())
}

fn edits(workspace: &Workspace, version: &str) -> anyhow::Result<Vec<Edit>> {
    let read = |path: &PathBuf| fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()));
    let at = |name: &str| workspace.root.join(name);
    let document = edits::document(&read(&at(DOCUMENT))?, version)?;
    // The commands below read the new document from a file.
    let draft = at("target/release-document.yaml");
    fs::create_dir_all(at("target")).context("failed to create the folder target")?;
    file::replace(&draft, &document)?;
    let draft = draft.display().to_string();

    let base = released::newest(workspace)?.map(|(_, path)| path.display().to_string());
    if base.is_some() {
        let report = output(workspace, "xtask-diff", &["--released", &draft, "--format", "json"])?;
        ensure_sufficient(&report)?;
    }
    // Without a release, of the document with itself: a heading with the date, and no changes.
    let changes = output(workspace, "openapi-review", &["changelog", base.as_ref().unwrap_or(&draft), &draft])?;
    let changelog = edits::changelog(&read(&at("CHANGELOG.md"))?, &changes, base.is_some())?;
    let manifest = edits::manifest(&read(&at("Cargo.toml"))?, version)?;
    Ok(vec![
        Edit { path: at("Cargo.toml"), text: manifest },
        Edit { path: at(DOCUMENT), text: document.clone() },
        Edit { path: at(RELEASED).join(format!("{version}.yaml")), text: document },
        Edit { path: at("CHANGELOG.md"), text: changelog },
    ])
}

/// Fails if the report of `cargo xtask diff` requires a larger version.
fn ensure_sufficient(report: &str) -> anyhow::Result<()> {
    let report: Value = serde_json::from_str(report).context("`cargo xtask diff` printed no report")?;
    let required = report["versions"]["asked"].as_str().unwrap_or("a larger one");
    ensure!(report["versions"]["suffices"] == true, "the changes of the document require version {required}");
    Ok(())
}

/// The standard output of a program of this workspace.
fn output(workspace: &Workspace, package: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = cargo::command(workspace);
    command.args(["run", "--quiet", "--package", package, "--"]).args(arguments);
    let output = command.output().context("failed to start cargo")?;
    // 1 is for breaking changes, which a release may have.
    let message = String::from_utf8_lossy(&output.stderr);
    ensure!(matches!(output.status.code(), Some(0 | 1)), "{package} failed: {}", message.trim_end());
    String::from_utf8(output.stdout).with_context(|| format!("{package} did not print UTF-8"))
}

/// Runs git and returns what it prints, without the line feed at the end.
fn git(workspace: &Workspace, arguments: &[&str]) -> anyhow::Result<String> {
    let output =
        Command::new("git").args(arguments).current_dir(&workspace.root).output().context("failed to start git")?;
    let message = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`git {}` failed: {}", arguments.join(" "), message.trim_end());
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

fn changes(name: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new).unified_diff().context_radius(0).header(name, name).to_string()
}

#[expect(clippy::print_stdout, reason = "the plan of a dry run, and the result")]
fn print(text: &str) {
    println!("{}", printable_text::lines(text));
}
