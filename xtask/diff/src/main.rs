//! The program that `cargo xtask diff` runs.
#![expect(clippy::print_stderr, reason = "a command writes its errors to standard error")]

use std::process::ExitCode;

use clap::Parser;
use xtask_diff::Options;

/// The exit code for an input that cannot be read.
const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    match xtask_diff::run(&Options::parse()) {
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
