//! Parses the text of one file, in JSON or YAML.

use super::builder::{Builder, START};
use super::parsed::Parsed;
use super::{encoding, json, yaml};
use crate::document::Diagnostic;

/// The maximum size of a document with all its files, in bytes. The largest published documents have a tenth of it.
pub(super) const MAX_BYTES: usize = 64 << 20;

pub(super) fn parse_file(name: &str, bytes: &[u8]) -> Result<Parsed, Diagnostic> {
    match encoding::decode(bytes) {
        Ok(text) => parse_text(name, &text),
        Err(reason) => Err(Builder::new(name, "").diagnostic(START, reason)),
    }
}

pub(super) fn parse_text(name: &str, text: &str) -> Result<Parsed, Diagnostic> {
    // Some editors write a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut builder = Builder::new(name, text);
    if text.len() > MAX_BYTES {
        let reason = format!("the document has {} bytes, more than the limit of {MAX_BYTES}: split it", text.len());
        return Err(builder.diagnostic(START, reason));
    }
    if !is_json(text) {
        yaml::read(&mut builder)?;
        return builder.finish();
    }
    match json::read(&mut builder) {
        Ok(()) => builder.finish(),
        Err(problem) if name.ends_with(".json") => Err(problem),
        // YAML in flow style may have quoted keys too.
        Err(problem) => {
            let mut builder = Builder::new(name, text);
            yaml::read(&mut builder).and_then(|()| builder.finish()).map_err(|_| problem)
        }
    }
}

/// YAML may start with `{` too, but rarely with a key in double quotes.
fn is_json(text: &str) -> bool {
    let inner = text.trim_start().strip_prefix('{').map(str::trim_start);
    inner.is_some_and(|inner| inner.is_empty() || inner.starts_with(['"', '}']))
}
