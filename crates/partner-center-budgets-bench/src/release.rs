//! Release builds of the measured programs.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};

/// The folder of the release build that this program belongs to.
pub(crate) struct Release {
    folder: PathBuf,
}

impl Release {
    pub(crate) fn here() -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("failed to find the path of this program")?;
        let folder = program.parent().context("this program has no folder")?.to_owned();
        ensure!(!cfg!(debug_assertions), "figures of a debug build are useless: run `cargo measure`");
        Ok(Self { folder })
    }

    /// Builds the programs of a package. Each package is built by itself: together they would share more features than users get.
    pub(crate) fn build(&self, package: &str) -> anyhow::Result<()> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let arguments = ["build", "--quiet", "--release", "--package", package, "--bins", "--target-dir"];
        let mut command = Command::new(cargo);
        command
            .args(arguments)
            .arg(self.folder.parent().unwrap_or(&self.folder))
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        let status = command.status().context("failed to start cargo")?;
        ensure!(status.success(), "{command:?} failed");
        Ok(())
    }

    /// The path of a built program.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}
