//! `pc-budgets tour`: runs some commands against one sandbox.

use std::io::{self, Write};

use super::{budget, preflight};
use crate::cli::{self, Arguments, Command};
use crate::session::connection;

/// The sandbox's first customer, which has a budget with every seed.
const CUSTOMER: &str = "00000000-0000-0000-0000-000000000001";

pub(crate) async fn run() -> anyhow::Result<()> {
    let session = connection::open_sandbox(|builder| builder).await?;
    let steps: [&[&str]; 6] = [
        &["get", CUSTOMER],
        &["set", CUSTOMER, "120.50"],
        &["get", CUSTOMER],
        &["clear", CUSTOMER],
        &["get", CUSTOMER],
        &["get", CUSTOMER, "--output", "json"],
    ];
    for words in steps {
        writeln!(io::stdout(), "$ pc-budgets {}", words.join(" "))?;
        let Arguments { command, output, .. } = cli::parse(["pc-budgets"].iter().chain(words))?;
        let format = preflight::ensure_record_format(output, false)?;
        match command {
            Command::Get(args) => budget::get(&session.client, args, format).await?,
            Command::Set(args) => budget::set_with(&session.client, args, format).await?,
            Command::Clear(args) => budget::clear_with(&session.client, args, format).await?,
            _ => {}
        }
    }
    Ok(())
}
