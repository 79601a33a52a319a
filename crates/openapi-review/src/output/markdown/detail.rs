/// The maximum size of [`markdown`](super::markdown) in bytes. GitHub accepts comments of at most 65,536 characters, which
/// leaves room for a line of the caller.
pub const MAX_BYTES: usize = 65_000;

/// How much of a finding is shown, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    Hidden,
    Line,
    NoSnippet,
    Full,
}

/// The detail of each section, in the order of `Section::ALL`.
pub(super) type Details = [Detail; 5];

/// The details that are tried until the comment fits. The least important sections are shortened first. An annotation needs
/// no more than a line.
pub(super) const DETAILS: [Details; 8] = {
    use Detail::{Full, Hidden, Line, NoSnippet};
    [
        [Full, Full, Full, Full, Line],
        [Full, Full, Full, Full, Hidden],
        [Full, Full, Full, NoSnippet, Hidden],
        [Full, Full, Full, Hidden, Hidden],
        [Full, NoSnippet, NoSnippet, Hidden, Hidden],
        [NoSnippet, NoSnippet, NoSnippet, Hidden, Hidden],
        [NoSnippet, Line, Line, Hidden, Hidden],
        [Line, Line, Line, Hidden, Hidden],
    ]
};
