//! `cargo measure`: what calls, jobs and commands cost, compared with the same work done by bare reqwest.
//!
//! It needs Linux. It prints figures, and none of them passes or fails.
#![expect(clippy::print_stdout, reason = "the tables go to standard output")]

mod calls;
mod cli;
mod release;
mod sandbox;
mod temp_folder;

use clap::{Parser, Subcommand, ValueEnum};

use release::Release;

/// Measure what calls, jobs and commands cost, compared with bare reqwest, on Linux
#[derive(Debug, Parser)]
#[command(bin_name = "cargo measure", subcommand_required = true, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
enum Subject {
    /// Measure calls of the client, and jobs under a rate limit that the client does not know
    Calls,
    /// Measure `pc-budgets` against its goals
    Cli {
        /// Run only this measurement; `apply` takes two minutes
        part: Option<Part>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// One budget: the whole process, compared with bare reqwest
    Get,
    /// 100,000 customers: memory, time to the first line, and processor time compared with bare reqwest
    Usage,
    /// 2,000 changes under a rate limit, with and without kills: time, lost changes, repeated changes
    Apply,
    /// A sheet of 100,000 lines compared with a file
    Plan,
}

fn main() -> anyhow::Result<()> {
    let release = Release::here()?;
    let tables = match Arguments::parse().subject {
        Subject::Calls => calls::measure(&release)?,
        Subject::Cli { part } => cli::measure(&release, part)?,
    };
    print!("{tables}");
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
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
        assert!(error.contains("[possible values: get, usage, apply, plan]"), "{error}");
    }

    #[test]
    fn median_is_the_middle_value_in_order() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert!(median(Vec::new()).is_nan());
    }
}
