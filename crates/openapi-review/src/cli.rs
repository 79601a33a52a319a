//! The program `openapi-review`, and its parts for a program that wraps it for one repository.
//!
//! A wrapper describes its repository as a [`Project`], resolves the names of documents with [`Input`] and [`Source`], and
//! calls [`compare`]. [`exit_code`] reports the result as the program does.

mod accepted;
mod arguments;
mod commands;
mod comparison;
mod git;
mod options;
mod project;
mod settings;
mod source;

use std::process::ExitCode;

pub use accepted::Merged;
pub use arguments::run;
pub use comparison::{compare, print_rules};
pub use git::Git;
pub use options::{FailOn, Format, ReportOptions};
pub use project::Project;
pub use source::{Input, Source};

/// The exit code for an input that cannot be read.
const BAD_INPUT: u8 = 2;

/// Reports the result of a command: 0 if it succeeded, 1 if it failed for the reason in `Ok`, 2 if an input is invalid.
///
/// ```no_run
/// use openapi_review::cli;
///
/// fn main() -> std::process::ExitCode {
///     cli::exit_code(cli::run())
/// }
/// ```
#[expect(clippy::print_stderr, reason = "a command writes its errors to standard error")]
#[must_use]
pub fn exit_code(result: anyhow::Result<Option<String>>) -> ExitCode {
    match result {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(failure)) => {
            eprintln!("error: {}", printable_text::lines(&failure));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {}", printable_text::lines(&format!("{error:#}")));
            ExitCode::from(BAD_INPUT)
        }
    }
}
