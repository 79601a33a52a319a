//! Parses the text of a document.

mod aliases;
mod builder;
mod json;
mod references;
mod yaml;

use crate::document::{Diagnostic, Document, Kind};
use builder::{Builder, START};

/// The maximum size of a text, in bytes. The largest published documents have a tenth of it.
const MAX_BYTES: usize = 64 << 20;

impl Document {
    /// Parses a document in YAML or JSON. `name` appears in diagnostics and findings.
    ///
    /// A text that starts with `{` and `"` is parsed as JSON, any other text as YAML 1.2 with the core schema: `yes`
    /// and dates are texts. YAML aliases are copied. Keys that are numbers, booleans or null become texts. A map with
    /// a `$ref` is a reference, except in data: in `example`, `default`, `enum`, the values of `examples`, and
    /// extensions.
    ///
    /// # Errors
    ///
    /// Each error has its position:
    ///
    /// - The text is neither YAML nor JSON, or is not OpenAPI 3.0.
    /// - A `$ref` is external, dangling or circular.
    /// - A key is a duplicate, a map, a list or a merge key (`<<`).
    /// - A YAML tag is none of `!!str`, `!!map` and `!!seq`, or the text contains a second YAML document.
    /// - The text has more than 64 MiB or 256 levels of nesting, or its aliases add more than a million nodes.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostic> {
        // Some editors write a byte order mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut builder = Builder::new(name, text);
        if text.len() > MAX_BYTES {
            let reason = format!("the document has {} bytes, more than the limit of {MAX_BYTES}: split it", text.len());
            return Err(builder.diagnostic(START, reason));
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

/// YAML may start with `{` too, but rarely with a key in double quotes.
fn is_json(text: &str) -> bool {
    let inner = text.trim_start().strip_prefix('{').map(str::trim_start);
    inner.is_some_and(|inner| inner.is_empty() || inner.starts_with(['"', '}']))
}

/// Otherwise the comparison would report everything in these maps as removed.
fn check_shape(document: &Document) -> Result<(), Diagnostic> {
    let root = document.root();
    let wrong = ["info", "paths", "components"].into_iter().find_map(|key| {
        let node = root.get(key)?;
        (node.kind() != Kind::Map)
            .then(|| node.diagnostic(format!("`{key}` is not a map: this is not an OpenAPI 3.0 document")))
    });
    wrong.map_or(Ok(()), Err)
}

fn check_version(document: &Document) -> Result<(), Diagnostic> {
    let root = document.root();
    let (format, version) = match (root.get("openapi"), root.get("swagger")) {
        (Some(version), _) => ("OpenAPI", version),
        (None, Some(version)) => ("Swagger", version),
        (None, None) => return Err(root.diagnostic("no `openapi` key: this is not an OpenAPI 3.0 document")),
    };
    let written = match version.kind() {
        Kind::Text(text) if format == "OpenAPI" && text.starts_with("3.0.") => return Ok(()),
        Kind::Text("3.0") | Kind::Number("3.0") if format == "OpenAPI" => {
            return Err(version.diagnostic("`openapi: 3.0` is not a full version: write `openapi: 3.0.3`"));
        }
        Kind::Text(text) | Kind::Number(text) => text,
        _ => return Err(version.diagnostic("the version is not a text: write `openapi: 3.0.3`")),
    };
    Err(version.diagnostic(format!("{format} {written} is not supported: convert the document to OpenAPI 3.0")))
}
