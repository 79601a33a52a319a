//! The result of a run.

use std::fmt;

use partner_center_budgets::{CustomerId, Decimal, Error};

use crate::{Entry, JournalError};

/// The outcome of one change.
#[derive(Debug)]
#[non_exhaustive]
pub enum ChangeOutcome {
    /// The budget was sent and is as desired, in this run or an earlier one of the journal.
    Done,
    /// The budget was as desired before anything was sent.
    AlreadySet,
    /// The budget is neither the one that the plan saw nor the desired one, so nothing was sent.
    #[non_exhaustive]
    Conflict {
        /// The current budget.
        found: Option<Decimal>,
    },
    /// The budget could not be read, or the service rejected it. This run did not change it.
    Failed(Error),
    /// The budget may have been sent, and the result is not known. The next run of the journal reads it back. The error is
    /// `None` if an earlier run sent it.
    Unknown(Option<Error>),
    /// The run stopped before this change. Failures of earlier runs count as not reached until they are attempted again.
    NotReached,
}

/// A change and its outcome.
#[derive(Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ChangeReport {
    /// The customer.
    pub customer: CustomerId,
    /// The customer's first line of the sheet.
    pub line: u64,
    /// The outcome.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub outcome: ChangeOutcome,
}

impl ChangeReport {
    pub(super) fn new(change: &Entry, outcome: ChangeOutcome) -> Self {
        Self { customer: change.customer, line: change.lines().next().unwrap_or_default(), outcome }
    }
}

/// Why a run stopped early. The journal can be resumed.
#[derive(Debug)]
#[non_exhaustive]
pub enum StopReason {
    /// The caller cancelled it.
    Cancelled,
    /// The sign-in failed or the service rejected the token, so every other change would fail, too.
    SignIn(Error),
    /// The journal cannot be written, for example because the disk is full.
    Journal(JournalError),
}

/// The result of [`apply`](crate::apply()). Each change is in exactly one of the counts and lists.
#[derive(Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
#[must_use = "some changes may not have been made"]
pub struct ApplySummary {
    /// Changes of the plan.
    pub changes: usize,
    /// Changes that this run attempted. If it is 0 and the run did not stop early, earlier runs finished all changes, and
    /// this run made no calls.
    pub attempted: usize,
    /// Budgets that were sent and are as desired, in this run or an earlier one of the journal.
    pub done: usize,
    /// Budgets that were as desired before anything was sent.
    pub already_set: usize,
    /// Budgets that changed after the plan was made, so that nothing was sent.
    pub conflicts: Vec<ChangeReport>,
    /// Changes that failed in this run. The next run of the journal attempts them again.
    pub failed: Vec<ChangeReport>,
    /// Changes with an unknown outcome. The next run of the journal reads them back.
    pub unknown: Vec<ChangeReport>,
    /// Changes that the run did not reach before it stopped.
    pub not_reached: usize,
    /// [Problems of the plan](crate::Plan::problems), which are not among its changes: unknown customers, and customers with
    /// contradictory rows.
    pub problems: usize,
    /// Why the run stopped early; `None` if it did not.
    pub stopped: Option<StopReason>,
}

impl ApplySummary {
    pub(super) fn add(&mut self, report: ChangeReport) {
        self.changes += 1;
        match report.outcome {
            ChangeOutcome::Done => self.done += 1,
            ChangeOutcome::AlreadySet => self.already_set += 1,
            ChangeOutcome::NotReached => self.not_reached += 1,
            ChangeOutcome::Conflict { .. } => self.conflicts.push(report),
            ChangeOutcome::Failed(_) => self.failed.push(report),
            ChangeOutcome::Unknown(_) => self.unknown.push(report),
        }
    }

    /// Whether every budget of the sheet is as desired: all changes are made, and the plan has no problems.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::ApplySummary;
    /// # let mut summary = ApplySummary::default();
    /// (summary.changes, summary.done, summary.already_set) = (3, 2, 1);
    /// assert!(summary.is_complete());
    /// // The sheet also has an unknown customer.
    /// summary.problems = 1;
    /// assert!(!summary.is_complete());
    /// ```
    pub fn is_complete(&self) -> bool {
        self.done + self.already_set == self.changes && self.problems == 0
    }
}

impl fmt::Display for ApplySummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} changes done", self.done, self.changes)?;
        for (count, what) in [
            (self.already_set, "already set"),
            (self.conflicts.len(), "changed since the plan and skipped"),
            (self.failed.len(), "failed"),
            (self.unknown.len(), "unknown"),
            (self.not_reached, "not reached"),
            (self.problems, "customers with problems in the plan"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        match &self.stopped {
            None => Ok(()),
            Some(StopReason::Cancelled) => f.write_str("; cancelled"),
            Some(StopReason::SignIn(error)) => write!(f, "; stopped: {error}"),
            Some(StopReason::Journal(error)) => write!(f, "; stopped: {error}"),
        }
    }
}
