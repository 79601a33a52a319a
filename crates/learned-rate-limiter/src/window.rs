//! A service that allows a number of calls per window of time, also all at once.

use crate::observation::FinishedObservation;
use crate::tuning::{MIN_WINDOW_WAIT, WINDOW_FILLED, WINDOW_MISMATCHES, WINDOW_WAIT};

#[derive(Debug, Clone)]
pub(crate) struct Window {
    /// Calls per window.
    calls: u32,
    /// The length, rather too long than too short.
    seconds: f64,
    since: f64,
    sent: u32,
    /// A call beyond `calls` is in flight. Such probes go one by one, since all after the first would be throttled.
    is_probing: bool,
    /// Observations in a row that do not look like a window.
    mismatches: u32,
}

impl Window {
    /// Whether the observation ended with a full window. A token bucket asks for no longer pause than it needs to gain a
    /// token for each throttled call.
    pub(crate) fn fits(last: &FinishedObservation, retry_after: Option<f64>) -> bool {
        let Some(retry_after) = retry_after else { return false };
        let rate = last.answered() / (last.span + retry_after);
        retry_after >= MIN_WINDOW_WAIT && retry_after * rate > WINDOW_WAIT * (last.throttled + 2.0)
    }

    pub(crate) fn new(last: &FinishedObservation, retry_after: f64, now: f64) -> Self {
        Self {
            calls: last.answered() as u32,
            seconds: last.span + retry_after,
            since: now,
            sent: 0,
            is_probing: false,
            mismatches: 0,
        }
    }

    /// Calls per second.
    pub(crate) fn rate(&self) -> f64 {
        f64::from(self.calls) / self.seconds
    }

    /// Counts a call. Returns whether it is a probe, or `None` if it must wait for the probe in flight.
    pub(crate) fn take(&mut self, now: f64) -> Option<bool> {
        if now - self.since > self.seconds {
            (self.since, self.sent) = (now, 0);
        }
        let is_probe = self.sent >= self.calls;
        if is_probe && self.is_probing {
            return None;
        }
        self.is_probing |= is_probe;
        self.sent += 1;
        Some(is_probe)
    }

    /// Ends the probe.
    pub(crate) fn end_probe(&mut self, is_answered: bool) {
        self.is_probing = false;
        if is_answered {
            self.calls = self.calls.max(self.sent);
        }
    }

    /// Learns from an observation that ended with throttling; `None` if the service has no windows after all.
    pub(crate) fn refined(mut self, last: &FinishedObservation, retry_after: Option<f64>, now: f64) -> Option<Self> {
        if Self::fits(last, retry_after) {
            self.mismatches = 0;
            // In a window that other clients or earlier calls began to fill, fewer calls say nothing.
            if last.answered() > WINDOW_FILLED * f64::from(self.calls) {
                self.calls = last.answered() as u32;
            }
        } else {
            self.mismatches += 1;
        }
        (self.since, self.sent, self.is_probing) = (now, 0, false);
        (self.mismatches < WINDOW_MISMATCHES).then_some(self)
    }
}
