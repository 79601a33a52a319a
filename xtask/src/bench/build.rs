//! Release builds of the programs that are measured.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};

use crate::Checkout;

pub(super) struct Release {
    root: PathBuf,
    folder: PathBuf,
}

impl Release {
    pub(super) fn of(here: &Checkout) -> Self {
        // Where cargo puts it. A relative one counts from where cargo is called, which is the root here.
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        Self { root: here.root.clone(), folder: here.root.join(target).join("release") }
    }

    /// Builds these targets of a package: `--bins` or `--examples`.
    pub(super) fn build(&self, package: &str, targets: &str) -> anyhow::Result<()> {
        let arguments = ["build", "--release", "--package", package, targets];
        let status = Command::new("cargo").args(arguments).current_dir(&self.root).status().context("cargo")?;
        ensure!(status.success(), "`cargo {}` failed", arguments.join(" "));
        Ok(())
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) fn example(&self, name: &str) -> PathBuf {
        self.folder.join("examples").join(name)
    }
}
