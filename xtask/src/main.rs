//! The command `cargo xtask`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command writes to its standard streams")]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use xtask::{Workspace, ci, diff, file, generate, lint, read_document};

/// Run the tasks of this repository's developers and its CI
#[derive(Debug, Parser)]
#[command(
    bin_name = "cargo xtask",
    after_help = "Exit codes: 0 success, 1 failure or problems found, 2 wrong arguments or input, 4 the generated code is \
                  outdated"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Generate the client's types and calls from the OpenAPI document
    ///
    /// A document that breaks one of the rules that decide about the generated code is refused.
    Generate {
        /// Write nothing; print the differences and exit with 4 if the generated code is outdated
        #[arg(long)]
        check: bool,
        /// The OpenAPI document [default: openapi/partner-center-budgets.yaml]
        #[arg(long, value_name = "FILE")]
        document: Option<PathBuf>,
        /// The file to write [default: the client's generated.rs]
        #[arg(long, value_name = "FILE")]
        target: Option<PathBuf>,
    },
    /// Check the OpenAPI document against the rules in openapi/README.md
    Lint {
        /// The OpenAPI document [default: openapi/partner-center-budgets.yaml]
        #[arg(long, value_name = "FILE")]
        document: Option<PathBuf>,
    },
    /// Report the effect of a change of the OpenAPI document on clients and on generated Rust code
    #[command(disable_help_flag = true)]
    Diff {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS; see diff --help")]
        arguments: Vec<OsString>,
    },
    /// Run all checks of CI, the quick ones first
    Ci,
}

/// The exit code of `generate --check` if the generated code is outdated.
const OUTDATED: u8 = 4;

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", printable_text::lines(&format!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    let here = Workspace::here();
    match command {
        Command::Generate { check, document, target } => {
            let document = read_document(&document.unwrap_or_else(|| here.document()))?;
            let target = target.unwrap_or_else(|| here.generated());
            if !check {
                file::replace(&target, &generate::generate(&document)?)?;
                eprintln!("wrote {}", printable(&target));
            } else if let Some(report) = generate::differences(&document, &target)? {
                eprintln!("{}", printable_text::lines(&report));
                return Ok(ExitCode::from(OUTDATED));
            } else {
                eprintln!("{} is up to date", printable(&target));
            }
        }
        Command::Lint { document } => {
            let document = read_document(&document.unwrap_or_else(|| here.document()))?;
            let problems = lint::problems(&document);
            for problem in &problems {
                println!("{}", printable_text::one_line(&problem.to_string()));
            }
            anyhow::ensure!(problems.is_empty(), lint::summary(&problems));
            eprintln!("{}: no problems found", printable_text::one_line(document.name()));
        }
        Command::Diff { arguments } => {
            let status = diff::run(&here, &arguments)?;
            let code = status.code().context("the diff was killed by a signal")?;
            return Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from));
        }
        Command::Ci => ci::run(&here)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn printable(path: &Path) -> String {
    printable_text::one_line(&path.display().to_string()).into_owned()
}
