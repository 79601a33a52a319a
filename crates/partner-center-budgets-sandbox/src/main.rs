//! The sandbox as a program of its own.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use partner_center_budgets_sandbox::cli;

/// A local stand-in for Microsoft Partner Center's usage budget operations.
#[derive(Parser)]
#[command(version)]
struct Program {
    #[command(flatten)]
    args: cli::Args,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match cli::run(Program::parse().args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to be told when standard error is closed.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
