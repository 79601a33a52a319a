//! `cargo xtask api`: runs the program in `xtask/api`, which only this command has to build.

use crate::{Workspace, cargo};

/// Compares the public interfaces of the published libraries with their listings, or writes the listings.
///
/// # Errors
///
/// Fails if an interface differs from its listing, or if a public function has no example. The differences go to standard
/// error.
pub fn run(workspace: &Workspace, accept: bool) -> anyhow::Result<()> {
    let mut cargo = cargo::command(workspace);
    cargo.args(["run", "--quiet", "--package", "xtask-api", "--"]).args(accept.then_some("--accept"));
    cargo::ensure_success(&mut cargo)
}
