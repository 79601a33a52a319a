//! The outcome of a run.

use std::io::{self, Write};
use std::path::Path;

use chrono::{DateTime, Utc};
use partner_center_budgets::{Decimal, Error};
use partner_center_budgets_fleet::{
    self as fleet, ApplySummary, ChangeOutcome, ChangeReport, JournalError, JournalHistory, Plan, StopReason,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::conflict_authors::ConflictAuthors;
use crate::commands::plan::markdown;
use crate::commands::plan::rows::{PlanRow, rows};
use crate::error::{CliError, Exit, error_line, output_failed_after};
use crate::output::format::OutputFormat;
use crate::output::listing::Listing;
use crate::output::number::quantity;
use crate::output::records;
use crate::output::sanitize::sanitized;
use crate::session::partner::Partner;

pub(super) struct Outcome<'a> {
    plan: &'a Plan,
    summary: ApplySummary,
    authors: ConflictAuthors,
}

/// The summary of a run for programs.
#[derive(Serialize, JsonSchema)]
pub(crate) struct SummaryDocument<'a> {
    /// The tenant and the address of the service.
    partner: Option<&'a str>,
    /// The user or app of this run.
    by: Option<&'a str>,
    changes: usize,
    done: usize,
    already: usize,
    changed: Vec<UnmadeChange>,
    failed: Vec<UnmadeChange>,
    unknown: Vec<UnmadeChange>,
    not_reached: usize,
    /// Customers that `--skip-unknown` left out.
    left_out: usize,
    /// `interrupted`, `sign-in` or `journal`.
    stopped: Option<&'static str>,
    journal: String,
    /// The command that resumes the run; null if it is complete.
    resume: Option<&'a str>,
}

/// A change that was not made, for programs.
#[derive(Serialize, JsonSchema)]
struct UnmadeChange {
    customer: String,
    line: u64,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<Option<Decimal>>,
    /// The author of the conflicting change, if the activity log has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

impl<'a> Outcome<'a> {
    pub(super) fn new(plan: &'a Plan, summary: ApplySummary, authors: ConflictAuthors) -> Self {
        Self { plan, summary, authors }
    }

    /// The outcome of a plan that changes nothing.
    pub(super) fn without_changes(plan: &'a Plan) -> Self {
        let mut summary = ApplySummary::default();
        summary.problems = plan.problems().count();
        Self { plan, summary, authors: ConflictAuthors::default() }
    }

    /// Whether every change is made. The user accepted the customers that `--skip-unknown` left out.
    fn is_done(&self) -> bool {
        self.summary.done + self.summary.already_set == self.summary.changes
    }

    /// Writes the summary, or what the journal says about each change, to standard output. `file` and `journal` are paths,
    /// and `resume` is the command that resumes the run. `None` if nothing was sent, so that there is no journal.
    pub(super) fn print(
        &self,
        file: &str,
        journal: &Path,
        partner: &Partner,
        resume: Option<&str>,
        format: OutputFormat,
    ) -> anyhow::Result<()> {
        let summary = &self.summary;
        match format {
            OutputFormat::Table => {}
            OutputFormat::Csv => return records::all(format, &self.rows(self.history(journal, resume)?.as_ref())),
            OutputFormat::Markdown => {
                let history = self.history(journal, resume)?;
                let rows = self.rows(history.as_ref());
                return Ok(markdown::print(file, self.plan, history.as_ref(), &rows)?);
            }
            OutputFormat::Json | OutputFormat::Ndjson => {
                return records::json(&self.document(journal, partner, resume));
            }
        }
        let mut out = io::stdout().lock();
        writeln!(out, "{} of {}", quantity(summary.changes, "change"), sanitized(file))?;
        for (number, what) in [
            (summary.done, "done"),
            (summary.already_set, "already as in the sheet"),
            (summary.conflicts.len(), "changed meanwhile, skipped"),
            (summary.failed.len(), "failed"),
            (summary.unknown.len(), "sent, outcome unknown"),
            (summary.not_reached, "not reached"),
            (summary.problems, "unknown customers, left out"),
        ] {
            if number > 0 {
                writeln!(out, "{number:>8}  {what}")?;
            }
        }
        Ok(())
    }

    /// The records of the journal; `None` if nothing was sent.
    fn history(&self, journal: &Path, resume: Option<&str>) -> Result<Option<JournalHistory>, JournalError> {
        resume.map(|_| fleet::journal_history(journal)).transpose()
    }

