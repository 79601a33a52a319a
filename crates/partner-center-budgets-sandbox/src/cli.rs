//! The command line of the sandbox, for its own binary and for others that offer it as a subcommand.

use std::io::Write;

use anyhow::Context;

use crate::{Config, Sandbox};

/// More would fill the memory of a usual machine.
const MOST_CUSTOMERS: i64 = 1_000_000;

/// A local stand-in for Microsoft Partner Center's usage budget operations.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Port to listen on; 0 picks a free one
    #[arg(long, default_value_t = Config::default().port)]
    pub port: u16,
    /// Number of customers
    #[arg(long, default_value_t = Config::default().customers, value_parser = clap::value_parser!(u32).range(..=MOST_CUSTOMERS))]
    pub customers: u32,
    /// What the customers' figures are made from; the same seed makes the same figures
    #[arg(long, default_value_t = Config::default().seed)]
    pub seed: u64,
}

/// Starts a sandbox, prints one line `listening on http://127.0.0.1:PORT` on stdout and serves until Ctrl-C.
///
/// # Errors
///
/// When the port cannot be had, and when stdout cannot be written to.
pub async fn run(args: Args) -> anyhow::Result<()> {
    let Args { port, customers, seed } = args;
    let sandbox = Sandbox::with(Config { port, customers, seed }).await.with_context(|| {
        format!(
            "cannot listen on 127.0.0.1:{port}; stop the program that has the port, \
             or choose another with --port (0 picks a free one)"
        )
    })?;
    // Flushed, because whoever started this program through a pipe waits for the address.
    let mut out = std::io::stdout();
    writeln!(out, "listening on {}", sandbox.base_url())?;
    out.flush()?;
    sandbox.serve_until_ctrl_c().await.context("cannot wait for Ctrl-C")
}
