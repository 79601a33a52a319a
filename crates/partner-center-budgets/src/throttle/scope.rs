//! Waiting for one limiter.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::limiter::{Admit, Limiter, Ticket};
use super::settings::{Known, Settings};

/// One limiter, and the queue of those who wait for it.
#[derive(Debug)]
pub(super) struct Scope {
    start: Instant,
    state: Mutex<State>,
    /// Held by the first in the queue. It alone asks the limiter, however many wait behind it, and tokio's mutex is fair.
    turn: tokio::sync::Mutex<()>,
    /// Wakes the first in the queue after an outcome.
    outcome: Notify,
}

#[derive(Debug)]
struct State {
    limiter: Limiter,
    /// Since when nobody is let through.
    held: Option<Duration>,
}

/// One slow call must not keep everybody waiting for what it may tell of a refusal.
const LONGEST_HOLD: Duration = Duration::from_secs(2);

impl Scope {
    pub(super) fn new(start: Instant, settings: Settings) -> Self {
        let state = Mutex::new(State { limiter: Limiter::new(settings), held: None });
        Self { start, state, turn: tokio::sync::Mutex::new(()), outcome: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A limiter is whole after every step, so a panic elsewhere leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a place.
    pub(super) async fn enter(self: &Arc<Self>) -> Place {
        let _turn = match self.turn.try_lock() {
            Ok(turn) => turn,
            Err(_) => self.turn.lock().await,
        };
        loop {
            let now = self.start.elapsed();
            match self.admit(now) {
                Admit::Send(ticket) => return Place { scope: self.clone(), ticket: Some(ticket), sent: now },
                Admit::Wait(until) => sleep_until(self.start + until).await,
                Admit::Full => {
                    // An outcome is news at once; without one the question is asked again.
                    let _ = tokio::time::timeout(LONGEST_HOLD, self.outcome.notified()).await;
                }
            }
        }
    }

    /// A place without waiting, where more than half of them are free and nobody waits.
    pub(super) fn try_enter(self: &Arc<Self>) -> Option<Place> {
        let _turn = self.turn.try_lock().ok()?;
        let now = self.start.elapsed();
        let mut state = self.state();
        if state.held.is_some() || !state.limiter.is_roomy() {
            return None;
        }
        match state.limiter.admit(now) {
            Admit::Send(ticket) => Some(Place { scope: self.clone(), ticket: Some(ticket), sent: now }),
            Admit::Wait(_) | Admit::Full => None,
        }
    }

    fn admit(&self, now: Duration) -> Admit {
        let mut state = self.state();
        match state.held {
            Some(since) if now < since + LONGEST_HOLD => Admit::Full,
            _ => state.limiter.admit(now),
        }
    }

    /// Lets nobody through, or lets the limiter decide again.
    pub(super) fn hold(&self, held: bool) {
        let now = self.start.elapsed();
        let mut state = self.state();
        state.held = held.then(|| state.held.unwrap_or(now));
        drop(state);
        self.outcome.notify_one();
    }

    /// Starts to learn afresh.
    pub(super) fn forget(&self) {
        self.state().limiter.forget();
    }

    /// A call that was sent without a place here was refused.
    pub(super) fn was_refused(&self, sent: Duration, at: Duration, retry_after: Option<Duration>) {
        let limiter = &mut self.state().limiter;
        if let Admit::Send(ticket) = limiter.admit(sent) {
            limiter.refused(ticket, at, retry_after);
        }
    }

    pub(super) fn known(&self) -> Option<Known> {
        self.state().limiter.known()
    }

    pub(super) fn go_on(&self, known: Known, idle: Duration) {
        self.state().limiter.go_on(known, idle, self.start.elapsed());
    }

    pub(super) fn in_flight(&self) -> u32 {
        self.state().limiter.in_flight()
    }

    /// How much longer nobody is let through, as the service asked.
    pub(super) fn closed_for(&self) -> Option<Duration> {
        let until = Duration::try_from_secs_f64(self.state().limiter.closed_until()?).ok()?;
        until.checked_sub(self.start.elapsed())
    }

    /// The rate and the burst.
    pub(super) fn learned(&self) -> (Option<f64>, Option<f64>) {
        let state = self.state();
        (state.limiter.learned_rate(), state.limiter.learned_burst())
    }
}

/// The place of one call. Dropped without an outcome, the call counts as not answered.
#[derive(Debug)]
pub(super) struct Place {
    scope: Arc<Scope>,
    /// There until the outcome.
    ticket: Option<Ticket>,
    sent: Duration,
}

impl Place {
    /// When the call was let through.
    pub(super) fn sent(&self) -> Duration {
        self.sent
    }

    pub(super) fn answered(mut self) {
        let now = self.scope.start.elapsed();
        self.end(|limiter, ticket| limiter.answered(ticket, now));
    }

    pub(super) fn refused(mut self, at: Duration, retry_after: Option<Duration>) {
        self.end(|limiter, ticket| limiter.refused(ticket, at, retry_after));
    }

    fn end(&mut self, outcome: impl FnOnce(&mut Limiter, Ticket)) {
        if let Some(ticket) = self.ticket.take() {
            outcome(&mut self.scope.state().limiter, ticket);
            self.scope.outcome.notify_one();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let now = self.scope.start.elapsed();
        self.end(|limiter, ticket| limiter.failed(ticket, now));
    }
}
