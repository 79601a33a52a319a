//! `cargo measure`: the cost of calls, jobs and commands, compared with the same work done by bare reqwest.
//!
//! It needs Linux. It prints figures and checks none of them.
#![expect(clippy::print_stdout, reason = "the tables go to standard output")]

mod calls;
mod cli;
mod median;
mod release;
mod report;
mod sandbox;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use cli::Part;
use release::Release;

/// Measure the cost of calls, jobs and commands, compared with bare reqwest, on Linux
#[derive(Debug, Parser)]
#[command(bin_name = "cargo measure", subcommand_required = true, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
enum Subject {
    /// Measure calls of the client, and jobs under a rate limit that the client does not know
    Calls,
    /// Measure `pc-budgets` against its goals
    Cli {
        /// Run only this measurement; `apply` takes two minutes
        part: Option<Part>,
    },
    /// Measure the report of 10,000 customers in a headless Chromium
    Report {
        /// Also check the accessibility of reports with this script: axe.min.js of the npm package axe-core
        #[arg(long, value_name = "FILE")]
        axe: Option<PathBuf>,
    },
}

fn main() -> anyhow::Result<()> {
    let release = Release::here()?;
    let tables = match Arguments::parse().subject {
        Subject::Calls => calls::measure(&release)?,
        Subject::Cli { part } => cli::measure(&release, part)?,
        Subject::Report { axe } => report::measure(&release, axe.as_deref())?,
    };
    print!("{tables}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_name_the_measurement() {
        let subject = |words: &[&str]| Arguments::try_parse_from(words).unwrap().subject;
        assert_eq!(subject(&["measure", "calls"]), Subject::Calls);
        assert_eq!(subject(&["measure", "cli"]), Subject::Cli { part: None });
        assert_eq!(subject(&["measure", "cli", "apply"]), Subject::Cli { part: Some(Part::Apply) });
    }

    #[test]
    fn an_unknown_measurement_lists_the_known_ones() {
        let error = Arguments::try_parse_from(["measure", "cli", "nothing"]).unwrap_err().to_string();
        assert!(error.contains("[possible values: get, usage, apply, check, meters, plan, compare]"), "{error}");
    }
}
