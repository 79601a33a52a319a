//! The arguments of `cargo xtask diff`.

use clap::Parser;
use openapi_review::cli::ReportOptions;

/// Report the effect of a change of the OpenAPI document on clients and on generated Rust code
#[derive(Debug, Default, Parser)]
#[command(
    bin_name = "cargo xtask diff",
    after_help = "\
BASE and REVISION are each one of these; if a file has that name, it is used:
  FILE      a file
  REV       openapi/partner-center-budgets.yaml in that git revision
  REV:PATH  another file of a git revision, with PATH in git's syntax; C:\\PATH is a file

Without --accept, the accept list is openapi/accepted-changes.toml if it exists.
Its entries must be found only if BASE is not given.

Exit codes: 0 success, 1 findings that are not accepted or an invalid accept list, 2 an unreadable input"
)]
pub struct Options {
    /// The old document [default: the document where this branch left the main branch]
    pub(crate) base: Option<String>,
    /// The new document [default: openapi/partner-center-budgets.yaml]
    pub(crate) revision: Option<String>,
    #[command(flatten)]
    pub(crate) report: ReportOptions,
    /// Compare with the newest document in openapi/released; only REVISION may follow
    #[arg(long)]
    pub(crate) released: bool,
    /// Print the rules as a Markdown table, and compare nothing
    #[arg(long)]
    pub(crate) rules: bool,
    /// Succeed in a folder without git, such as an unpacked archive: for `cargo xtask ci`
    #[arg(long, hide = true, conflicts_with_all = ["base", "released"])]
    pub(crate) skip_without_git: bool,
}
