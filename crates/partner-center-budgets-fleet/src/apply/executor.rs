//! Executes a single change: reads the budget, records the intent, sends the budget, records the outcome.

use partner_center_budgets::{CallIds, Client, CustomerId, Decimal, Error, WriteGuard};
use tokio_util::sync::CancellationToken;

use super::{ChangeOutcome, StopReason};
use crate::JournalError;
use crate::journal::{ChangeRecord, Event, Journal};

/// Executes the changes of a run, each in its own task.
pub(super) struct ChangeExecutor {
    pub(super) client: Client,
    pub(super) journal: Journal,
    pub(super) overwrite: bool,
    /// The user or app that sends the budgets, for the journal.
    pub(super) actor: Option<String>,
    /// Cancelled when the run stops: nothing is sent after that.
    pub(super) cancellation: CancellationToken,
}

#[derive(Clone, Copy)]
pub(super) struct Change {
    pub(super) customer: CustomerId,
    pub(super) from: Option<Decimal>,
    pub(super) to: Option<Decimal>,
    /// Whether an earlier run may have sent it.
    pub(super) may_have_been_sent: bool,
}

/// The outcome of a change, and the reason to stop the run, if there is one.
pub(super) struct Executed {
    pub(super) outcome: ChangeOutcome,
    pub(super) stop: Option<StopReason>,
}

/// The outcome of a change that was not given up.
struct Finished {
    outcome: ChangeOutcome,
    /// The ids of the call that made the change, if it is done.
    ids: Option<CallIds>,
}

impl From<ChangeOutcome> for Finished {
    fn from(outcome: ChangeOutcome) -> Self {
        Self { outcome, ids: None }
    }
}

/// The result of one write.
enum Write {
    Confirmed(Option<CallIds>),
    /// The service definitely did not make the change.
    Rejected(Error),
    /// The run stopped before the write was sent.
    NotSent,
    /// The service may have made the change.
    Unknown(Error),
}

impl Change {
    /// Gives the change up before it is sent. `unknown_write` is the error of an earlier write with an unknown outcome.
    fn give_up(&self, unknown_write: Option<Error>, stop: Option<StopReason>) -> Executed {
        let may_have_been_sent = unknown_write.is_some() || self.may_have_been_sent;
        let outcome =
            if may_have_been_sent { ChangeOutcome::Unknown(unknown_write) } else { ChangeOutcome::NotReached };
        Executed { outcome, stop }
    }
}

impl ChangeExecutor {
    /// Executes a change. Before the budget is sent, the journal has the `intent`. Afterwards it has
    /// the outcome, unless the change was given up.
    pub(super) async fn execute(&self, change: &Change) -> Executed {
        let Finished { outcome, ids } = match self.read_and_write(change).await {
            Ok(finished) => finished,
            // Without an outcome in the journal, the next run reads the budget back.
            Err(given_up) => return given_up,
        };
        match self.record_outcome(change.customer, &outcome, ids).await {
            Ok(()) => Executed { outcome, stop: None },
            Err(error) => {
                // The next run only has the journal, which does not say that the change is done.
                let outcome =
                    if matches!(outcome, ChangeOutcome::Done) { ChangeOutcome::Unknown(None) } else { outcome };
                Executed { outcome, stop: Some(StopReason::Journal(error)) }
            }
        }
    }

    /// `ids` are those of the call that made the change, if it is done.
    async fn record_outcome(
        &self,
        customer: CustomerId,
        outcome: &ChangeOutcome,
        ids: Option<CallIds>,
    ) -> Result<(), JournalError> {
        let record = |event| ChangeRecord::now(customer, event);
        let record = match outcome {
            ChangeOutcome::Done => record(Event::Done).ids(ids),
            ChangeOutcome::AlreadySet => record(Event::AlreadySet),
            ChangeOutcome::Conflict { found } => record(Event::Conflict).amount(*found),
            ChangeOutcome::Failed(error) => record(Event::Failed).error(error),
            ChangeOutcome::Unknown(Some(error)) => record(Event::Unknown).error(error),
            ChangeOutcome::Unknown(None) | ChangeOutcome::NotReached => return Ok(()),
        };
        self.journal.record(&record).await
    }

