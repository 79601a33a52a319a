//! A service that gives so many calls per window of time, all at once if one likes.

use super::stretch::Stretch;

#[derive(Debug, Clone)]
pub(super) struct Window {
    /// Calls per window.
    calls: u32,
    /// Seconds, rather too long than too short.
    seconds: f64,
    since: f64,
    sent: u32,
    /// Calls beyond `calls` that are on their way. They are sent one by one: all but the first would be refused.
    beyond: u32,
    misfits: u32,
}

impl Window {
    /// Whether `stretch` ended with a full window. A bucket asks for no longer pause than it takes to drip a token for
    /// each refused call.
    pub(super) fn fits(stretch: &Stretch, told: Option<f64>) -> bool {
        let Some(told) = told else { return false };
        let rate = f64::from(stretch.answered) / (stretch.span() + told);
        told >= 2.0 && told * rate > 4.0 * (f64::from(stretch.refused) + 2.0)
    }

    pub(super) fn new(stretch: &Stretch, told: f64, now: f64) -> Self {
        Self {
            calls: stretch.answered,
            seconds: stretch.span() + told,
            since: now,
            sent: 0,
            beyond: 0,
            misfits: 0,
        }
    }

    /// Calls per second.
    pub(super) fn rate(&self) -> f64 {
        f64::from(self.calls) / self.seconds
    }

    /// Takes the place of one call; false if the window is full and a call is under way that will tell more.
    pub(super) fn take(&mut self, now: f64) -> bool {
        if now - self.since > self.seconds {
            (self.since, self.sent) = (now, 0);
        }
        if self.sent >= self.calls {
            if self.beyond > 0 {
                return false;
            }
            self.beyond = 1;
        }
        self.sent += 1;
        true
    }

    /// A call was answered, or failed, although none or few were left.
    pub(super) fn returned(&mut self, answered: bool) {
        if self.sent > self.calls {
            self.beyond = 0;
            if answered {
                self.calls = self.sent;
            }
        }
    }

    /// Learns from a stretch that ended with a refusal; `None` if this is no window after all.
    pub(super) fn refine(mut self, stretch: &Stretch, told: Option<f64>, now: f64) -> Option<Self> {
        self.misfits = if Self::fits(stretch, told) { 0 } else { self.misfits + 1 };
        if self.misfits >= 3 {
            return None;
        }
        // A window that others, or calls before the pause, had begun to fill says nothing of its size.
        if self.misfits == 0 && f64::from(stretch.answered) > 0.8 * f64::from(self.calls) {
            self.calls = stretch.answered;
        }
        (self.since, self.sent, self.beyond) = (now, 0, 0);
        Some(self)
    }
}
