//! `pc-budgets tour`: the commands at work, one after the other, against one sandbox.

use std::io::{self, Write};

use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::{commands, connection};

/// The sandbox's first customer, who has a budget whatever the seed.
const CUSTOMER: &str = "00000000-0000-0000-0000-000000000001";

pub(crate) async fn run() -> anyhow::Result<()> {
    let sandbox = connection::in_sandbox(|builder| builder).await?;
    let steps: [&[&str]; 6] = [
        &["get", CUSTOMER],
        &["set", CUSTOMER, "2500.50"],
        &["get", CUSTOMER],
        &["clear", CUSTOMER],
        &["get", CUSTOMER],
        &["get", CUSTOMER, "--output", "json"],
    ];
    for words in steps {
        writeln!(io::stdout(), "$ pc-budgets {}", words.join(" "))?;
        let arguments = Arguments::try_parse_from(std::iter::once(&"pc-budgets").chain(words))?;
        if let Command::Call(call) = arguments.command {
            commands::run(&sandbox.client, call, arguments.output).await?;
        }
    }
    Ok(())
}
