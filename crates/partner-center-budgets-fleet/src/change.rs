//! Carrying out one change.

use tokio_util::sync::CancellationToken;

use super::journal::{Event, Journal, Line};
use super::{Applied, Stop};
use partner_center_budgets::{Client, CustomerId, Decimal, Error, WriteGuard};

/// What all changes of a run share.
pub(super) struct Run {
    pub(super) client: Client,
    pub(super) journal: Journal,
    pub(super) overwrite: bool,
    /// Cancelled when the run sends nothing more.
    pub(super) cancellation: CancellationToken,
}

/// One change, for a task of its own.
#[derive(Clone, Copy)]
pub(super) struct Change {
    pub(super) customer: CustomerId,
    pub(super) from: Option<Decimal>,
    pub(super) to: Option<Decimal>,
    /// Whether an earlier run may have sent it.
    pub(super) may_be_sent: bool,
}

/// What became of a change, and whether the run must stop because of that.
pub(super) type Ended = (Applied, Option<Stop>);

/// How a write ended.
enum Written {
    Done,
    /// For sure it was not made.
    Refused(Error),
    /// It was given up before it was sent, as the run stops.
    NotSent,
    /// It may have been made.
    Uncertain(Error),
}

impl Change {
    /// What it is where nothing was sent, or nothing since the write of this error.
    fn unsent(&self, doubt: Option<Error>) -> Applied {
        // What an earlier run may have sent is unknown, too.
        if doubt.is_some() || self.may_be_sent { Applied::Unknown(doubt) } else { Applied::NotReached }
    }
}

impl Run {
    /// Carries a change out and notes what became of it.
    pub(super) async fn carry_out(&self, change: &Change) -> Ended {
        let (applied, stop) = match self.try_to(change).await {
            Ok(applied) => (applied, None),
            // Nothing is noted: an intent without an outcome is read back by the next run.
            Err(ended) => return ended,
        };
        let line = |event| Line::now(change.customer, event);
        let line = match &applied {
            Applied::Done => line(Event::Done),
            Applied::Already => line(Event::Already),
            Applied::Changed { found } => line(Event::Changed).amount(*found),
            Applied::Failed(error) => line(Event::Failed).error(error),
            Applied::Unknown(Some(error)) => line(Event::Unknown).error(error),
            Applied::Unknown(None) | Applied::NotReached => return (applied, stop),
        };
        match (self.journal.write(&line).await, &applied) {
            (Ok(()), _) => (applied, None),
            // It was done, but who only has the journal cannot know.
            (Err(error), Applied::Done) => (Applied::Unknown(None), Some(Stop::Journal(error))),
            (Err(error), _) => (applied, Some(Stop::Journal(error))),
        }
    }

    async fn try_to(&self, change: &Change) -> Result<Applied, Ended> {
        let read = self.cancellation.run_until_cancelled(self.client.get_budget(change.customer)).await;
        let current = match read.ok_or_else(|| (change.unsent(None), None))? {
            Ok(current) => current,
            Err(error) if error.is_unauthenticated() => return Err((change.unsent(None), Some(Stop::SignIn(error)))),
            Err(error) if change.may_be_sent => return Ok(Applied::Unknown(Some(error))),
            Err(error) => return Ok(Applied::Failed(error)),
        };
        if current == change.to {
            return Ok(if change.may_be_sent { Applied::Done } else { Applied::Already });
        }
        if current != change.from && !self.overwrite {
            return Ok(Applied::Changed { found: current });
        }
        if self.cancellation.is_cancelled() {
            return Err((change.unsent(None), None));
        }
        let intent = Line::now(change.customer, Event::Intent).amount(change.to);
        if let Err(error) = self.journal.write(&intent).await {
            return Err((change.unsent(None), Some(Stop::Journal(error))));
        }
        self.write(change, current).await
    }

    /// Writes, and once more where the first time is known to have had no effect.
    async fn write(&self, change: &Change, before: Option<Decimal>) -> Result<Applied, Ended> {
        // The error of a first time that may have been carried out, if only later than it was read back.
        let mut doubt = None;
        loop {
            // The disk may have become full while the intent was written.
            let written =
                if self.cancellation.is_cancelled() { Written::NotSent } else { self.write_once(change).await };
            let error = match written {
                Written::Done => return Ok(Applied::Done),
                Written::Uncertain(error) => error,
                Written::NotSent => return Err((change.unsent(doubt), None)),
                Written::Refused(error) if error.is_unauthenticated() => {
                    return Err((change.unsent(doubt), Some(Stop::SignIn(error))));
                }
                Written::Refused(error) if doubt.is_some() => return Ok(Applied::Unknown(Some(error))),
                Written::Refused(error) => return Ok(Applied::Failed(error)),
            };
            let found = match self.cancellation.run_until_cancelled(self.client.get_budget(change.customer)).await {
                Some(Ok(found)) => found,
                Some(Err(unread)) if unread.is_unauthenticated() => {
                    return Err((Applied::Unknown(Some(error)), Some(Stop::SignIn(unread))));
                }
                Some(Err(_)) | None => return Ok(Applied::Unknown(Some(error))),
            };
            if found == change.to {
                return Ok(Applied::Done);
            }
            // What is neither is somebody else's change, or what the service made of this one. Nobody can tell.
            if doubt.is_some() || found != before {
                return Ok(Applied::Unknown(Some(error)));
            }
            doubt = Some(error);
        }
    }

    async fn write_once(&self, change: &Change) -> Written {
        // The caller's policy would repeat what may have been carried out, over whatever was changed since.
        let guard = WriteGuard::new(self.cancellation.clone());
        let client = self.client.with_write_guard(guard.clone());
        match client.update_budget(change.customer, change.to).await {
            Ok(()) => Written::Done,
            // The error tells of the last try, and sometimes of what came after it.
            Err(error) if guard.outcome_unknown() => Written::Uncertain(error),
            Err(_) if guard.is_cancelled() => Written::NotSent,
            Err(error) => Written::Refused(error),
        }
    }
}
