//! The formats of results.

use clap::ValueEnum;
use clap::builder::PossibleValue;

/// The format of records.
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

/// The value of `--output`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Records(OutputFormat),
    /// Figures of all customers for a textfile collector. Only `check` has it.
    Prometheus,
}

impl ValueEnum for Output {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Records(OutputFormat::Table),
            Self::Records(OutputFormat::Json),
            Self::Records(OutputFormat::Ndjson),
            Self::Records(OutputFormat::Csv),
            Self::Records(OutputFormat::Markdown),
            Self::Prometheus,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Records(format) => format.to_possible_value(),
            Self::Prometheus => {
                Some(PossibleValue::new("prometheus").help("For a textfile collector; only `check` has it"))
            }
        }
    }
}
