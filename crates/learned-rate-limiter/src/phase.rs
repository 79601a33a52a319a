//! The phases of learning one limit. The diagram in the README shows the transitions.

use crate::estimate::{BucketProfile, Estimate};
use crate::observation::{FinishedObservation, Observation};
use crate::settings::{LearnedRate, Settings};
use crate::token_bucket::TokenBucket;
use crate::tuning::{
    CAPACITY, CHEAP, CHEAP_GROWTH, CHEAP_UNCERTAIN_GROWTH, GROWTH, HOLD_PER_COST, INITIAL_RATE_HOLD, MARGIN,
    MAX_CHEAP_GROWTH, OPTIMISM, ROUGH, SEARCH_BACKOFF, SEARCH_GROWTH, UNCERTAIN_GROWTH,
};
use crate::window::Window;

/// How calls are admitted while the gate is open.
#[derive(Debug, Clone)]
pub(crate) enum Phase {
    /// No call was throttled yet.
    Unlimited,
    /// The rate grows until a call is throttled. `profile` is from an observation in which the bucket was full.
    Searching { profile: Option<BucketProfile>, bucket: TokenBucket },
    /// The rate is known.
    Steady { estimate: Estimate, bucket: TokenBucket },
    /// The service counts calls per window.
    Windowed(Window),
}

impl Phase {
    pub(crate) fn new(settings: &Settings) -> Self {
        let usable = |rate: f64| rate.is_finite() && rate > 0.0;
        let Some(initial) = settings.initial_rate.filter(|rate| usable(rate.per_second)) else {
            return Self::Unlimited;
        };
        let estimate = Estimate::from_rate(initial.per_second, initial.burst.filter(|burst| burst.is_finite()));
        let capacity = capacity(&estimate);
        let bucket = TokenBucket::new(0.0, initial.per_second * (1.0 - MARGIN), capacity, capacity);
        Self::Steady { estimate, bucket: bucket.growing(GROWTH, INITIAL_RATE_HOLD).accelerated() }
    }

    /// Continues where another limiter stopped. The tokens that it left are unknown, so only those of the pause count.
    pub(crate) fn resumed(learned: LearnedRate, next: &Observation) -> Self {
        Self::steady(Estimate::from_learned(learned), next)
    }

    /// The phase after a pause. `last` ended with throttling, and `next` begins.
    pub(crate) fn after(self, last: &FinishedObservation, retry_after: Option<f64>, next: &Observation) -> Self {
        let now = next.since;
        let is_first_throttled = last.answered() == 0.0;
        match (self, retry_after) {
            (Self::Windowed(window), _) => match window.refined(last, retry_after, now) {
                Some(window) => Self::Windowed(window),
                None => Self::search(None, last, next),
            },
            (_, Some(retry_after)) if Window::fits(last, Some(retry_after)) => {
                Self::Windowed(Window::new(last, retry_after, now))
            }
            (Self::Searching { profile, bucket }, _) if is_first_throttled => {
                // After a Retry-After the rate was too high. After a pause of our own choice, the pause was too short.
                let rate = if retry_after.is_some() { bucket.rate / SEARCH_BACKOFF } else { bucket.rate };
                Self::Searching { profile, bucket: search_bucket(rate, now) }
            }
            (Self::Searching { profile: Some(profile), bucket }, _) => {
                Self::steady(Estimate::new(profile, last, bucket.rate), next)
            }
            (Self::Unlimited | Self::Searching { profile: None, .. }, _) => {
                Self::search(Some(BucketProfile::new(last)), last, next)
            }
            (Self::Steady { mut estimate, .. }, _) => {
                if retry_after.is_some() || !is_first_throttled {
                    estimate.refine(last);
                }
                Self::steady(estimate, next)
            }
        }
    }

    fn search(profile: Option<BucketProfile>, last: &FinishedObservation, next: &Observation) -> Self {
        // At least one call is answered after a pause.
        let rate = (last.consumed / (last.span + next.pause)).max(1.0 / next.pause);
        Self::Searching { profile, bucket: search_bucket(rate, next.since) }
    }

    fn steady(estimate: Estimate, next: &Observation) -> Self {
        let now = next.since;
        let (rate, burst, uncertainty) = (estimate.rate, estimate.burst(), estimate.uncertainty());
        // If the estimate is rough, one more 429 soon improves it fastest.
        let start = rate * (1.0 - MARGIN + OPTIMISM * uncertainty);
        // Throttling costs the seconds of the pause for which the burst does not make up.
        let cost = (next.pause.clamp(1.0, 60.0) - burst / rate).max(0.0);
        let is_rough = uncertainty > ROUGH;
        let (growth, hold) = if cost < CHEAP {
            // So slow that hundreds of calls are answered before one is throttled.
            ((CHEAP_GROWTH * burst * rate).min(MAX_CHEAP_GROWTH) + CHEAP_UNCERTAIN_GROWTH * uncertainty, 0.0)
        } else {
            (GROWTH + UNCERTAIN_GROWTH * uncertainty, if is_rough { 0.0 } else { HOLD_PER_COST * cost })
        };
        let capacity = capacity(&estimate);
        let tokens = (rate * next.pause - next.overdraft).min(capacity);
        let bucket = TokenBucket::new(now, start, tokens, capacity).growing(growth, now + hold);
        Self::Steady { estimate, bucket: if is_rough { bucket } else { bucket.accelerated() } }
    }
}

fn search_bucket(rate: f64, now: f64) -> TokenBucket {
    TokenBucket::new(now, rate, 1.0, 1.0).growing(SEARCH_GROWTH, now)
}

fn capacity(estimate: &Estimate) -> f64 {
    CAPACITY * estimate.burst() - 1.0
}