    /// Reads the budget, and writes it if it has to change. `Err`: the change was given up, and the journal gets no outcome.
    async fn read_and_write(&self, change: &Change) -> Result<Finished, Executed> {
        let current = match self.read_budget(change).await {
            None => return Err(change.give_up(None, None)),
            Some(Ok(current)) => current,
            Some(Err(error)) if error.is_unauthenticated() => {
                return Err(change.give_up(None, Some(StopReason::SignIn(error))));
            }
            Some(Err(error)) if change.may_have_been_sent => return Ok(ChangeOutcome::Unknown(Some(error)).into()),
            Some(Err(error)) => return Ok(ChangeOutcome::Failed(error).into()),
        };
        if current == change.to {
            let outcome = if change.may_have_been_sent { ChangeOutcome::Done } else { ChangeOutcome::AlreadySet };
            return Ok(outcome.into());
        }
        if current != change.from && !self.overwrite {
            return Ok(ChangeOutcome::Conflict { found: current }.into());
        }
        if self.cancellation.is_cancelled() {
            return Err(change.give_up(None, None));
        }
        let intent = ChangeRecord::now(change.customer, Event::Intent).amount(change.to).by(self.actor.as_deref());
        if let Err(error) = self.journal.record(&intent).await {
            return Err(change.give_up(None, Some(StopReason::Journal(error))));
        }
        self.write_and_confirm(change, current).await
    }

    /// Writes, and writes once more if a read after an unknown outcome shows the budget from before.
    async fn write_and_confirm(&self, change: &Change, before: Option<Decimal>) -> Result<Finished, Executed> {
        // The error of a first write with an unknown outcome. It may take effect later than the read.
        let mut unknown_write = None;
        loop {
            let error = match self.write(change).await {
                Write::Confirmed(ids) => return Ok(Finished { outcome: ChangeOutcome::Done, ids }),
                Write::Unknown(error) => error,
                Write::NotSent => return Err(change.give_up(unknown_write, None)),
                Write::Rejected(error) if error.is_unauthenticated() => {
                    return Err(change.give_up(unknown_write, Some(StopReason::SignIn(error))));
                }
                Write::Rejected(error) if unknown_write.is_some() => {
                    return Ok(ChangeOutcome::Unknown(Some(error)).into());
                }
                Write::Rejected(error) => return Ok(ChangeOutcome::Failed(error).into()),
            };
            let found = match self.read_budget(change).await {
                Some(Ok(found)) => found,
                Some(Err(unread)) if unread.is_unauthenticated() => {
                    return Err(change.give_up(Some(error), Some(StopReason::SignIn(unread))));
                }
                Some(Err(_)) | None => return Ok(ChangeOutcome::Unknown(Some(error)).into()),
            };
            if found == change.to {
                return Ok(Finished { outcome: ChangeOutcome::Done, ids: error.ids() });
            }
            // A third amount comes from another change, or the service changed this amount.
            if unknown_write.is_some() || found != before {
                return Ok(ChangeOutcome::Unknown(Some(error)).into());
            }
            unknown_write = Some(error);
        }
    }

    async fn write(&self, change: &Change) -> Write {
        // The run may have stopped while the intent was written.
        if self.cancellation.is_cancelled() {
            return Write::NotSent;
        }
        // Without the guard, the client's policy would repeat a write with an unknown outcome over later changes.
        let guard = WriteGuard::new(self.cancellation.clone());
        let (client, log) = self.client.with_write_guard(guard.clone()).with_call_log();
        match client.update_budget(change.customer, change.to).await {
            Ok(()) => Write::Confirmed(log.take().last().map(|report| report.ids)),
            // The error alone is not enough: it is the one of the last attempt, or of a step after it.
            Err(error) if guard.outcome_unknown() => Write::Unknown(error),
            Err(_) if guard.is_cancelled() => Write::NotSent,
            Err(error) => Write::Rejected(error),
        }
    }

    /// The current budget; `None` if the run stops first.
    async fn read_budget(&self, change: &Change) -> Option<Result<Option<Decimal>, Error>> {
        self.cancellation.run_until_cancelled(self.client.get_budget(change.customer)).await
    }
}
