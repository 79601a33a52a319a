//! The progress of a job.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use partner_center_budgets::Client;

/// The time over which [`ProgressSnapshot::rate`] is measured.
const RATE_WINDOW: Duration = Duration::from_secs(10);
/// Bounds the memory for the rate; a rate over so many customers is smooth enough.
const MAX_COMPLETIONS: usize = 1024;

/// The progress of a job, for a display that reads it whenever it draws.
///
/// Clones share the same job: give one to the job and keep another for the display, for example in its own task.
#[derive(Clone, Default)]
pub struct Progress(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    client: Option<Client>,
    total: Option<usize>,
    done: usize,
    failed: usize,
    /// When the latest customers were done.
    completions: VecDeque<Instant>,
    started: Option<Instant>,
}

/// The progress of a job at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ProgressSnapshot {
    /// Customers of the job, if their number is known.
    pub total: Option<usize>,
    /// Customers that are done, including failed ones.
    pub done: usize,
    /// Customers that failed.
    pub failed: usize,
    /// Customers per second in the last 10 seconds.
    pub rate: f64,
    /// How much longer the service accepts no calls (`Retry-After`). The spacing between calls does not count.
    pub throttled_for: Option<Duration>,
    /// Time since the start of the job.
    pub elapsed: Duration,
}

impl Progress {
    /// The progress of a job that has not started.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::{ApplyOptions, Progress};
    /// let progress = Progress::new();
    /// let options = ApplyOptions::new().progress(progress.clone());
    /// assert_eq!(progress.snapshot().total, None);
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// The progress now.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::Progress;
    /// # let progress = Progress::new();
    /// let now = progress.snapshot();
    /// println!("{} customers, {:.1} per second", now.done, now.rate);
    /// if let Some(pause) = now.throttled_for {
    ///     println!("the service accepts calls again in {} s", pause.as_secs());
    /// }
    /// ```
    pub fn snapshot(&self) -> ProgressSnapshot {
        let state = self.lock();
        let now = Instant::now();
        let elapsed = state.started.map(|started| now.duration_since(started)).unwrap_or_default();
        let recent = state.completions.iter().filter(|done| now.duration_since(**done) <= RATE_WINDOW).count();
        // A full queue covers less time than the window.
        let oldest = state.completions.front().filter(|_| state.completions.len() == MAX_COMPLETIONS);
        let window = oldest.map_or(RATE_WINDOW, |oldest| now.duration_since(*oldest)).min(RATE_WINDOW).min(elapsed);
        ProgressSnapshot {
            total: state.total,
            done: state.done,
            failed: state.failed,
            rate: if window.is_zero() { 0.0 } else { recent as f64 / window.as_secs_f64() },
            throttled_for: state.client.as_ref().and_then(|client| client.rate_limiter().closed_for()),
            elapsed,
        }
    }

    pub(crate) fn start(&self, client: &Client, total: Option<usize>) {
        *self.lock() = State { client: Some(client.clone()), total, started: Some(Instant::now()), ..State::default() };
    }

    pub(crate) fn add(&self, is_failed: bool) {
        let mut state = self.lock();
        state.done += 1;
        state.failed += usize::from(is_failed);
        if state.completions.len() == MAX_COMPLETIONS {
            state.completions.pop_front();
        }
        state.completions.push_back(Instant::now());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic leaves a consistent state: each counter is complete after its statement.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Progress").field(&self.snapshot()).finish()
    }
}
