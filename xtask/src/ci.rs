//! `cargo xtask ci`: all checks of CI. Checks for forgotten edits come first, because they take seconds.

mod snapshots;

use std::ffi::OsString;
use std::time::Instant;

use anyhow::{Context, ensure};

use crate::{Workspace, api, cargo, diff, generate, imports, lint, operations, read_document};

struct Step {
    name: &'static str,
    check: fn(&Workspace) -> anyhow::Result<()>,
    /// What to do if the check fails.
    advice: &'static str,
}

const STEPS: [Step; 12] = [
    Step { name: "document", check: document, advice: "Change the document." },
    Step { name: "generated code", check: generated_code, advice: generate::TO_UPDATE },
    Step { name: "formatting", check: formatting, advice: "Run `cargo fmt --all`." },
    Step {
        name: "imports",
        check: imports::check,
        advice: "Move what both modules need to the one that imports less, or to a third one.",
    },
    Step {
        name: "document diff",
        check: document_diff,
        advice: "Change the document, or accept the change: run `cargo xtask diff --write-accept` and fill in the reason.",
    },
    Step {
        name: "operations",
        check: operations::check,
        advice: "Follow \"Adding an operation\" in CONTRIBUTING.md. If only snapshots differ and the new ones are right, accept \
                 them with `INSTA_UPDATE=always cargo test -p partner-center-budgets-tests --test it`.",
    },
    Step {
        name: "clippy",
        check: clippy,
        advice: "Fix the warnings: `cargo clippy --workspace --all-targets` shows them again.",
    },
    Step {
        name: "docs",
        check: docs,
        advice: "Fix the documentation comments: links must lead to something that exists.",
    },
    Step {
        name: "public interface",
        check: |workspace| api::run(workspace, false),
        advice: "If the change of the interface is intended, run `cargo xtask api --accept`. Functions need an example.",
    },
    Step {
        name: "without default features",
        check: without_default_features,
        advice: "Put code that needs a feature behind `#[cfg(feature = \"…\")]`.",
    },
    Step {
        name: "tests",
        check: tests,
        advice: "Fix the code. If only snapshots differ and the new ones are right, accept them with `INSTA_UPDATE=always \
                 cargo test --workspace` and read each before you commit it.",
    },
    Step {
        name: "snapshots",
        check: snapshots::ensure_all_are_read,
        advice: "Delete the snapshots, or add the missing test.",
    },
];

/// The keyring of Linux, which the command line builds only if asked to.
const KEYRING: &str = "partner-center-budgets-cli/secret-service";

/// Runs all checks and stops at the first failure.
///
/// # Errors
///
/// Fails with the failed check and what to do.
pub fn run(workspace: &Workspace) -> anyhow::Result<()> {
    for Step { name, check, advice } in &STEPS {
        eprint(&format!("==> {name}"));
        let begin = Instant::now();
        check(workspace).map_err(|error| anyhow::anyhow!("{name} failed: {error:#}\n{advice}"))?;
        eprint(&format!("    {name}: passed in {:.1} s", begin.elapsed().as_secs_f64()));
    }
    Ok(())
}

#[expect(clippy::print_stderr, reason = "progress goes to standard error")]
fn eprint(line: &str) {
    eprintln!("{line}");
}

fn document(workspace: &Workspace) -> anyhow::Result<()> {
    lint::ensure_none(&lint::problems(&read_document(&workspace.document())?))
}

fn generated_code(workspace: &Workspace) -> anyhow::Result<()> {
    let document = read_document(&workspace.document())?;
    let differences = generate::differences(&document, &workspace.generated())?;
    ensure!(differences.is_none(), "{}", differences.unwrap_or_default());
    Ok(())
}

fn document_diff(workspace: &Workspace) -> anyhow::Result<()> {
    // An archive of the sources can run the other checks. A clone without the main branch fails, and the error says what to
    // fetch.
    let status = diff::run(workspace, &[OsString::from("--skip-without-git")])?;
    ensure!(status.success(), "`cargo xtask diff` failed: see above");
    Ok(())
}

fn formatting(workspace: &Workspace) -> anyhow::Result<()> {
    cargo::ensure_success(cargo::command(workspace).args(["fmt", "--all", "--check"]))
}

fn clippy(workspace: &Workspace) -> anyhow::Result<()> {
    let arguments = ["clippy", "--locked", "--workspace", "--all-targets", "--features", KEYRING];
    cargo::ensure_success(cargo::command(workspace).args(arguments).args(["--", "--deny", "warnings"]))
}

fn docs(workspace: &Workspace) -> anyhow::Result<()> {
    let arguments = ["doc", "--locked", "--workspace", "--all-features", "--no-deps", "--document-private-items"];
    cargo::ensure_success(cargo::command(workspace).args(arguments).env("RUSTDOCFLAGS", "--deny warnings"))
}

/// The client without TLS, and the sandbox as its page `testing` adds it.
fn without_default_features(workspace: &Workspace) -> anyhow::Result<()> {
    for package in ["partner-center-budgets", "partner-center-budgets-sandbox"] {
        let arguments = ["check", "--locked", "--package", package, "--no-default-features"];
        cargo::ensure_success(cargo::command(workspace).args(arguments))?;
    }
    Ok(())
}

fn tests(workspace: &Workspace) -> anyhow::Result<()> {
    let references = snapshots::references_file(workspace).context("failed to create the folder target")?;
    let mut cargo = cargo::command(workspace);
    cargo
        .args(["test", "--locked", "--workspace", "--features", KEYRING])
        // A missing or changed snapshot fails and leaves no file behind.
        .env("INSTA_UPDATE", "no")
        .env("INSTA_SNAPSHOT_REFERENCES_FILE", references);
    cargo::ensure_success(&mut cargo)
}
