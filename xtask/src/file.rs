//! Writing files.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

/// Replaces the content of `target` atomically: a failure leaves the old file.
///
/// # Errors
///
/// Fails if `target` cannot be written or is not a regular file.
pub fn replace(target: &Path, text: &str) -> anyhow::Result<()> {
    let is_file = fs::metadata(target).map_or(true, |found| found.is_file());
    ensure!(is_file, "{} is not a regular file: name another target", target.display());
    durable_files::replace(target, text.as_bytes(), durable_files::Mode::Preserve)
        .with_context(|| format!("failed to write {}", target.display()))
}
