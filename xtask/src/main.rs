//! The command `cargo xtask`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks on its standard streams")]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{Checkout, bench, ci, diff, generate, lint, read};

/// What developers and CI run.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask", after_help = "Exit codes: 0 fine, 1 failed, 2 wrong arguments or input, 4 stale")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the client's types and calls from the OpenAPI document
    Generate {
        /// Write nothing; show what would change and exit with 4 if something would
        #[arg(long)]
        check: bool,
        /// The OpenAPI document [default: openapi/partner-center-budgets.yaml]
        #[arg(long, value_name = "FILE")]
        document: Option<PathBuf>,
        /// Where the code goes [default: the client's generated.rs]
        #[arg(long, value_name = "FILE")]
        target: Option<PathBuf>,
    },
    /// Hold the OpenAPI document against our own rules
    Lint {
        /// The OpenAPI document [default: openapi/partner-center-budgets.yaml]
        #[arg(long, value_name = "FILE")]
        document: Option<PathBuf>,
    },
    /// Tell what a change of the OpenAPI document does to clients and to generated Rust code
    Diff(diff::Options),
    /// Measure what calls, jobs and commands cost, beside the same done by hand with reqwest (Linux)
    Bench {
        #[command(subcommand)]
        subject: Option<bench::Subject>,
    },
    /// Run everything that CI checks: formatting, lints, drift, docs and tests
    Ci,
}

/// The generated file is not what the document asks for.
const STALE: u8 = 4;

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
    let here = Checkout::here();
    match command {
        Command::Generate { check, document, target } => {
            let document = document.unwrap_or_else(|| here.document());
            let target = target.unwrap_or_else(|| here.generated());
            if !check {
                generate::write(&target, &generate::generate(&document)?)?;
                eprintln!("wrote {}", target.display());
            } else if let Some(complaint) = generate::stale(&document, &target)? {
                eprintln!("{complaint}");
                return Ok(ExitCode::from(STALE));
            } else {
                eprintln!("{} is what the document asks for", target.display());
            }
        }
        Command::Lint { document } => {
            let document = read(&document.unwrap_or_else(|| here.document()))?;
            let complaints = lint::lint(&document);
            for complaint in &complaints {
                println!("{}", printable_text::one_line(&complaint.to_string()));
            }
            anyhow::ensure!(
                complaints.is_empty(),
                "{} complaints; the rules stand in openapi/README.md",
                complaints.len()
            );
            eprintln!("{} keeps all rules", document.name());
        }
        Command::Diff(options) => return Ok(diff::command(&options)),
        Command::Bench { subject } => print!("{}", bench::run(&here, subject)?),
        Command::Ci => ci::run(&here)?,
    }
    Ok(ExitCode::SUCCESS)
}
