//! What developers and CI run, as functions: the command `cargo xtask` and the tests call the same ones.

use std::path::{Path, PathBuf};

pub mod bench;
pub mod ci;
pub mod document;
pub mod generate;
pub mod lint;

/// Where things are in the checkout.
#[derive(Debug, Clone)]
pub struct Checkout {
    /// Folder of the workspace.
    pub root: PathBuf,
}

impl Checkout {
    /// The checkout that this program was built in.
    pub fn here() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
        Self { root: root.to_owned() }
    }

    /// The OpenAPI document.
    pub fn document(&self) -> PathBuf {
        self.root.join("openapi/partner-center-budgets.yaml")
    }

    /// The file that is generated from it.
    pub fn generated(&self) -> PathBuf {
        self.root.join("crates/partner-center-budgets/src/generated.rs")
    }
}
