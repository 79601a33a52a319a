//! The service's rate, as far as answers and refusals tell it.

use super::pace::SLOWEST;
use super::settings::Known;
use super::stretch::Closed;

/// Evidence counts for so many seconds at most, so that a service that changes its mind is followed.
const MEMORY: f64 = 60.0;

/// Times are known to some hundredths of a second, and calls overtake each other, so less seconds than this tell nothing.
const NOISE: f64 = 0.15;

/// What is believed of the service's bucket.
#[derive(Debug, Clone)]
pub(super) struct Estimate {
    /// Calls per second.
    pub(super) rate: f64,
    /// Seconds of evidence behind the rate.
    pub(super) weight: f64,
    full: Full,
}

/// Calls that were taken, and in how many seconds.
type Taken = (f64, f64);

/// A stretch in which the bucket was full at some moment, and empty in the end: what was taken from each moment on.
///
/// From the moment on at which it was full, that was the bucket and what flowed in.
#[derive(Debug, Clone)]
pub(super) struct Full(Vec<Taken>);

impl Full {
    pub(super) fn new(stretch: &Closed) -> Self {
        Self(stretch.moments().filter(|(taken, _)| *taken >= 1.0).collect())
    }

    /// What was taken from the moment on at which the bucket was full if `rate` flowed in. The bucket takes the most then.
    fn since_full(&self, rate: f64) -> Taken {
        let bucket = |taken: &Taken| taken.0 - rate * taken.1;
        self.0.iter().copied().max_by(|a, b| bucket(a).total_cmp(&bucket(b))).unwrap_or((1.0, 0.0))
    }

    fn burst(&self, rate: f64) -> f64 {
        let (taken, span) = self.since_full(rate);
        (taken - rate * span).max(1.0)
    }
}

impl Estimate {
    /// From a stretch that had a full bucket and the next one. `guess` is what is assumed if they do not tell.
    pub(super) fn new(full: Full, stretch: &Closed, guess: f64) -> Self {
        let (rate, weight) = solve(&full, stretch, guess);
        Self { rate: rate.max(SLOWEST), weight, full }
    }

    pub(super) fn remembered(rate: f64, burst: Option<f64>) -> Self {
        let full = Full(vec![(burst.unwrap_or(1.0), 0.0)]);
        Self { rate: rate.max(SLOWEST), weight: MEMORY, full }
    }

    /// What another limiter knew, with no more trust than in a rate that is remembered.
    pub(super) fn known(known: Known) -> Self {
        let remembered = Self::remembered(known.per_second, Some(known.burst));
        Self { weight: known.evidence.min(MEMORY), ..remembered }
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
        let (rate, weight) = solve(&self.full, stretch, self.rate);
        let weight = weight.min(MEMORY);
        // A service that gives far less or more than it did has changed: what was known of it is no evidence any more.
        if !(0.8..1.25).contains(&(rate / self.rate)) && weight * self.rate > 10.0 {
            self.weight = 0.0;
        }
        let known = self.weight.min(MEMORY);
        let mixed = (self.rate * known * known + rate * weight * weight) / (known * known + weight * weight);
        self.rate = mixed.max(SLOWEST);
        self.weight = (known * known + weight * weight).sqrt();
        if stretch.pause.is_infinite() {
            // It began with a full bucket, so this is the latest that is known of its size.
            self.full = Full::new(stretch);
        }
    }
}

/// The rate at which the tokens of `stretch` add up, and over how many seconds they did.
///
/// They flowed in during the pause and the stretch, which gives the rate at once unless the bucket ran over. If it did,
/// there was a moment at which it was full. From any moment on, a full bucket and the inflow are the most that can be
/// taken, so the moment that asks for the highest rate is the right one.
fn solve(full: &Full, stretch: &Closed, guess: f64) -> (f64, f64) {
    let whole = stretch.pause + stretch.span;
    let inflow = (stretch.taken + stretch.debt) / whole;
    let least = match whole.is_finite() {
        true if inflow * stretch.pause - stretch.debt <= full.burst(inflow) => return (inflow, whole),
        // Where nothing asks for more, the bucket ran over by next to nothing.
        true => (inflow, whole),
        // It was full at the beginning, so that the inflow tells nothing.
        false => (0.0, NOISE),
    };
    let mut best = if whole.is_finite() { least } else { (guess, NOISE) };
    // The size of the bucket depends on the rate, so the two are found in turns.
    for _ in 0..4 {
        let (taken, span) = full.since_full(best.0);
        if stretch.span - span <= NOISE {
            // A short stretch cannot tell.
            return (best.0, 2.0 * NOISE);
        }
        // Half a token was left on average when the last call was refused.
        let rates = stretch.moments().map(|(more, longer)| ((more - taken - 0.5) / (longer - span), longer - span));
        let told = rates.filter(|(_, longer)| *longer > NOISE);
        best = told.fold(least, |best, next| if next.0 > best.0 { next } else { best });
    }
    if best.0 > 0.0 { best } else { (guess, NOISE) }
}
