//! The command line: its parser and its help.

use std::ffi::OsString;

use clap::{Arg, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::{
    apply, budget, check, compare, completions, customers, export, log, login, logout, man, partner_summary, plan,
    profiles, record, report, schema, status, usage,
};
use crate::help;
use crate::output::format::{Output, OutputFormat};
use crate::output::log::LogOptions;
use crate::session::connection::Connection;

/// The text of `--version`. The script of the releases sets the variable to version, commit and date. No build script asks
/// git, so a commit rebuilds nothing, and a package without git builds, too.
const VERSION: &str = match option_env!("PC_BUDGETS_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

/// Read, set and clear the Azure budgets of a Cloud Solution Provider's customers.
#[derive(Debug, Parser)]
#[command(name = "pc-budgets", version, long_version = VERSION, max_term_width = 100, after_help = help::after_help())]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// How to print results
    #[arg(
        long = "output",
        value_name = "FORMAT",
        global = true,
        value_enum,
        default_value_t = Output::Records(OutputFormat::Table),
        help_heading = "Global options"
    )]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) log: LogOptions,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
    Status(status::StatusArgs),
    Profiles(profiles::ProfilesArgs),
    Get(budget::GetArgs),
    Set(budget::SetArgs),
    Clear(budget::ClearArgs),
    Usage(usage::UsageArgs),
    Check(check::CheckArgs),
    Summary(partner_summary::SummaryArgs),
    Report(report::ReportArgs),
    Record(record::RecordArgs),
    Compare(compare::CompareArgs),
    Customers(customers::CustomersArgs),
    Plan(plan::PlanArgs),
    Apply(apply::ApplyArgs),
    Export(export::ExportArgs),
    Log(log::LogArgs),
    /// Run get, set and clear against the sandbox
    ///
    /// Exit codes: 0 done, 1 failed.
    Tour,
    /// Run the sandbox, a local stand-in for the service
    ///
    /// Prints its address on standard output, accepts the access token `sandbox`, and runs until Ctrl-C. To call it, set
    /// PARTNER_CENTER_TOKEN to `sandbox` in another terminal, and run: pc-budgets --base-url ADDRESS customers
    ///
    /// Exit codes: 0 stopped, 1 failed, 2 wrong usage.
    ///
    /// Example: pc-budgets sandbox --port 8080 --fault status=503@get_usage_budget:first=3
    Sandbox(partner_center_budgets_sandbox::cli::Args),
    Schema(schema::SchemaArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

impl Command {
    /// The name and the output of a command that does not write records.
    pub(crate) fn fixed_output(&self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Login(_) => ("login", "how to sign in"),
            Self::Logout(_) => ("logout", "the profile that is signed out"),
            Self::Report(_) => ("report", "an HTML page"),
            Self::Record(_) => ("record", "the file of a day"),
            Self::Tour => ("tour", "the output of other commands"),
            Self::Sandbox(_) => ("sandbox", "its address"),
            Self::Schema(_) => ("schema", "a JSON Schema"),
            Self::Completions(_) => ("completions", "a shell script"),
            Self::Man(_) => ("man", "manual pages"),
            _ => return None,
        })
    }

    /// The name of a command that does not call the service of a partner.
    pub(crate) fn without_service(&self) -> Option<&'static str> {
        Some(match self {
            Self::Profiles(_) => "profiles",
            Self::Tour => "tour",
            Self::Sandbox(_) => "sandbox",
            Self::Schema(_) => "schema",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
            _ => return None,
        })
    }
}

/// The parser, with all global options in the help of each command.
pub(crate) fn full_parser() -> clap::Command {
    Arguments::command()
}

/// Parses the arguments of a process, the program's name included.
pub(crate) fn parse(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
) -> clap::error::Result<Arguments> {
    let mut parser = parser();
    let matches = parser.try_get_matches_from_mut(arguments)?;
    Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut parser))
}

/// The parser. The help of a command hides the global options, because 35 lines of them would bury its own.
fn parser() -> clap::Command {
    let parser = full_parser();
    let hidden: Vec<Arg> = parser
        .get_arguments()
        .filter(|option| option.is_global_set())
        .map(|option| option.clone().hide(true))
        .collect();
    // clap adds a global option to a command only if the command has none with the same id.
    parser.mut_subcommands(|command| command.args(&hidden).after_help(help::GLOBAL_OPTIONS))
}
