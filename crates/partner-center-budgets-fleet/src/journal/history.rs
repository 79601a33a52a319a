//! The history of each change in a journal, for a report to people.

use std::path::Path;

use chrono::{DateTime, Utc};
use partner_center_budgets::{CustomerId, Decimal};
use uuid::Uuid;

use super::record::{ChangeRecord, Event};
use super::replay::{Replay, open, read_header};
use super::{JournalError, JournalErrorKind, header};
use crate::Plan;

/// The plan of a journal, and what the journal records about its changes. [`journal_history`] reads it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JournalHistory {
    /// The plan.
    pub plan: Plan,
    /// One for each of the plan's [changes](Plan::changes), in the same order.
    pub changes: Vec<JournaledChange>,
}

/// The latest record about a change.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct JournaledChange {
    /// The customer.
    pub customer: CustomerId,
    /// The state of the change.
    pub status: ChangeStatus,
    /// Time of the record.
    pub at: Option<DateTime<Utc>>,
    /// The sender of the budget: the [actor](crate::ApplyOptions::actor) of the last run that did. `None` if no run sent it.
    pub by: Option<String>,
    /// `MS-RequestId` of the call that changed the budget, or that failed.
    pub request_id: Option<Uuid>,
    /// `MS-CorrelationId` of that call.
    pub correlation_id: Option<Uuid>,
    /// The budget that was found instead of the planned one; only with [`ChangeStatus::Conflict`].
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub found: Option<Option<Decimal>>,
    /// Why the change failed, or why its outcome is unknown.
    pub error: Option<String>,
}

/// The state of a change in a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum ChangeStatus {
    /// The budget was sent and is as desired.
    Done,
    /// The budget was as desired before anything was sent.
    AlreadySet,
    /// Another change was made after the plan, so nothing was sent.
    Conflict,
    /// The budget could not be read, or the service rejected it.
    Failed,
    /// The budget may have been sent. The next run reads it back.
    Unknown,
    /// The journal has no record of the change.
    NotReached,
}

impl ChangeStatus {
    /// The name in files and tables.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::ChangeStatus;
    /// assert_eq!(ChangeStatus::AlreadySet.as_str(), "already-set");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::AlreadySet => "already-set",
            Self::Conflict => "conflict",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::NotReached => "not-reached",
        }
    }

    /// Whether the budget is as desired.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::ChangeStatus;
    /// assert!(ChangeStatus::AlreadySet.is_finished());
    /// // The next run retries the change.
    /// assert!(!ChangeStatus::Failed.is_finished());
    /// ```
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Done | Self::AlreadySet)
    }
}

impl From<Event> for ChangeStatus {
    fn from(event: Event) -> Self {
        match event {
            Event::Done => Self::Done,
            Event::AlreadySet => Self::AlreadySet,
            Event::Conflict => Self::Conflict,
            Event::Failed => Self::Failed,
            Event::Intent | Event::Unknown => Self::Unknown,
        }
    }
}

/// Reads what a journal records about each change of its plan. Journals of older programs have no ids of changes that were
/// made, and do not say who made them.
///
/// ```
/// # use partner_center_budgets_fleet::{
/// #     ApplyOptions, ChangeStatus, CurrentBudgets, DesiredBudget, Plan, Target, apply, journal_history
/// # };
/// # use partner_center_budgets::{Client, auth::FixedToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = Client::builder(FixedToken::new("token")).base_url("http://127.0.0.1:9").build()?;
/// # let directory = tempfile::tempdir()?;
/// # let journal = directory.path().join("budgets.journal");
/// # let customer = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
/// # let mut current = CurrentBudgets::new();
/// # current.set_budget(customer, Some(100.into()));
/// # let desired = DesiredBudget { line: 2, customer, target: Target::Set(120.into()) };
/// # let plan = Plan::new([desired], &current);
/// // The run is cancelled at once.
/// let summary = apply(&client, &plan, &journal, ApplyOptions::new().cancel_when(async {})).await?;
/// let history = journal_history(&journal)?;
/// assert_eq!(history.changes[0].status, ChangeStatus::NotReached);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// The file cannot be read, is not a journal of this version, or has a damaged line that no run has accepted.
pub fn journal_history(path: impl AsRef<Path>) -> Result<JournalHistory, JournalError> {
    let path = path.as_ref();
    read(path).map_err(|kind| JournalError::new(path, kind))
}

fn read(path: &Path) -> Result<JournalHistory, JournalErrorKind> {
    let mut reader = open(path).map_err(JournalErrorKind::Read)?;
    let line = read_header(&mut reader).map_err(JournalErrorKind::Read)?;
    let plan = header::read_plan(&line)?;
    let mut changes: Vec<_> = plan.changes().map(|change| JournaledChange::not_reached(change.customer)).collect();
    let mut replay = Replay::new(plan.changes().map(|change| change.customer));
    let mut update = |index: usize, record| changes[index].update(record);
    replay.read_records(&mut reader, line.len() as u64, &mut update).map_err(JournalErrorKind::Read)?;
    if let Some(line) = replay.damaged_line {
        return Err(JournalErrorKind::Damaged { line });
    }
    // Accepted damage makes changes unknown without a record about each of them.
    for (change, event) in changes.iter_mut().zip(replay.events) {
        change.status = event.map_or(ChangeStatus::NotReached, ChangeStatus::from);
    }
    Ok(JournalHistory { plan, changes })
}

impl JournaledChange {
    fn not_reached(customer: CustomerId) -> Self {
        let status = ChangeStatus::NotReached;
        Self { customer, status, at: None, by: None, request_id: None, correlation_id: None, found: None, error: None }
    }

    fn update(&mut self, record: ChangeRecord) {
        let ChangeRecord { at, event, amount, by, error, request_id, correlation_id, .. } = record;
        self.at = DateTime::parse_from_rfc3339(&at).ok().map(|at| at.to_utc());
        // An outcome does not repeat who sent the budget.
        self.by = by.or(self.by.take());
        // After a write with an unknown outcome, a later run only reads the budget back. The ids stay those of the write.
        let is_read_back = match event {
            Event::Done => request_id.is_none(),
            Event::Unknown => self.request_id.is_some(),
            _ => false,
        };
        if !is_read_back {
            (self.request_id, self.correlation_id) = (request_id, correlation_id);
        }
        self.found = amount.filter(|_| event == Event::Conflict).map(|amount| amount.map(|amount| amount.0));
        self.error = error;
    }
}
