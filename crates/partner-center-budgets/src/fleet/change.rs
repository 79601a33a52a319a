//! Carrying out one change.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use tokio::sync::watch;

use super::journal::{Event, Journal, Line};
use super::{Applied, Stop};
use crate::{CallLog, Client, CustomerId, Decimal, Error};

/// What all changes of a run share.
pub(super) struct Run {
    pub(super) client: Client,
    pub(super) journal: Journal,
    pub(super) overwrite: bool,
    /// Becomes true when nothing more is to be sent.
    pub(super) stopped: watch::Receiver<bool>,
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
    /// It may have been made.
    Uncertain(Error),
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
        // What an earlier run may have sent is unknown until it is read back.
        let untouched = || if change.may_be_sent { Applied::Unknown(None) } else { Applied::NotReached };
        let read = self.unless_stopped(self.client.get_budget(change.customer)).await;
        let current = match read.ok_or_else(|| (untouched(), None))? {
            Ok(current) => current,
            Err(error) if is_sign_in(&error) => return Err((untouched(), Some(Stop::SignIn(error)))),
            Err(error) if change.may_be_sent => return Ok(Applied::Unknown(Some(error))),
            Err(error) => return Ok(Applied::Failed(error)),
        };
        if current == change.to {
            return Ok(if change.may_be_sent { Applied::Done } else { Applied::Already });
        }
        if current != change.from && !self.overwrite {
            return Ok(Applied::Changed { found: current });
        }
        // From here on it is known that nothing was made of an earlier intent.
        if *self.stopped.borrow() {
            return Err((Applied::NotReached, None));
        }
        let intent = Line::now(change.customer, Event::Intent).amount(change.to);
        if let Err(error) = self.journal.write(&intent).await {
            return Err((Applied::NotReached, Some(Stop::Journal(error))));
        }
        self.write(change, current).await
    }

    /// Writes, and once more where the first time is known to have had no effect.
    async fn write(&self, change: &Change, before: Option<Decimal>) -> Result<Applied, Ended> {
        let mut is_first = true;
        loop {
            // The disk may have become full while the intent was written.
            if *self.stopped.borrow() {
                return Err((Applied::NotReached, None));
            }
            let error = match self.write_once(change).await {
                Written::Done => return Ok(Applied::Done),
                Written::Refused(error) if is_sign_in(&error) => {
                    return Err((Applied::NotReached, Some(Stop::SignIn(error))));
                }
                Written::Refused(error) => return Ok(Applied::Failed(error)),
                Written::Uncertain(error) => error,
            };
            let found = match self.client.get_budget(change.customer).await {
                Ok(found) => found,
                Err(unread) if is_sign_in(&unread) => {
                    return Err((Applied::Unknown(Some(error)), Some(Stop::SignIn(unread))));
                }
                Err(_) => return Ok(Applied::Unknown(Some(error))),
            };
            if found == change.to {
                return Ok(Applied::Done);
            }
            if !is_first || found != before {
                return Ok(Applied::Failed(error));
            }
            is_first = false;
        }
    }

    async fn write_once(&self, change: &Change) -> Written {
        let (client, log) = self.client.recorded();
        let Err(error) = client.update_budget(change.customer, change.to).await else { return Written::Done };
        if is_refused(&error, &log) { Written::Refused(error) } else { Written::Uncertain(error) }
    }

    /// What a read comes to, if nothing is stopped before.
    async fn unless_stopped<T>(&self, read: impl Future<Output = T>) -> Option<T> {
        let mut stopped = self.stopped.clone();
        let mut stopped = pin!(stopped.wait_for(|stopped| *stopped));
        let mut read = pin!(read);
        poll_fn(|context| {
            if stopped.as_mut().poll(context).is_ready() {
                return Poll::Ready(None);
            }
            read.as_mut().poll(context).map(Some)
        })
        .await
    }
}

/// Whether all other calls would end like this one.
fn is_sign_in(error: &Error) -> bool {
    matches!(error, Error::Auth(_)) || error.status() == Some(401)
}

/// Whether no try of a call can have been carried out: none was sent, or the only one was refused. The error tells of the
/// last try, and an earlier one may have got through.
fn is_refused(error: &Error, log: &CallLog) -> bool {
    let is_refusal = match error {
        Error::Transport { sent: false, .. } => return true,
        // The first try was refused with 401, and the token could not be renewed.
        Error::Auth(_) => true,
        error => error.status().is_some_and(|status| (400..500).contains(&status) && status != 408),
    };
    match log.take().first().map_or(0, |report| report.tries) {
        0 => true,
        1 => is_refusal,
        _ => false,
    }
}
