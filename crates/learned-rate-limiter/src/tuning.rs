//! All constants that tune the limiter. The README says what happens when each is changed.

use std::time::Duration;

// Calls in flight while no limit is known.

/// Calls in flight at the start, and at the start of a search.
pub(crate) const INITIAL_IN_FLIGHT: u64 = 6;
/// Answered calls for one more call in flight at the start.
pub(crate) const ANSWERS_PER_SLOT: u64 = 64;
/// The same after `Settings::careful_calls` answers.
pub(crate) const ANSWERS_PER_SLOT_LATER: u64 = 8;
/// The same in a search.
pub(crate) const ANSWERS_PER_SLOT_IN_SEARCH: u64 = 20;
/// The longest Retry-After that is honoured, in seconds.
pub(crate) const MAX_RETRY_AFTER: f64 = 86_400.0;

// The search for a rate.

/// Growth of the rate in a search, in powers of e per second.
pub(crate) const SEARCH_GROWTH: f64 = 3.5;
/// Divisor of the rate when a search begins with a throttled call.
pub(crate) const SEARCH_BACKOFF: f64 = 4.0;

// The steady rate.

/// Part of the estimate by which the rate stays below it.
pub(crate) const MARGIN: f64 = 0.002;
/// Part of the uncertainty of the estimate by which the rate starts above it.
pub(crate) const OPTIMISM: f64 = 0.3;
/// Part of the burst that the limiter saves up. The bucket may be smaller than estimated, and calls arrive unevenly.
pub(crate) const CAPACITY: f64 = 0.8;
/// Growth of the steady rate per second.
pub(crate) const GROWTH: f64 = 0.0005;
/// Additional growth per second, as part of the uncertainty.
pub(crate) const UNCERTAIN_GROWTH: f64 = 0.07;
/// Throttling that costs fewer seconds than this is cheap, and is risked more often.
pub(crate) const CHEAP: f64 = 0.2;
/// Growth per second where throttling is cheap, per call of the burst and call per second.
pub(crate) const CHEAP_GROWTH: f64 = 8e-6;
/// The maximum of that growth.
pub(crate) const MAX_CHEAP_GROWTH: f64 = 0.002;
/// Additional growth per second where throttling is cheap, as part of the uncertainty.
pub(crate) const CHEAP_UNCERTAIN_GROWTH: f64 = 0.03;
/// Seconds without growth for each second that throttling costs.
pub(crate) const HOLD_PER_COST: f64 = 100.0;
/// From an estimate with more uncertainty than this, the rate grows at once.
pub(crate) const ROUGH: f64 = 0.04;
/// Seconds without growth of a rate from the settings.
pub(crate) const INITIAL_RATE_HOLD: f64 = 600.0;

// The token bucket of the limiter.

/// Saved tokens are spent at this multiple of the rate. A wrong estimate then shows early, by few throttled calls.
pub(crate) const SPENDING: f64 = 1.5;
/// Seconds by which a late timer is made up for. Timers wake up to a millisecond late.
pub(crate) const LATENESS: f64 = 0.005;
/// A rate that grew by this factor without throttling proves the estimate outdated.
pub(crate) const OUTDATED: f64 = 1.1;
/// Multiple of the growth after that.
pub(crate) const ACCELERATION: f64 = 10.0;
/// The lowest rate, in calls per second.
pub(crate) const MIN_RATE: f64 = 0.01;
/// Tokens that overflow before the bucket of the service is taken to be full.
pub(crate) const OVERFLOW: f64 = 2.0;

// The estimate.

/// The most evidence behind an estimate, in seconds. Old evidence must not outweigh a rate that changed.
pub(crate) const MAX_EVIDENCE: f64 = 60.0;
/// Shorter times, in seconds, say nothing: calls overtake each other.
pub(crate) const NOISE: f64 = 0.15;
/// Calls by which a count may be wrong.
pub(crate) const COUNT_ERROR: f64 = 3.0;
/// A rate beyond this factor of the estimate means that the service changed its limit.
pub(crate) const CHANGED: f64 = 1.25;
/// Answered calls whose times an observation stores.
pub(crate) const STORED_CALLS: usize = 512;

// Windows.

/// The shortest Retry-After of a window, in seconds.
pub(crate) const MIN_WINDOW_WAIT: f64 = 2.0;
/// A Retry-After this many times longer than a token bucket could need shows a window.
pub(crate) const WINDOW_WAIT: f64 = 4.0;
/// Part of the known calls of a window below which an observation does not change them.
pub(crate) const WINDOW_FILLED: f64 = 0.8;
/// Observations in a row that must not fit a window to give it up.
pub(crate) const WINDOW_MISMATCHES: u32 = 3;

// Limits of single keys.

/// The longest time for which throttled calls wait for their classification.
pub(crate) const MAX_HOLD: Duration = Duration::from_secs(2);
/// The most keys with a limit of their own. Throttled calls of further keys count as throttled by the shared limit.
pub(crate) const MAX_KEYS: usize = 256;
/// The latest calls whose keys are stored.
pub(crate) const STORED_KEYS: usize = 64;
/// A key with fewer stored calls can hardly have reached its own limit.
pub(crate) const CANDIDATE_CALLS: usize = 3;
/// The same where the shared limit is known, since that is the likelier reason.
pub(crate) const CANDIDATE_CALLS_LIMITED: usize = 16;
/// Answered calls of other keys, sent after the throttled one, that prove a limit of one key.
pub(crate) const PROOF: u32 = 2;
/// More keys than this that are throttled within `THROTTLED_MEMORY` share a limit.
pub(crate) const MAX_THROTTLED_KEYS: usize = 3;
/// How long a throttled key counts.
pub(crate) const THROTTLED_MEMORY: Duration = Duration::from_secs(60);
/// Classifications in a row with the same single key that prove a limit of this key.
pub(crate) const REPETITIONS: u32 = 3;
