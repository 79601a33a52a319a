//! `pc-budgets`: the usage spending budgets of Partner Center on the command line.

mod browser;
mod cli;
mod commands;
mod error;
mod help;
mod interrupt;
mod output;
mod session;
mod sheet;
mod values;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::cli::{Arguments, Command};
use crate::commands::{
    apply, budget, check, compare, completions, customers, export, log, login, logout, man, partner_summary, plan,
    preflight, profiles, record, report, schema, status, tour, usage,
};
use crate::output::wait_line::with_wait_line;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    if let Some(code) = browser::run_as_opener() {
        return code;
    }
    let arguments = cli::parse(std::env::args_os()).unwrap_or_else(|error| exit_with(&error));
    match with_wait_line(run(arguments)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error::report(error),
    }
}

/// Prints as `clap::Error::exit`, but without the control characters of repeated arguments.
fn exit_with(error: &clap::Error) -> ! {
    let is_printable = |text: OsString| text.to_string_lossy().chars().all(printable_text::is_printable);
    if !error.use_stderr() || std::env::args_os().all(is_printable) {
        error.exit();
    }
    drop(io::stderr().write_all(printable_text::lines(&error.render().to_string()).as_bytes()));
    std::process::exit(error.exit_code());
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { connection, output, log, command } = arguments;
    log.install();
    let format = preflight::ensure_record_format(output, matches!(command, Command::Check(_)))?;
    if let Some((name, writes)) = command.fixed_output() {
        preflight::ensure_table_output(format, name, writes)?;
    }
    if let Some(name) = command.without_service() {
        preflight::ensure_no_connection_options(&connection, name)?;
    }
    match command {
        Command::Login(args) => login::run(connection, args).await,
        Command::Logout(_) => logout::run(connection).await,
        Command::Status(_) => status::run(connection, format).await,
        Command::Profiles(args) => profiles::run(&args, format),
        Command::Get(args) => budget::get(&connection.open().await?.client, args, format).await,
        Command::Set(args) => budget::set(connection, args, format).await,
        Command::Clear(args) => budget::clear(connection, args, format).await,
        Command::Usage(args) => usage::run(&connection.open().await?, &args, format).await,
        Command::Check(args) => check::run(connection, &args, output).await,
        Command::Summary(_) => partner_summary::run(&connection.open().await?.client, format).await,
        Command::Report(args) => report::run(connection, &args).await,
        Command::Compare(args) => compare::run(connection, args, format).await,
        Command::Record(args) => record::run(connection, args).await,
        Command::Customers(args) => customers::run(&connection.open().await?.client, &args, format).await,
        Command::Plan(args) => plan::run(connection, args, format).await,
        Command::Apply(args) => apply::run(connection, args, format).await,
        Command::Log(args) => log::run(connection, &args, format).await,
        Command::Export(args) => export::run(connection, &args, format).await,
        Command::Tour => tour::run().await,
        Command::Sandbox(args) => partner_center_budgets_sandbox::cli::run(args).await,
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args, cli::full_parser()),
        Command::Man(args) => man::run(&args, cli::full_parser()),
    }
}
