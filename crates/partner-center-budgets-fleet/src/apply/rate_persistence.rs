//! Stores the learned rate in the journal, and restores it in the next run.
//!
//! A run without a rate has to be throttled twice to find it. Without this, a run that is killed again and again would
//! spend most of its time on that.

use std::time::{Duration, Instant};

use partner_center_budgets::{CustomerId, LearnedRate, RateLimiter};

use crate::journal::{Journal, JournaledRate};

/// After this time the limiter itself would question the rate.
const MAX_AGE: Duration = Duration::from_secs(600);
/// The shortest time between two records of slightly different rates.
const MIN_INTERVAL: Duration = Duration::from_secs(2);

pub(super) struct RatePersistence {
    recorded: Option<LearnedRate>,
    recorded_at: Instant,
}

impl RatePersistence {
    /// Gives the journal's rate to the limiter, which keeps a rate that it has learned itself.
    pub(super) fn restore(limiter: &RateLimiter<CustomerId>, journaled: &JournaledRate) -> Self {
        if let (Some(rate), Some(idle)) = (journaled.rate, journaled.idle())
            && idle < MAX_AGE
        {
            limiter.resume_with(rate, idle);
        }
        Self { recorded: journaled.rate, recorded_at: Instant::now() }
    }

    /// Records the limiter's rate if it has changed since the last record.
    pub(super) fn record_if_changed(&mut self, limiter: &RateLimiter<CustomerId>, journal: &Journal) {
        let learned = limiter.learned();
        let is_changed = match (&self.recorded, &learned) {
            (None, None) => false,
            (Some(recorded), Some(learned)) => {
                self.recorded_at.elapsed() >= MIN_INTERVAL && is_different(recorded, learned)
            }
            _ => true,
        };
        if is_changed {
            journal.record_rate(learned);
            (self.recorded, self.recorded_at) = (learned, Instant::now());
        }
    }
}

fn is_different(recorded: &LearnedRate, learned: &LearnedRate) -> bool {
    let differs =
        |recorded: f64, learned: f64, factor: f64| !(recorded / factor..=recorded * factor).contains(&learned);
    differs(recorded.per_second, learned.per_second, 1.01)
        || differs(recorded.burst, learned.burst, 1.1)
        || differs(recorded.evidence, learned.evidence, 1.5)
}
