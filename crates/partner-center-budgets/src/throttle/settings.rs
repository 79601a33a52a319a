//! What a limiter is told at its start.

use std::time::Duration;

/// What a limiter is told at its start. The defaults fit a service of which nothing is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Settings {
    /// Calls per second that an earlier limiter learned for the same service and the same account.
    pub(crate) remembered_rate: Option<f64>,
    /// Calls beyond the rate that the service took at once, learned along with the rate.
    pub(crate) remembered_burst: Option<f64>,
    /// The most calls on their way at the same time.
    pub(crate) max_in_flight: u32,
    /// While fewer calls than this have been answered, and none refused, few are on their way at the same time: all of
    /// those are lost when the service turns out to have a limit. Zero starts with `max_in_flight` at once.
    pub(crate) careful_calls: u32,
    /// How long to wait after a first refusal that does not say how long. It doubles while nothing is answered.
    pub(crate) first_pause: Duration,
    /// Where that doubling ends.
    pub(crate) longest_pause: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            remembered_rate: None,
            remembered_burst: None,
            max_in_flight: 56,
            careful_calls: 512,
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
        }
    }
}

/// What a limiter knows of the service's bucket, for one that goes on where it stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Calls per second.
    pub per_second: f64,
    /// Calls beyond that which it takes at once.
    pub burst: f64,
    /// Seconds of evidence behind the rate.
    pub evidence: f64,
}

/// The rate of calls that the service allows, as a client learned it.
///
/// Keep it for the next client of the same partner: one that starts with it has nothing to search, and is refused hardly
/// ever.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Rate {
    /// Calls per second.
    pub per_second: f64,
    /// Calls beyond the rate that the service takes at once, where that is known.
    pub burst: Option<f64>,
}

impl Rate {
    /// A rate whose burst is not known.
    pub fn per_second(per_second: f64) -> Self {
        Self { per_second, burst: None }
    }

    /// Sets [`burst`](Self::burst).
    #[must_use]
    pub fn burst(mut self, burst: f64) -> Self {
        self.burst = Some(burst);
        self
    }
}
