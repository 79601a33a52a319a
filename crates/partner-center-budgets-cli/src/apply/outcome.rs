//! What came of it.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

use partner_center_budgets::{Decimal, Error};
use partner_center_budgets_fleet::{ApplySummary, ChangeOutcome, ChangeReport, Plan, StopReason};
use serde::Serialize;

use super::Args;
use crate::arguments::Output;
use crate::failure::Told;
use crate::output::{self, counted};
use crate::plan::lines;
use crate::steering::harmless;

/// A summary, as programs read it.
#[derive(Serialize)]
struct Document<'a> {
    /// For whom: the tenant and the address of the service.
    partner: Option<&'a str>,
    changes: usize,
    done: usize,
    already: usize,
    changed: Vec<Line>,
    failed: Vec<Line>,
    unknown: Vec<Line>,
    not_reached: usize,
    /// Customers that `--skip-unknown` left out.
    left_out: usize,
    /// `interrupted`, `sign-in` or `journal`.
    stopped: Option<&'static str>,
    journal: String,
    /// The command that goes on; null where all is as wanted.
    resume: Option<&'a str>,
}

/// A change that was not made, as programs read it.
#[derive(Serialize)]
struct Line {
    customer: String,
    line: u64,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<Option<Decimal>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// Writes the summary to standard output.
pub(super) fn print(
    args: &Args,
    journal: &Path,
    plan: &Plan,
    summary: &ApplySummary,
    again: &str,
    output: Output,
) -> anyhow::Result<()> {
    if output != Output::Table {
        let all = |reports: &[ChangeReport]| reports.iter().map(line).collect();
        return output::json(&Document {
            partner: plan.partner(),
            changes: summary.changes,
            done: summary.done,
            already: summary.already_set,
            changed: all(&summary.conflicts),
            failed: all(&summary.failed),
            unknown: all(&summary.unknown),
            not_reached: summary.not_reached,
            left_out: summary.problems,
            stopped: summary.stopped.as_ref().map(|stop| match stop {
                StopReason::SignIn(_) => "sign-in",
                StopReason::Journal(_) => "journal",
                _ => "interrupted",
            }),
            journal: journal.display().to_string(),
            resume: (!is_done(summary)).then_some(again),
        });
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{} of {}", counted(summary.changes, "change"), harmless(&args.file))?;
    for (number, what) in [
        (summary.done, "done"),
        (summary.already_set, "as wanted before"),
        (summary.conflicts.len(), "changed by somebody else meanwhile, skipped"),
        (summary.failed.len(), "failed"),
        (summary.unknown.len(), "sent without a clear answer"),
        (summary.not_reached, "not reached"),
        (summary.problems, "unknown customers, left out"),
    ] {
        if number > 0 {
            writeln!(out, "{number:>8}  {what}")?;
        }
    }
    Ok(())
}

fn line(report: &ChangeReport) -> Line {
    let (mut found, mut error) = (None, None);
    match &report.outcome {
        ChangeOutcome::Conflict { found: now, .. } => found = Some(*now),
        ChangeOutcome::Failed(why) | ChangeOutcome::Unknown(Some(why)) => error = Some(why),
        _ => {}
    }
    Line {
        customer: report.customer.to_string(),
        line: report.line,
        reason: reason(&report.outcome),
        found,
        status: error.and_then(Error::status),
        code: error.and_then(Error::code).map(str::to_owned),
    }
}

fn reason(applied: &ChangeOutcome) -> String {
    let now = |found: &Option<Decimal>| found.map_or_else(|| "none".to_owned(), |amount| amount.to_string());
    match applied {
        ChangeOutcome::Conflict { found, .. } => {
            format!("somebody else changed it to {} meanwhile; check it, and --overwrite it or not", now(found))
        }
        ChangeOutcome::Failed(error) => error.to_string(),
        ChangeOutcome::Unknown(Some(error)) => {
            format!("what became of it is not known, --resume reads it back: {error}")
        }
        _ => "what became of it is not known, --resume reads it back".to_owned(),
    }
}

/// The changes that were not made, with their reasons, one in each line.
pub(super) fn failures(path: &str, summary: &ApplySummary) -> String {
    let all = summary.failed.iter().chain(&summary.unknown).chain(&summary.conflicts);
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|report| report.line);
    let told = |report: &&ChangeReport| {
        format!("{path}:{}: customer {}: {}", report.line, report.customer, reason(&report.outcome))
    };
    lines(&all.iter().map(told).collect::<Vec<_>>())
}

/// A run that cannot go on as things are.
pub(super) fn stopped(path: &str, mut summary: ApplySummary, below: &dyn Display) -> Told {
    let failures = failures(path, &summary);
    let told = match summary.stopped.take() {
        Some(StopReason::SignIn(error)) => Told::with(&error.into(), &below.to_string()),
        Some(StopReason::Journal(error)) => Told::with(&error.into(), &below.to_string()),
        _ => Told::failed(below.to_string()),
    };
    Told { text: failures + &told.text, ..told }
}

/// Whether every change is made. Whom the plan could do nothing for, the user left out with `--skip-unknown`.
pub(super) fn is_done(summary: &ApplySummary) -> bool {
    summary.done + summary.already_set == summary.changes
}

/// Why there is nothing to send. Customers that were left out must not pass for customers whose budgets were read.
pub(super) fn nothing_to_do(plan: &Plan) -> String {
    let left_out = match plan.problems().count() {
        0 => String::new(),
        count => {
            // A plan made from a file did not ask the service.
            format!(", except for {}, left out", counted(count, "unknown customer"))
        }
    };
    format!("nothing to do: all budgets are as wanted{left_out}\n")
}
