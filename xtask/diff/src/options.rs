//! The arguments of `cargo xtask diff`.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use openapi_review::rules::Level;

/// Report the effect of a change of the OpenAPI document on clients and on generated Rust code
#[derive(Debug, Default, Parser)]
#[command(
    bin_name = "cargo xtask diff",
    after_help = "\
BASE and REVISION are each one of these; if a file has that name, it is used:
  FILE      a file
  REV       openapi/partner-center-budgets.yaml in that git revision
  REV:PATH  another file of a git revision, with PATH in git's syntax; C:\\PATH is a file

Exit codes: 0 success, 1 findings that are not accepted or an invalid accept list, 2 an unreadable input"
)]
pub struct Options {
    /// The old document [default: the document where this branch left the main branch]
    pub(crate) base: Option<String>,
    /// The new document [default: openapi/partner-center-budgets.yaml]
    pub(crate) revision: Option<String>,
    /// The format of the report
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// The lowest level that makes the exit code 1
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    pub(crate) fail_on: FailOn,
    /// A list of accepted changes, in TOML, of which each must be found [default: openapi/accepted-changes.toml if it
    /// exists; its entries must be found only if BASE is not given]
    #[arg(long, value_name = "FILE")]
    pub(crate) accept: Option<PathBuf>,
    /// Add an entry to the accept list for each finding that fails; you fill in its reason and owner
    #[arg(long)]
    pub(crate) write_accept: bool,
    /// Compare with the newest document in openapi/released; only REVISION may follow
    #[arg(long)]
    pub(crate) released: bool,
    /// Print the rules as a Markdown table, and compare nothing
    #[arg(long)]
    pub(crate) rules: bool,
    /// Succeed if the history has no base: for `cargo xtask ci`
    #[arg(long, hide = true, conflicts_with_all = ["base", "released"])]
    pub(crate) skip_without_base: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal
    #[default]
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For a program
    Json,
    /// For annotations in a GitHub workflow
    Github,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Changes that break clients
    #[default]
    Breaking,
    /// Changes that may break some clients, too
    Check,
    /// Only an invalid accept list
    None,
}

impl FailOn {
    pub(crate) fn level(self) -> Option<Level> {
        match self {
            Self::Breaking => Some(Level::Breaking),
            Self::Check => Some(Level::Check),
            Self::None => None,
        }
    }
}
