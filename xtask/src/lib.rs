//! What developers and CI run, as functions: the command `cargo xtask` and the tests call the same ones.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use openapi_review::document::Document;

pub mod bench;
pub mod ci;
pub mod diff;
pub mod generate;
pub mod lint;
pub mod operations;

/// The OpenAPI document, from the folder of the workspace.
pub const DOCUMENT: &str = "openapi/partner-center-budgets.yaml";

/// Where things are in the checkout.
#[derive(Debug, Clone)]
pub struct Checkout {
    /// Folder of the workspace.
    pub root: PathBuf,
}

/// The file that is generated from it, from the folder of the workspace.
pub const GENERATED: &str = "crates/partner-center-budgets/src/generated.rs";

impl Checkout {
    /// The checkout that this program was built in.
    pub fn here() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
        Self { root: root.to_owned() }
    }

    /// The checkout around `folder`, known by its OpenAPI document; where there is none, [`Checkout::here`].
    pub fn around(folder: &Path) -> Self {
        let around = folder.ancestors().map(|root| Self { root: root.to_owned() });
        around.into_iter().find(|it| it.document().is_file()).unwrap_or_else(Self::here)
    }

    /// The OpenAPI document.
    pub fn document(&self) -> PathBuf {
        self.root.join(DOCUMENT)
    }

    /// The file that is generated from it.
    pub fn generated(&self) -> PathBuf {
        self.root.join(GENERATED)
    }
}

/// Reads the OpenAPI document in `file`.
///
/// # Errors
///
/// A file that cannot be read, and whatever [`Document::parse`] refuses.
pub fn read(file: &Path) -> anyhow::Result<Document> {
    let name = file.display().to_string();
    let text = fs::read_to_string(file).with_context(|| format!("failed to read the OpenAPI document {name}"))?;
    Ok(Document::parse(&name, &text)?)
}
