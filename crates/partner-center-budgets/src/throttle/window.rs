//! A service that gives so many calls per window of time, all at once if one likes.

use super::stretch::Closed;

#[derive(Debug, Clone)]
pub(super) struct Window {
    /// Calls per window.
    calls: u32,
    /// Seconds, rather too long than too short.
    seconds: f64,
    since: f64,
    sent: u32,
    /// Calls beyond `calls` go one by one, since all but the first would be refused.
    under_way: bool,
    misfits: u32,
}

impl Window {
    /// Whether `stretch` ended with a full window. A bucket asks for no longer pause than it takes to drip a token for
    /// each refused call.
    pub(super) fn fits(stretch: &Closed, told: Option<f64>) -> bool {
        let Some(told) = told else { return false };
        let rate = (stretch.taken + stretch.late) / (stretch.span + told);
        told >= 2.0 && told * rate > 4.0 * (stretch.refused + 2.0)
    }

    pub(super) fn new(stretch: &Closed, told: f64, now: f64) -> Self {
        Self {
            calls: stretch.answered(),
            seconds: stretch.span + told,
            since: now,
            sent: 0,
            under_way: false,
            misfits: 0,
        }
    }

    /// Calls per second.
    pub(super) fn rate(&self) -> f64 {
        f64::from(self.calls) / self.seconds
    }

    /// Takes the place of one call, and tells whether it goes beyond what is known to be given. `None` if such a call is
    /// under way, which will tell more.
    pub(super) fn take(&mut self, now: f64) -> Option<bool> {
        if now - self.since > self.seconds {
            (self.since, self.sent) = (now, 0);
        }
        let beyond = self.sent >= self.calls;
        if beyond {
            if self.under_way {
                return None;
            }
            self.under_way = true;
        }
        self.sent += 1;
        Some(beyond)
    }

    /// The call that went beyond was answered, or failed.
    pub(super) fn returned(&mut self, answered: bool) {
        self.under_way = false;
        if answered {
            self.calls = self.calls.max(self.sent);
        }
    }

    /// The call that went beyond will tell nothing any more.
    pub(super) fn forget_call(&mut self) {
        self.under_way = false;
    }

    /// Learns from a stretch that ended with a refusal; `None` if this is no window after all.
    pub(super) fn refine(mut self, stretch: &Closed, told: Option<f64>, now: f64) -> Option<Self> {
        self.misfits = if Self::fits(stretch, told) { 0 } else { self.misfits + 1 };
        if self.misfits >= 3 {
            return None;
        }
        // A window that others, or calls before the pause, had begun to fill says nothing of its size.
        if self.misfits == 0 && f64::from(stretch.answered()) > 0.8 * f64::from(self.calls) {
            self.calls = stretch.answered();
        }
        (self.since, self.sent, self.under_way) = (now, 0, false);
        Some(self)
    }
}
