//! The sandbox as a program.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use partner_center_budgets_sandbox::cli;

/// Run a local server that behaves like Microsoft Partner Center's usage budget operations.
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
            // A failure to write to standard error cannot be reported.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
