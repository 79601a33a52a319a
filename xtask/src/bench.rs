//! `cargo xtask bench`: programs that people run to see what things cost. Nothing here passes or fails.

mod build;
mod calls;
mod cli;
mod folder;
mod sandbox;

use clap::{Subcommand, ValueEnum};

use crate::Checkout;

/// What is measured.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Subject {
    /// What a call of the client costs, and jobs under a limit that it does not know; this is what runs without a name
    Calls,
    /// What `pc-budgets` costs, beside what is asked of it
    Cli {
        /// One measurement alone; `apply` takes minutes
        part: Option<Part>,
    },
}

/// A measurement of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// A process that gets one budget, beside one that does so with reqwest by hand
    Get,
    /// A list of 100,000 customers: memory, the first line, and processor time beside reqwest by hand
    Usage,
    /// 2,000 changes under a limit, killed on the way or not: time, and what was lost or written twice
    Apply,
    /// A sheet of 100,000 lines held against a file
    Plan,
}

/// Builds what is to be measured, runs it and returns tables in Markdown.
///
/// # Errors
///
/// A program that cannot be built or run, or that does not do what it is measured for.
pub fn run(here: &Checkout, subject: Option<Subject>) -> anyhow::Result<String> {
    let release = build::Release::of(here);
    match subject.unwrap_or(Subject::Calls) {
        Subject::Calls => calls::run(&release),
        Subject::Cli { part } => cli::run(&release, part),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
