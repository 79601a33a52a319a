//! Runs cargo.

use std::ffi::OsString;
use std::process::Command;

use anyhow::{Context, ensure};

use crate::Workspace;

/// The cargo that runs this program, to be started in the root of the workspace.
pub fn command(workspace: &Workspace) -> Command {
    let mut command = Command::new(program());
    command.current_dir(&workspace.root);
    command
}

/// The cargo that runs this program.
pub(crate) fn program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Runs `command`, which is a cargo with arguments.
///
/// # Errors
///
/// Fails if cargo cannot be started, or fails.
pub fn ensure_success(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().context("failed to start cargo")?;
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    ensure!(status.success(), "`cargo {}` failed", arguments.join(" "));
    Ok(())
}
