//! Parses the text of a document, and reads the files that it refers to.

mod aliases;
mod builder;
mod encoding;
mod files;
#[cfg(feature = "review")]
mod git_tree;
mod json;
mod keywords;
mod merge;
mod normalize;
mod parsed;
mod references;
mod roles;
mod text;
mod writer;
mod yaml;

use std::sync::Arc;

use crate::document::{Diagnostic, Document, Kind, Version};
pub use files::{Files, Folder};
#[cfg(feature = "review")]
pub use git_tree::GitTree;
#[cfg(feature = "cli")]
pub(crate) use git_tree::git;
#[cfg(feature = "review")]
pub(crate) use keywords::NEWER_KEYWORDS;
use parsed::Parsed;
#[cfg(feature = "review")]
pub(crate) use roles::METHODS;
use text::{parse_file, parse_text};

impl Document {
    /// Parses a document of one file, in YAML or JSON. `name` appears in diagnostics and findings.
    ///
    /// A text that starts with `{` and `"` is parsed as JSON, and as YAML if it is not JSON; any other text as YAML 1.2 with
    /// the core schema: `yes` and dates are texts. YAML aliases and merge keys are copied. Keys that are numbers, booleans or
    /// null become texts. A map with a `$ref` is a reference, except in data: in `example`, `default`, `enum`, `const`, the
    /// values of `examples`, and extensions.
    ///
    /// The tree has the form of OpenAPI 3.0: see [`Node::as_written`](crate::document::Node::as_written).
    ///
    /// ```
    /// # use openapi_review::document::{Document, Node};
    /// let document = Document::parse("openapi.yaml", "openapi: 3.0.3\ninfo: {title: Pets}")?;
    /// assert_eq!(document.root().at("/info/title").and_then(Node::text), Some("Pets"));
    ///
    /// let error = Document::parse("openapi.yaml", "openapi: 3.0.3\ninfo: Pets").unwrap_err();
    /// assert_eq!(error.to_string(), "openapi.yaml:2:1: `info` is not a map: this is not an OpenAPI document");
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Each error has its position:
    ///
    /// - The text is neither YAML nor JSON, or is neither OpenAPI 3.0 nor 3.1.
    /// - A `$ref` that a path or webhook uses is external, dangling or circular.
    /// - A key is a duplicate, a map or a list.
    /// - The text contains a second YAML document, or a tag such as `!include`.
    /// - The text has more than 64 MiB or 256 levels of nesting, or its aliases add more than a million nodes.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostic> {
        Self::read(parse_text(name, text)?, "", None)
    }

    /// Parses the document at `path` of `files`, and the files that it refers to. `name` appears in diagnostics and findings.
    ///
    /// The text is in UTF-8, or in UTF-16. A reference to another file is relative to the file that contains it. Nothing is
    /// read from outside of `files`, and nothing from the network.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # std::fs::write(folder.path().join("openapi.yaml"), "{openapi: 3.0.3, paths: {/pets: {$ref: pets.yaml}}}")?;
    /// # std::fs::write(folder.path().join("pets.yaml"), "get: {responses: {'200': {description: All pets.}}}")?;
    /// use openapi_review::document::{Document, Folder, Node};
    ///
    /// let bytes = std::fs::read(folder.path().join("openapi.yaml"))?;
    /// let document = Document::load("openapi.yaml", &bytes, "openapi.yaml", &Folder::new(folder.path(), ""))?;
    /// let pets = document.root().at("/paths/~1pets").map(Node::target);
    /// assert_eq!(pets.map(Node::file), Some("pets.yaml"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Document::parse`]. An external `$ref` is an error if a path or webhook uses it and its file cannot be read.
    pub fn load(name: &str, bytes: &[u8], path: &str, files: &dyn Files) -> Result<Self, Diagnostic> {
        Self::read(parse_file(name, bytes)?, path, Some(files))
    }

    fn read(parsed: Parsed, path: &str, access: Option<&dyn Files>) -> Result<Self, Diagnostic> {
        let Parsed { file, nodes, strings, index, warnings } = parsed;
        let (files, references) = (vec![Arc::new(file)], Vec::new());
        let mut document = Self { files, nodes, strings, index, references, warnings, written: None };
        let version = check_version(&document)?;
        check_shape(&document)?;
        if let Some(file) = document.files.first_mut().and_then(Arc::get_mut) {
            file.version = version;
        }
        let (document, references) = references::resolve(document, path, access)?;
        let mut document = normalize::normalize(document, &references);
        document.warnings = summarized(document.warnings);
        Ok(document)
    }
}

/// One warning for each reason in a file, at its first position, with the number of positions.
fn summarized(warnings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut summary: Vec<(Diagnostic, usize)> = Vec::new();
    let mut index = std::collections::HashMap::new();
    for warning in warnings {
        let at = *index.entry((warning.file.clone(), warning.reason.clone())).or_insert_with(|| {
            summary.push((warning, 0));
            summary.len() - 1
        });
        if let Some((_, count)) = summary.get_mut(at) {
            *count += 1;
        }
    }
    let mut warnings: Vec<Diagnostic> = summary
        .into_iter()
        .map(|(mut warning, count)| {
            if count > 1 {
                warning.reason.push_str(&format!(" ({count} times)"));
            }
            warning
        })
        .collect();
    warnings.sort();
    warnings
}

/// Otherwise the comparison would report everything in these maps as removed.
fn check_shape(document: &Document) -> Result<(), Diagnostic> {
    let root = document.root();
    let wrong = ["info", "paths", "components"].into_iter().find_map(|key| {
        let node = root.get(key)?;
        // A key without a value is a map without entries.
        (!matches!(node.kind(), Kind::Map | Kind::Null))
            .then(|| node.diagnostic(format!("`{key}` is not a map: this is not an OpenAPI document")))
    });
    wrong.map_or(Ok(()), Err)
}

fn check_version(document: &Document) -> Result<Version, Diagnostic> {
    let root = document.root();
    let (format, version) = match (root.get("openapi"), root.get("swagger")) {
        (Some(version), _) => ("OpenAPI", version),
        (None, Some(version)) => ("Swagger", version),
        (None, None) => return Err(root.diagnostic("no `openapi` key: this is not an OpenAPI document")),
    };
    let written = match version.kind() {
        Kind::Text(text) if format == "OpenAPI" && text.starts_with("3.0.") => return Ok(Version::V30),
        Kind::Text(text) if format == "OpenAPI" && text.starts_with("3.1.") => return Ok(Version::V31),
        Kind::Text(text @ ("3.0" | "3.1")) | Kind::Number(text @ ("3.0" | "3.1")) if format == "OpenAPI" => {
            let full = if text == "3.0" { "3.0.3" } else { "3.1.0" };
            return Err(version.diagnostic(format!("`openapi: {text}` is not a full version: write `openapi: {full}`")));
        }
        Kind::Text(text) | Kind::Number(text) => text,
        _ => return Err(version.diagnostic("the version is not a text: write `openapi: 3.0.3`")),
    };
    let way_out = "convert the document to OpenAPI 3.0 or 3.1";
    Err(version.diagnostic(format!("{format} {written} is not supported: {way_out}")))
}
