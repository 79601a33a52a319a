//! What came of carrying out a plan.

use std::fmt;

use partner_center_budgets::{CustomerId, Decimal, Error};

use crate::JournalError;

/// What became of one change.
#[derive(Debug)]
#[non_exhaustive]
pub enum Applied {
    /// The budget was sent and is as wanted; in this run or an earlier one of the journal.
    Done,
    /// The budget was as wanted before anything was sent.
    Already,
    /// The budget is neither what the plan saw nor what it wants, so nothing was sent.
    #[non_exhaustive]
    Changed {
        /// The budget now.
        found: Option<Decimal>,
    },
    /// The budget could not be read, or was refused, so that this run cannot have changed it.
    Failed(Error),
    /// The budget was sent, or may have been, and what became of that is not known; the next run of the journal reads it
    /// back. The error is there where it happened in this run.
    Unknown(Option<Error>),
    /// It was not this change's turn before the run was stopped. What an earlier run failed to do counts as not reached,
    /// too, until it is tried again.
    NotReached,
}

/// One change that this run has dealt with.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// The customer.
    pub customer: CustomerId,
    /// First line of the sheet that wants it.
    pub line: u64,
    /// What became of it.
    pub applied: Applied,
}

/// Why a run was stopped before its end. The same journal goes on with the rest.
#[derive(Debug)]
#[non_exhaustive]
pub enum Stop {
    /// The caller wanted it.
    Cancelled,
    /// The sign-in failed or the service takes the token no more, which no other change would survive either.
    SignIn(Error),
    /// The journal cannot be written, for instance because the disk is full.
    Journal(JournalError),
}

/// What came of carrying out a plan: each change is in exactly one of the numbers and lists.
#[derive(Debug, Default)]
#[non_exhaustive]
#[must_use = "it tells what was not done"]
pub struct Summary {
    /// Changes of the plan.
    pub changes: usize,
    /// Budgets that were sent and are as wanted; in this run or an earlier one of the journal.
    pub done: usize,
    /// Budgets that were as wanted before anything was sent.
    pub already: usize,
    /// Budgets that were changed by somebody else meanwhile, so that nothing was sent.
    pub changed: Vec<Report>,
    /// Changes that failed in this run. The next run of the journal tries them again.
    pub failed: Vec<Report>,
    /// Changes of which it is not known whether they were made. The next run of the journal reads them back.
    pub unknown: Vec<Report>,
    /// Changes whose turn did not come.
    pub not_reached: usize,
    /// Customers of the plan that no run can do anything for: unknown ones and those with contradictory rows. They are
    /// not among its changes; [`Plan::problems`](super::Plan::problems) has them.
    pub problems: usize,
    /// Why the run was stopped before its end; `None` where it came to its end.
    pub stopped: Option<Stop>,
}

impl Summary {
    pub(super) fn add(&mut self, report: Report) {
        self.changes += 1;
        match report.applied {
            Applied::Done => self.done += 1,
            Applied::Already => self.already += 1,
            Applied::NotReached => self.not_reached += 1,
            Applied::Changed { .. } => self.changed.push(report),
            Applied::Failed(_) => self.failed.push(report),
            Applied::Unknown(_) => self.unknown.push(report),
        }
    }

    /// Whether all budgets of the sheet are as wanted: every change is made, and the plan had no problems.
    pub fn is_complete(&self) -> bool {
        self.done + self.already == self.changes && self.problems == 0
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} changes done", self.done, self.changes)?;
        for (number, what) in [
            (self.already, "as wanted before"),
            (self.changed.len(), "changed meanwhile and skipped"),
            (self.failed.len(), "failed"),
            (self.unknown.len(), "unknown"),
            (self.not_reached, "not reached"),
            (self.problems, "customers of the plan with problems"),
        ] {
            if number > 0 {
                write!(f, ", {number} {what}")?;
            }
        }
        match &self.stopped {
            None => Ok(()),
            Some(Stop::Cancelled) => f.write_str("; cancelled"),
            Some(Stop::SignIn(error)) => write!(f, "; stopped: {error}"),
            Some(Stop::Journal(error)) => write!(f, "; stopped: {error}"),
        }
    }
}
