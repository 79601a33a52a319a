//! The queue of calls that wait for one limit.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, sleep_until, timeout};

use crate::learner::Decision;
use crate::tuning::MAX_HOLD;

/// Lets one call at a time ask the limit, first come, first served. However many calls wait, only the first one wakes up.
#[derive(Debug)]
pub(crate) struct Queue {
    /// The turn, which the first call holds. Tokio's semaphore is fair.
    turn: Semaphore,
    /// A call took the last permit and kept its turn, because no other call can be admitted before the next outcome.
    is_turn_withheld: AtomicBool,
    /// Wakes the first call after an outcome.
    outcome: Notify,
    waiting: AtomicUsize,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            turn: Semaphore::new(1),
            is_turn_withheld: AtomicBool::new(false),
            outcome: Notify::new(),
            waiting: AtomicUsize::new(0),
        }
    }
}

impl Queue {
    /// The number of waiting calls.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Whether a call may ask at once.
    pub(crate) fn is_open(&self) -> bool {
        self.turn.available_permits() > 0
    }

    /// Waits until `ask` admits the call. It is asked for a decision with the time since `start`.
    pub(crate) async fn wait(&self, start: Instant, mut ask: impl FnMut(Duration) -> Decision) {
        let _waiting = Waiting::new(&self.waiting);
        // The result is an error only for a closed semaphore, and nothing closes this one.
        let turn = self.turn.acquire().await;
        loop {
            match ask(start.elapsed()) {
                Decision::Admit(admission) => {
                    if let (true, Ok(turn)) = (admission.takes_last_permit, turn) {
                        turn.forget();
                    }
                    return;
                }
                Decision::WaitUntil(until) => sleep_until(start + until).await,
                Decision::WaitForOutcome => {
                    let _ = timeout(MAX_HOLD, self.outcome.notified()).await;
                }
            }
        }
    }

    /// Announces that the call that is being admitted keeps its turn until the next outcome.
    ///
    /// The caller holds the lock of the limit, so that no outcome is missed.
    pub(crate) fn withhold_turn(&self) {
        self.is_turn_withheld.store(true, Ordering::Relaxed);
    }

    /// Lets the first call ask again. The caller has released the lock of the limit.
    pub(crate) fn wake(&self) {
        // Locking the limit has ordered these relaxed accesses.
        if self.is_turn_withheld.load(Ordering::Relaxed) && self.is_turn_withheld.swap(false, Ordering::Relaxed) {
            debug_assert_eq!(self.turn.available_permits(), 0, "the queue has a second turn");
            self.turn.add_permits(1);
        }
        if self.waiting() > 0 {
            self.outcome.notify_one();
        }
    }
}

/// Counts a call as long as it waits.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