    /// The rows of all customers. Conflicts say who changed the budget, if it is known.
    fn rows(&self, history: Option<&JournalHistory>) -> Vec<PlanRow> {
        let mut rows = rows(self.plan, history);
        for report in &self.summary.conflicts {
            let customer = report.customer.to_string();
            let row = rows.iter_mut().find(|row| row.customer == customer);
            if let Some((row, author)) = row.zip(self.authors.of(report.customer)) {
                row.explain(format_args!("set {author}"));
            }
        }
        rows
    }

    fn document<'b>(&'b self, journal: &Path, partner: &'b Partner, resume: Option<&'b str>) -> SummaryDocument<'b> {
        let summary = &self.summary;
        let all = |reports: &[ChangeReport]| reports.iter().map(|report| self.unmade_change(report)).collect();
        SummaryDocument {
            partner: self.plan.partner(),
            by: partner.actor.as_deref(),
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
            resume: resume.filter(|_| !self.is_done()),
        }
    }

    /// The result of the command. `resume` resumes the run, and `printed` is the result of [`print`](Self::print).
    pub(super) fn into_result(mut self, file: &str, resume: &str, printed: anyhow::Result<()>) -> anyhow::Result<()> {
        let unmade = self.unmade_changes(file);
        let next = format!("continue with: {resume}");
        let error = match self.summary.stopped.take() {
            None if self.is_done() => {
                return printed.map_err(|error| output_failed_after(error, "all changes were made"));
            }
            None => CliError::new(Exit::Failed, "not all budgets are as in the sheet"),
            Some(StopReason::SignIn(error)) => error.into(),
            Some(StopReason::Journal(error)) => error.into(),
            Some(_) => CliError::interrupted("all finished changes are recorded"),
        };
        Err(error.next(next).items(unmade).into())
    }

    /// The changes that were not made, with their reasons.
    fn unmade_changes(&self, file: &str) -> Listing {
        let ApplySummary { failed, unknown, conflicts, .. } = &self.summary;
        let mut reports: Vec<_> = failed.iter().chain(unknown).chain(conflicts).collect();
        reports.sort_by_key(|report| report.line);
        let item = |report: &ChangeReport| {
            format!("{file}:{}: customer {}: {}", report.line, report.customer, self.reason(report))
        };
        reports.into_iter().map(item).collect()
    }

    /// The result if there is nothing to send. Customers that were left out must not count as customers whose budget is as
    /// in the sheet.
    pub(super) fn nothing_to_do(&self) -> CliError {
        let left_out = match self.summary.problems {
            0 => String::new(),
            count => format!(", except for {}, left out", quantity(count, "unknown customer")),
        };
        CliError::nothing_to_do(format_args!("all budgets are already as in the sheet{left_out}"))
    }

    /// Whether earlier runs of the journal have made all changes, so that this run made no calls.
    pub(super) fn was_done_earlier(&self) -> bool {
        self.is_done() && self.summary.attempted == 0
    }

    /// The result if earlier runs of the journal have made all changes.
    pub(super) fn done_earlier(&self, journal: &Path) -> CliError {
        let changes = quantity(self.summary.changes, "change");
        let why = format!("earlier runs have made all of {changes}, as {} records", journal.display());
        CliError::nothing_to_do(why).next("to begin again, name another journal with --journal FILE")
    }
}

impl Outcome<'_> {
    fn unmade_change(&self, report: &ChangeReport) -> UnmadeChange {
        let author = self.authors.of(report.customer);
        let (mut found, mut error) = (None, None);
        match &report.outcome {
            ChangeOutcome::Conflict { found: now, .. } => found = Some(*now),
            ChangeOutcome::Failed(why) | ChangeOutcome::Unknown(Some(why)) => error = Some(why),
            _ => {}
        }
        UnmadeChange {
            customer: report.customer.to_string(),
            line: report.line,
            reason: self.reason(report),
            found,
            changed_by: author.map(|author| author.who.clone()),
            changed_at: author.map(|author| author.when),
            status: error.and_then(Error::status),
            code: error.and_then(Error::code).map(str::to_owned),
        }
    }

    fn reason(&self, report: &ChangeReport) -> String {
        match &report.outcome {
            ChangeOutcome::Conflict { found, .. } => {
                let found = found.map_or_else(|| "none".to_owned(), |amount| amount.to_string());
                let author = self.authors.of(report.customer).map(|author| format!(", {author}")).unwrap_or_default();
                format!("it has changed to {found} meanwhile{author}; check it, then leave it or use --overwrite")
            }
            ChangeOutcome::Failed(error) => error_line(error),
            ChangeOutcome::Unknown(Some(error)) => {
                format!("the outcome is unknown, --resume reads it back: {}", error_line(error))
            }
            _ => "the outcome is unknown, --resume reads it back".to_owned(),
        }
    }
}
