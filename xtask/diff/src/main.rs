//! The program behind `cargo xtask diff`.

use std::process::ExitCode;

use clap::Parser;
use xtask_diff::Options;

fn main() -> ExitCode {
    openapi_review::cli::exit_code(xtask_diff::run(&Options::parse()))
}
