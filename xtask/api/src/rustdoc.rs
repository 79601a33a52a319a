//! Runs rustdoc for its JSON.
//!
//! Only `RUSTC_BOOTSTRAP` makes a stable rustdoc write JSON. In cargo's environment, the variable would let cargo build
//! every dependency again, because build scripts read it. So cargo starts this program in place of rustdoc, and it sets the
//! variable for rustdoc alone.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::Context;
use xtask::{Workspace, cargo};

/// Set while this program runs in place of rustdoc; names the real one.
const REAL_RUSTDOC: &str = "XTASK_API_RUSTDOC";

/// Acts as rustdoc if cargo started this program as such.
pub(crate) fn run_as_rustdoc() -> Option<ExitCode> {
    let rustdoc = std::env::var_os(REAL_RUSTDOC)?;
    let status = Command::new(rustdoc).args(std::env::args_os().skip(1)).env("RUSTC_BOOTSTRAP", "1").status();
    Some(if status.is_ok_and(|status| status.success()) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The version of rustdoc, such as `1.95.0`.
pub(crate) fn version() -> anyhow::Result<String> {
    let output = Command::new(program()).arg("--version").output().context("failed to start rustdoc")?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.split_whitespace().nth(1).unwrap_or("unknown").to_owned())
}

/// Writes the JSON of all libraries, and returns the target folder, which has it in `doc`.
pub(crate) fn write_json(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.root.join("target"), PathBuf::from);
    // The same packages and features as in the step `docs` of CI, so that nothing is compiled for this alone.
    let arguments = ["doc", "--quiet", "--locked", "--workspace", "--all-features", "--no-deps", "--lib"];
    let mut cargo = cargo::command(workspace);
    cargo
        .args(arguments)
        .env("RUSTDOC", std::env::current_exe().context("failed to find this program")?)
        .env(REAL_RUSTDOC, program())
        .env("RUSTDOCFLAGS", "-Zunstable-options --output-format json");
    cargo::ensure_success(&mut cargo)?;
    Ok(target)
}

fn program() -> std::ffi::OsString {
    std::env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into())
}
