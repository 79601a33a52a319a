//! The formats of results.

use clap::ValueEnum;

/// The value of `--output`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people; a narrow terminal shortens names and then ids, which the others have whole
    Table,
    /// For programs: all digits kept, null where there is none
    Json,
    /// As json, one object a line
    Ndjson,
    /// For programs: with heads, an empty cell for null, and names unchanged. Do not open it in a spreadsheet, which may take
    /// a name for a formula; `export` writes CSV that is safe to open
    Csv,
}
