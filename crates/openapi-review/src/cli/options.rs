//! The options of a comparison.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

pub use crate::config::FailOn;

/// The options of a report on a comparison.
#[derive(Debug, Clone, Default, Args)]
#[non_exhaustive]
pub struct ReportOptions {
    /// The format of the report
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// The lowest level that makes the exit code 1 [default: breaking]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub fail_on: Option<FailOn>,
    /// A list of accepted changes, in TOML, of which each must be found
    #[arg(long, value_name = "FILE")]
    pub accept: Option<PathBuf>,
    /// Add an entry to the accept list for each finding that fails; you fill in its reason and owner
    #[arg(long)]
    pub write_accept: bool,
    /// List the changes of descriptions, examples and extensions, which the text only counts
    #[arg(long)]
    pub annotations: bool,
}

impl ReportOptions {
    pub(super) fn fail_on(&self) -> FailOn {
        self.fail_on.unwrap_or_default()
    }
}

/// The format of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum Format {
    /// For a terminal
    #[default]
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For a program; report.schema.json of the crate openapi-review describes it
    Json,
    /// For annotations in a GitHub workflow
    Github,
    /// A page for a browser, in one file
    Html,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}
