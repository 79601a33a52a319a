//! The service's rate, as far as answers and refusals tell it.

use super::stretch::Closed;

/// Evidence counts for so many seconds at most, so that a service that changes its mind is followed.
const MEMORY: f64 = 60.0;

/// What is believed of the service's bucket.
#[derive(Debug, Clone)]
pub(super) struct Estimate {
    /// Calls per second.
    pub(super) rate: f64,
    /// Seconds of evidence behind the rate.
    pub(super) weight: f64,
    full: Full,
}

/// A stretch that began with a full bucket: its tokens are the bucket and what flowed in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Full {
    taken: f64,
    span: f64,
}

impl Full {
    pub(super) fn new(stretch: &Closed) -> Self {
        Self { taken: stretch.taken, span: stretch.span }
    }

    fn burst(&self, rate: f64) -> f64 {
        (self.taken - rate * self.span).max(1.0)
    }
}

impl Estimate {
    /// From a stretch that began with a full bucket and the next one.
    pub(super) fn new(full: Full, stretch: &Closed) -> Self {
        let (rate, weight) = solve(full, stretch);
        Self { rate, weight, full }
    }

    pub(super) fn remembered(rate: f64, burst: Option<f64>) -> Self {
        let full = Full { taken: burst.unwrap_or(1.0), span: 0.0 };
        Self { rate, weight: MEMORY, full }
    }

    /// Calls that the service takes at once when it was left alone.
    pub(super) fn burst(&self) -> f64 {
        self.full.burst(self.rate)
    }

    /// By how much of itself the rate may be wrong.
    pub(super) fn doubt(&self) -> f64 {
        (3.0 / (self.rate * self.weight)).min(0.5)
    }

    /// Learns from a stretch that ended with a refusal.
    pub(super) fn refine(&mut self, stretch: &Closed) {
        let (rate, weight) = solve(self.full, stretch);
        let weight = weight.min(MEMORY);
        // A service that gives far less than it did has changed: what was known of it is no evidence any more.
        if rate < 0.8 * self.rate && weight * self.rate > 10.0 {
            self.weight = 0.0;
        }
        let known = self.weight.min(MEMORY);
        let mixed = (self.rate * known * known + rate * weight * weight) / (known * known + weight * weight);
        // It was refused at this rate, so the next one is lower in any case.
        self.rate = mixed;
        self.weight = (known * known + weight * weight).sqrt();
    }
}

/// The rate at which the tokens of `stretch` add up, and over how many seconds they did.
///
/// They flowed in during the pause and the stretch, which gives the rate at once unless the bucket ran over. If it did,
/// there was a moment at which it was full. From any moment on, a full bucket and the inflow are the most that can be
/// taken, so the moment that asks for the highest rate is the right one.
fn solve(full: Full, stretch: &Closed) -> (f64, f64) {
    let whole = stretch.pause + stretch.span;
    let inflow = (stretch.taken + stretch.debt) / whole;
    if inflow * stretch.pause - stretch.debt <= full.burst(inflow) {
        return (inflow, whole);
    }
    let moments = stretch.latest.iter().enumerate().map(|(later, sent)| (later as f64 + 1.0, stretch.end - sent));
    let from_full = moments.chain([(stretch.taken, stretch.span)]).filter_map(|(taken, span)| {
        // Times are known to some hundredths of a second, and calls overtake each other.
        let (more, longer) = (taken - full.taken - 0.5, span - full.span);
        (longer > 0.15).then(|| (more / longer, longer))
    });
    // Where nothing asks for more, the bucket ran over by next to nothing. A short stretch cannot tell that.
    let weight = if stretch.span - full.span > 0.15 { whole } else { 0.3 };
    from_full.fold((inflow, weight), |best, next| if next.0 > best.0 { next } else { best })
}
