//! The commands of `cargo xtask` as functions, so that tests can call them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use openapi_review::document::Document;

pub mod api;
pub mod cargo;
pub mod ci;
pub mod currencies;
pub mod diff;
pub mod file;
pub mod generate;
mod generated_name;
pub mod imports;
pub mod lint;
pub mod operations;
pub mod release;
pub mod released;

/// The OpenAPI document, relative to the root of the workspace.
pub const DOCUMENT: &str = "openapi/partner-center-budgets.yaml";

/// The generated file, relative to the root of the workspace.
pub const GENERATED: &str = "crates/partner-center-budgets/src/generated.rs";

/// A checkout of this repository.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The folder of the workspace's `Cargo.toml`.
    pub root: PathBuf,
}

impl Workspace {
    /// The workspace that this program was built in.
    pub fn here() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
        Self { root: root.to_owned() }
    }

    /// The workspace that contains `folder`, found by its OpenAPI document; [`Workspace::here`] if there is none.
    pub fn around(folder: &Path) -> Self {
        let mut parents = folder.ancestors().map(|root| Self { root: root.to_owned() });
        parents.find(|workspace| workspace.document().is_file()).unwrap_or_else(Self::here)
    }

    /// The path of the OpenAPI document.
    pub fn document(&self) -> PathBuf {
        self.root.join(DOCUMENT)
    }

    /// The path of the generated file.
    pub fn generated(&self) -> PathBuf {
        self.root.join(GENERATED)
    }

    /// The path of the table of countries and their currencies.
    pub fn countries(&self) -> PathBuf {
        self.root.join("crates/partner-center-budgets/src/records/currency/countries.rs")
    }
}

/// Reads the OpenAPI document in `file`.
///
/// # Errors
///
/// Fails if the file cannot be read, if [`Document::parse`] fails or warns, or if the document is not OpenAPI 3.0.
pub fn read_document(file: &Path) -> anyhow::Result<Document> {
    let name = file.display().to_string();
    let text = fs::read_to_string(file).with_context(|| format!("failed to read the OpenAPI document {name}"))?;
    let document = Document::parse(&name, &text)?;
    // Progenitor reads no other version.
    let version = document.root().get("openapi").and_then(|version| Some((version, version.text()?)));
    if let Some((version, text)) = version.filter(|(_, text)| !text.starts_with("3.0.")) {
        let reason = format!("OpenAPI {text} is not supported: convert the document to OpenAPI 3.0");
        return Err(version.diagnostic(reason).into());
    }
    if let Some(warning) = document.warnings().first() {
        return Err(warning.clone().into());
    }
    Ok(document)
}
