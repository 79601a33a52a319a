//! The nodes of one file.

use crate::document::{Diagnostic, SourceFile, StoredNode};

/// A parsed file, before its references are read.
pub(super) struct Parsed {
    pub(super) file: SourceFile,
    pub(super) nodes: Vec<StoredNode>,
    pub(super) strings: String,
    pub(super) index: Vec<u32>,
    pub(super) warnings: Vec<Diagnostic>,
}

/// For ids, lines, columns and offsets, which fit because of [`MAX_BYTES`](super::text::MAX_BYTES).
pub(super) fn saturating_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
