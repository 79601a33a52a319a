//! The command line of `openapi-review`.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Parser, Subcommand};

use super::commands::{changelog, diff, log, rules};
use super::settings::Configuration;

/// Review changes of OpenAPI documents: what breaks clients, and how to ship it instead
#[derive(Debug, Parser)]
#[command(
    name = "openapi-review",
    version,
    max_term_width = 100,
    after_help = "\
Exit codes: 0 success, 1 findings that are not accepted or an invalid accept list, 2 an unreadable input

Example: openapi-review diff main:openapi.yaml openapi.yaml"
)]
struct Arguments {
    /// The configuration file [default: openapi-review.toml in this folder or one above it, within the repository]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The document of this repository, which a git revision without a path means [default: `document` of the
    /// configuration, or the only document of the repository]
    #[arg(long, global = true, value_name = "PATH")]
    document: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Diff(diff::DiffArgs),
    Log(log::LogArgs),
    Changelog(changelog::ChangelogArgs),
    Rules(rules::RulesArgs),
}

/// Runs the program with the arguments of the process. Returns why it failed, or nothing if it did not.
///
/// ```no_run
/// if let Some(failure) = openapi_review::cli::run()? {
///     eprintln!("error: {failure}");
/// }
/// # Ok::<(), anyhow::Error>(())
/// ```
///
/// # Errors
///
/// Fails if an input cannot be read.
pub fn run() -> anyhow::Result<Option<String>> {
    let Arguments { config, document, command } = Arguments::parse();
    if let Command::Rules(arguments) = command {
        return rules::run(&arguments).map(|()| None);
    }
    let folder = std::env::current_dir().context("failed to find the current folder")?;
    let configuration = Configuration::read(&folder, config.as_deref(), document.as_deref())?;
    match command {
        Command::Diff(arguments) => diff::run(&configuration, &folder, arguments),
        Command::Log(arguments) => log::run(&configuration.project(), &folder, &arguments).map(|()| None),
        Command::Changelog(arguments) => changelog::run(&configuration.project(), &folder, &arguments).map(|()| None),
        Command::Rules(_) => Ok(None),
    }
}
