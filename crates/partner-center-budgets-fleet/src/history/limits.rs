//! The limits of a file.

/// The largest file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// The longest line, in bytes without its end.
    pub(super) line: usize,
    /// The most text, in bytes.
    pub(super) text: u64,
    pub(super) records: u64,
}

pub(super) const LIMITS: Limits = Limits { line: 1024 * 1024, text: 1024 * 1024 * 1024, records: 1_000_000 };
