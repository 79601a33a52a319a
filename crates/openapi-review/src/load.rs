//! Reads the text of a document.

mod aliases;
mod builder;
mod json;
mod references;
mod yaml;

use crate::document::{Complaint, Document, Kind};
use builder::{Builder, START};

/// What a text may measure at most, in bytes. The biggest published documents have a tenth of it.
const MOST_BYTES: usize = 64 << 20;

impl Document {
    /// Reads the text of a document, in YAML or JSON. `name` is what complaints and findings call it.
    ///
    /// A text that begins with `{` and `"` is read as JSON, all others as YAML 1.2 with its core schema: `yes` and
    /// dates are texts. Aliases of YAML are copies of what they stand for. Keys that are numbers, truth values or null
    /// become texts, as they are written. A map with a `$ref` is a reference, save within `example`, `default`, `enum`,
    /// the values of `examples`, and extensions, which hold data.
    ///
    /// # Errors
    ///
    /// What is neither YAML nor JSON, a version other than OpenAPI 3.0, and a `$ref` that leads out of the document,
    /// nowhere or back to itself; each with its place. A key that stands twice in its map, a key that is a map or a
    /// list, a merge key (`<<`), a tag other than `!!str`, `!!map` and `!!seq`, and a second YAML document in the
    /// text. A text over 64 MiB, nesting deeper than 256 levels, and aliases that make more than a million nodes.
    pub fn parse(name: &str, text: &str) -> Result<Self, Complaint> {
        // Some editors begin a file with a byte order mark; it is no part of the text.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut builder = Builder::new(name, text);
        if text.len() > MOST_BYTES {
            let reason = format!("the document has {} bytes: {MOST_BYTES} are the most that can be read", text.len());
            return Err(builder.complaint(START, reason));
        }
        if is_json(text) {
            json::read(&mut builder)?;
        } else {
            yaml::read(&mut builder)?;
        }
        let mut document = builder.finish()?;
        check_version(&document)?;
        check_shape(&document)?;
        references::resolve(&mut document)?;
        Ok(document)
    }
}

/// YAML may begin with `{` too, but then hardly with a key in double quotes.
fn is_json(text: &str) -> bool {
    let inner = text.trim_start().strip_prefix('{').map(str::trim_start);
    inner.is_some_and(|inner| inner.is_empty() || inner.starts_with(['"', '}']))
}

/// What everything else stands in: were it something else, all below it would seem to be gone.
fn check_shape(document: &Document) -> Result<(), Complaint> {
    let root = document.root();
    let wrong = ["info", "paths", "components"].into_iter().find_map(|key| {
        let node = root.get(key)?;
        (node.kind() != Kind::Map)
            .then(|| node.complaint(format!("`{key}` is not a map: this is not an OpenAPI 3.0 document")))
    });
    wrong.map_or(Ok(()), Err)
}

fn check_version(document: &Document) -> Result<(), Complaint> {
    let root = document.root();
    let (format, version) = match (root.get("openapi"), root.get("swagger")) {
        (Some(version), _) => ("OpenAPI", version),
        (None, Some(version)) => ("Swagger", version),
        (None, None) => return Err(root.complaint("no `openapi` key: this is not an OpenAPI 3.0 document")),
    };
    let written = match version.kind() {
        Kind::Text(text) if format == "OpenAPI" && text.starts_with("3.0.") => return Ok(()),
        Kind::Text("3.0") | Kind::Number("3.0") if format == "OpenAPI" => {
            return Err(version.complaint("`openapi: 3.0` is not a whole version: write `openapi: 3.0.3`"));
        }
        Kind::Text(text) | Kind::Number(text) => text,
        _ => return Err(version.complaint("the version is not a text: write `openapi: 3.0.3`")),
    };
    Err(version.complaint(format!("{format} {written} is not supported: this reads OpenAPI 3.0")))
}
