//! Calls that must be neither repeated blindly nor begun after a stop.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use tokio::sync::watch;

/// Watches over one call whose caller reads back before anything uncertain is repeated. The call is tried again only after
/// what surely was not carried out, and it gives up where it waits when the stop comes. A try that is on its way ends.
#[derive(Clone)]
pub(crate) struct Care(Arc<State>);

struct State {
    stopped: watch::Receiver<bool>,
    may_be_done: AtomicBool,
    gave_up: AtomicBool,
}

impl Care {
    /// `stopped` becomes true when nothing more is to be sent.
    pub(crate) fn new(stopped: watch::Receiver<bool>) -> Self {
        Self(Arc::new(State { stopped, may_be_done: AtomicBool::new(false), gave_up: AtomicBool::new(false) }))
    }

    /// Whether some try may have been carried out, whatever the error of the call says.
    pub(crate) fn may_be_done(&self) -> bool {
        self.0.may_be_done.load(Ordering::SeqCst)
    }

    /// Whether a try was not made because of the stop.
    pub(crate) fn gave_up(&self) -> bool {
        self.0.gave_up.load(Ordering::SeqCst)
    }

    /// Whether a try may be sent, asked right before that. From then on it counts as one that may be carried out.
    pub(super) fn begins_try(&self) -> bool {
        let stopped = *self.0.stopped.borrow();
        // No try follows one that may be done, so the flag is of this one alone.
        let flag = if stopped { &self.0.gave_up } else { &self.0.may_be_done };
        flag.store(true, Ordering::SeqCst);
        !stopped
    }

    /// The try that was begun was not carried out for sure.
    pub(super) fn was_refused(&self) {
        self.0.may_be_done.store(false, Ordering::SeqCst);
    }

    /// What a wait between tries comes to, if nothing is stopped before.
    pub(super) async fn unless_stopped<T>(&self, wait: impl Future<Output = T>) -> Option<T> {
        let waited = unless_stopped(&self.0.stopped, wait).await;
        if waited.is_none() {
            self.0.gave_up.store(true, Ordering::SeqCst);
        }
        waited
    }
}

/// What a future comes to, if nothing is stopped before.
pub(crate) async fn unless_stopped<T>(stopped: &watch::Receiver<bool>, future: impl Future<Output = T>) -> Option<T> {
    let mut stopped = stopped.clone();
    let mut stopped = pin!(stopped.wait_for(|stopped| *stopped));
    let mut future = pin!(future);
    poll_fn(|context| {
        if stopped.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        future.as_mut().poll(context).map(Some)
    })
    .await
}
