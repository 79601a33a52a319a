//! `cargo xtask ci`: everything that CI checks, in the order of how soon it fails.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, bail, ensure};

use crate::{Checkout, diff, generate, lint, operations, read};

/// Runs all checks and stops at the first that fails.
///
/// # Errors
///
/// A check that failed, with the command that shows or mends it.
pub fn run(here: &Checkout) -> anyhow::Result<()> {
    step("document diff", || {
        if let Err(reason) = diff::ci(here)? {
            // A clone without history must still be able to run the other checks.
            eprint(&format!("    skipped: {reason}"));
        }
        Ok(())
    })?;
    step("document", || {
        let complaints = lint::lint(&read(&here.document())?);
        let lines: Vec<_> = complaints.iter().map(ToString::to_string).collect();
        ensure!(complaints.is_empty(), "the document breaks its rules:\n{}", lines.join("\n"));
        Ok(())
    })?;
    step("drift", || match generate::stale(&here.document(), &here.generated())? {
        Some(complaint) => bail!(complaint),
        None => Ok(()),
    })?;
    step("operations", || {
        operations::check(here).context("follow CONTRIBUTING.md, \"Adding an operation\"; if only snapshots differ and are right, run `INSTA_UPDATE=always cargo test -p partner-center-budgets-tests --test it`")
    })?;
    step("formatting", || cargo(here, &["fmt", "--all", "--check"], &[]))?;
    step("lints", || {
        cargo(here, &["clippy", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"], &[])
    })?;
    step("docs", || {
        let arguments = ["doc", "--locked", "--workspace", "--all-features", "--no-deps", "--document-private-items"];
        cargo(here, &arguments, &[("RUSTDOCFLAGS", OsStr::new("--deny warnings"))])
    })?;
    step("without TLS", || {
        cargo(here, &["check", "--locked", "--package", "partner-center-budgets", "--no-default-features"], &[])
    })?;
    let references = here.root.join("target/snapshot-references");
    step("tests", || {
        // Where the build goes to another folder, there is no such one yet.
        fs::create_dir_all(here.root.join("target")).context("failed to make the folder target")?;
        drop(fs::remove_file(&references));
        let settings = [
            // A missing or changed snapshot fails and leaves nothing behind.
            ("INSTA_UPDATE", OsStr::new("no")),
            ("INSTA_SNAPSHOT_REFERENCES_FILE", references.as_os_str()),
        ];
        cargo(here, &["test", "--locked", "--workspace"], &settings)
            .context("if a snapshot changed as you meant it, run `INSTA_UPDATE=always cargo test --workspace`")
    })?;
    step("snapshots", || unreferenced(&here.root.join("tests"), &references))
}

fn step(name: &str, check: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
    eprint(&format!("==> {name}"));
    let begin = Instant::now();
    check().with_context(|| format!("{name} failed"))?;
    eprint(&format!("    {name}: fine after {:.1} s", begin.elapsed().as_secs_f64()));
    Ok(())
}

#[expect(clippy::print_stderr, reason = "progress of a command that people watch")]
fn eprint(line: &str) {
    eprintln!("{line}");
}

pub(crate) fn cargo(here: &Checkout, arguments: &[&str], environment: &[(&str, &OsStr)]) -> anyhow::Result<()> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(program)
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(&here.root)
        .status()
        .context("failed to start cargo")?;
    ensure!(status.success(), "`cargo {}` failed", arguments.join(" "));
    Ok(())
}

/// A snapshot that no test reads proves nothing, and nobody notices.
fn unreferenced(folder: &Path, references: &Path) -> anyhow::Result<()> {
    let read = fs::read_to_string(references).context("no test wrote down which snapshots it reads")?;
    let read: BTreeSet<_> = read.lines().filter_map(|line| Path::new(line).canonicalize().ok()).collect();
    let mut found = Vec::new();
    snapshots(folder, &mut found)?;
    let unread: Vec<_> =
        found.iter().filter(|file| !read.contains(*file)).map(|file| file.display().to_string()).collect();
    ensure!(unread.is_empty(), "no test reads these snapshots, so delete them:\n{}", unread.join("\n"));
    Ok(())
}

fn snapshots(folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            snapshots(&path, found)?;
        } else if path.extension() == Some(OsStr::new("snap")) {
            found.push(path.canonicalize()?);
        }
    }
    Ok(())
}
