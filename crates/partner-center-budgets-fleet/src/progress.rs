//! How far a job is.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use partner_center_budgets::Client;

/// Over which time the rate is told.
const RECENT: Duration = Duration::from_secs(10);
/// A rate over so many customers is smooth enough.
const MOST_RECENT: usize = 1024;

/// Tells how far a job is, to whoever asks: a display asks as often as it draws.
///
/// Clones tell of the same job, so one goes into the job and the other to the display, for instance in a task of its own.
#[derive(Clone, Default)]
pub struct Progress(Arc<Mutex<Counts>>);

#[derive(Default)]
struct Counts {
    client: Option<Client>,
    total: Option<usize>,
    done: usize,
    failed: usize,
    /// When the latest customers were done.
    recent: VecDeque<Instant>,
    began: Option<Instant>,
}

/// How far a job is at a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Standing {
    /// Customers that the job is about, where that is known.
    pub total: Option<usize>,
    /// Customers that it is through with, failed ones among them.
    pub done: usize,
    /// Customers for whom it failed.
    pub failed: usize,
    /// Customers per second in the last 10 seconds.
    pub rate: f64,
    /// How much longer the service wants no calls, where it throttles. Calls that are merely spaced do not count.
    pub throttled_for: Option<Duration>,
    /// Since when the job has been running.
    pub elapsed: Duration,
}

impl Progress {
    /// For a job that has not begun.
    pub fn new() -> Self {
        Self::default()
    }

    /// How far the job is now.
    pub fn now(&self) -> Standing {
        let counts = self.counts();
        let now = Instant::now();
        let elapsed = counts.began.map(|began| now.duration_since(began)).unwrap_or_default();
        let recent = counts.recent.iter().filter(|done| now.duration_since(**done) <= RECENT).count();
        // Where so many were done that not all are remembered, the oldest tells the time.
        let oldest = counts.recent.front().filter(|_| counts.recent.len() == MOST_RECENT);
        let over = oldest.map_or(RECENT, |oldest| now.duration_since(*oldest)).min(RECENT).min(elapsed);
        Standing {
            total: counts.total,
            done: counts.done,
            failed: counts.failed,
            rate: if over.is_zero() { 0.0 } else { recent as f64 / over.as_secs_f64() },
            throttled_for: counts.client.as_ref().and_then(|client| client.throttle().closed_for()),
            elapsed,
        }
    }

    pub(super) fn begin(&self, client: &Client, total: Option<usize>) {
        let fresh = Counts { client: Some(client.clone()), total, began: Some(Instant::now()), ..Counts::default() };
        *self.counts() = fresh;
    }

    pub(super) fn count(&self, is_failed: bool) {
        let mut counts = self.counts();
        counts.done += 1;
        counts.failed += usize::from(is_failed);
        if counts.recent.len() == MOST_RECENT {
            counts.recent.pop_front();
        }
        counts.recent.push_back(Instant::now());
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // Counts are whole after each step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Progress").field(&self.now()).finish()
    }
}
