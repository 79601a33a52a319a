//! `cargo xtask diff`: runs the program in `xtask/diff`, which only this command has to build.

use std::ffi::OsString;
use std::process::{Command, ExitStatus};

use anyhow::Context;

use crate::{Workspace, cargo};

/// Runs the program in the current folder with `arguments`, and returns its exit status.
///
/// # Errors
///
/// Fails if cargo cannot be started.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> anyhow::Result<ExitStatus> {
    Command::new(cargo::program())
        .args(["run", "--quiet", "--package", "xtask-diff", "--manifest-path"])
        .arg(workspace.root.join("Cargo.toml"))
        .arg("--")
        .args(arguments)
        .status()
        .context("failed to start cargo")
}
