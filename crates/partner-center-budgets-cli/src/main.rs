//! `pc-budgets`: the usage spending budgets of Partner Center on the command line.

mod apply;
mod arguments;
mod bar;
mod browser;
mod commands;
mod completions;
mod config;
mod connection;
mod customers;
mod export;
mod failure;
mod interrupt;
mod lists;
mod login;
mod logout;
mod man;
mod output;
mod place;
mod plan;
mod profiles;
mod progress;
mod report;
mod rows;
mod share;
mod sheet;
mod status;
mod steering;
mod store;
mod summary;
mod table;
mod tour;
mod usage;
mod waiting;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Call, Command};
use crate::output::notice;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    if let Some(code) = browser::run_as_opener() {
        return code;
    }
    let arguments = Arguments::try_parse().unwrap_or_else(|error| refuse(&error));
    match waiting::shown(run(arguments)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}

/// As `clap::Error::exit`, but an argument that is repeated in the message cannot steer the terminal.
fn refuse(error: &clap::Error) -> ! {
    let is_plain = |text: std::ffi::OsString| text.to_string_lossy().chars().all(printable_text::is_printable);
    if !error.use_stderr() || std::env::args_os().all(is_plain) {
        error.exit();
    }
    drop(io::stderr().write_all(printable_text::lines(&error.render().to_string()).as_bytes()));
    std::process::exit(error.exit_code());
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { connection, output, command } = arguments;
    if let Some((name, writes)) = command.writes() {
        output::is_for_people(output, name, writes)?;
    }
    match command {
        Command::Sandbox(sandbox) => {
            connection.must_be_unset("sandbox");
            partner_center_budgets_sandbox::cli::run(sandbox).await
        }
        Command::Tour => {
            connection.must_be_unset("tour");
            tour::run().await
        }
        Command::Login(login) => login::run(connection, login).await,
        Command::Logout(_) => logout::run(connection).await,
        Command::Profiles(args) => {
            connection.must_be_unset("profiles");
            profiles::run(&args, output)
        }
        Command::Status(_) => status::run(connection, output).await,
        Command::Completions(args) => {
            connection.must_be_unset("completions");
            completions::run(&args)
        }
        Command::Man(args) => {
            connection.must_be_unset("man");
            man::run(&args)
        }
        Command::Plan(plan) => plan::run(connection, plan, output).await,
        Command::Apply(apply) => apply::run(connection, apply, output).await,
        Command::Export(args) => export::run(connection, &args, output).await,
        Command::Call(call) => {
            let open = connection.open().await?;
            // People should see for whom they write before it is done; a script knows.
            if matches!(call, Call::Set { .. } | Call::Clear { .. }) && io::stderr().is_terminal() {
                notice(format_args!("for {}", open.partner().await?.shown));
            }
            commands::run(&open.client, call, output).await
        }
    }
}
