//! The formats of results.

use clap::ValueEnum;

/// The value of `--output`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people; on a narrow terminal it shortens names, then ids; the other formats do not
    Table,
    /// For programs: all digits, and null for a missing value
    Json,
    /// For programs: as json, one object per line
    Ndjson,
    /// For programs: a header line, empty cells for missing values, names unchanged. Do not open it in a spreadsheet, which
    /// may run a name as a formula; `export` writes CSV that is safe to open
    Csv,
    /// For job summaries and mails: a table in Markdown, with the texts of the table
    Markdown,
}
