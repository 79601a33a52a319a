//! The estimated rate of the service.

use crate::observation::{Consumption, FinishedObservation};
use crate::settings::LearnedRate;
use crate::tuning::{CHANGED, COUNT_ERROR, MAX_EVIDENCE, MIN_RATE, NOISE};

/// An estimate of the token bucket of the service.
#[derive(Debug, Clone)]
pub(crate) struct Estimate {
    /// Calls per second.
    pub(crate) rate: f64,
    /// Seconds of evidence behind the rate.
    pub(crate) evidence: f64,
    profile: BucketProfile,
}

/// The consumption of an observation in which the bucket was full at some moment, and empty in the end.
///
/// From the moment when the bucket was full, the calls took its tokens and the inflow.
#[derive(Debug, Clone)]
pub(crate) struct BucketProfile(Vec<Consumption>);

impl BucketProfile {
    pub(crate) fn new(last: &FinishedObservation) -> Self {
        Self(last.consumptions().filter(|(calls, _)| *calls >= 1.0).collect())
    }

    /// The consumption since the bucket was full, if the inflow is `rate`. That moment is not recorded:
    /// it is the one for which the bucket comes out largest.
    fn since_full(&self, rate: f64) -> Consumption {
        let size = |(calls, seconds): &Consumption| calls - rate * seconds;
        self.0.iter().copied().max_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or((1.0, 0.0))
    }

    fn burst(&self, rate: f64) -> f64 {
        let (calls, seconds) = self.since_full(rate);
        (calls - rate * seconds).max(1.0)
    }
}

impl Estimate {
    /// An estimate from an observation with a full bucket and the next one. `guess` is the rate if they do not show one.
    pub(crate) fn new(profile: BucketProfile, last: &FinishedObservation, guess: f64) -> Self {
        let (rate, evidence) = fit_rate(&profile, last, guess);
        Self { rate: rate.max(MIN_RATE), evidence, profile }
    }

    /// A rate that an earlier limiter learned.
    pub(crate) fn from_rate(rate: f64, burst: Option<f64>) -> Self {
        let profile = BucketProfile(vec![(burst.unwrap_or(1.0), 0.0)]);
        Self { rate: rate.max(MIN_RATE), evidence: MAX_EVIDENCE, profile }
    }

    /// The same with the evidence behind the rate.
    pub(crate) fn from_learned(learned: LearnedRate) -> Self {
        let estimate = Self::from_rate(learned.per_second, Some(learned.burst));
        Self { evidence: learned.evidence.min(MAX_EVIDENCE), ..estimate }
    }

    /// Calls that the service accepts at once after a pause.
    pub(crate) fn burst(&self) -> f64 {
        self.profile.burst(self.rate)
    }

    /// The part of the rate by which it may be wrong.
    pub(crate) fn uncertainty(&self) -> f64 {
        (COUNT_ERROR / (self.rate * self.evidence)).min(0.5)
    }

    /// Learns from an observation that ended with throttling.
    pub(crate) fn refine(&mut self, last: &FinishedObservation) {
        let (rate, evidence) = fit_rate(&self.profile, last, self.rate);
        let evidence = evidence.min(MAX_EVIDENCE);
        let is_changed = !(1.0 / CHANGED..CHANGED).contains(&(rate / self.rate));
        if is_changed && evidence * self.rate > 10.0 {
            // Earlier evidence is about another limit.
            self.evidence = 0.0;
        }
        let (old, new) = (self.evidence.min(MAX_EVIDENCE).powi(2), evidence.powi(2));
        self.rate = ((self.rate * old + rate * new) / (old + new)).max(MIN_RATE);
        self.evidence = (old + new).sqrt();
        if last.pause.is_infinite() {
            // The bucket was full at the beginning, so this is the latest evidence of its size.
            self.profile = BucketProfile::new(last);
        }
    }
}

/// The rate that explains the consumption of the observation, and the seconds of evidence for it.
///
/// The tokens flowed in during the pause and the observation, which gives the rate unless the bucket overflowed. If it
/// did, it was full at some moment. From any moment on, calls can take at most a full bucket and the inflow, so the
/// moment that needs the highest rate is the right one.
fn fit_rate(profile: &BucketProfile, last: &FinishedObservation, guess: f64) -> (f64, f64) {
    let seconds = last.pause + last.span;
    let inflow = (last.consumed + last.overdraft) / seconds;
    // A bucket that was full at the beginning makes the inflow useless.
    let was_full = seconds.is_infinite();
    if !was_full && inflow * last.pause - last.overdraft <= profile.burst(inflow) {
        return (inflow, seconds);
    }
    let least = if was_full { (0.0, NOISE) } else { (inflow, seconds) };
    let mut best = if was_full { (guess, NOISE) } else { least };
    // The size of the bucket depends on the rate and the rate on the size, so iterate.
    for _ in 0..4 {
        let (full_calls, full_seconds) = profile.since_full(best.0);
        if last.span - full_seconds <= NOISE {
            return (best.0, 2.0 * NOISE);
        }
        // On average half a token was left when the last call was throttled.
        let rates = last.consumptions().map(|(calls, seconds)| {
            let more_seconds = seconds - full_seconds;
            ((calls - full_calls - 0.5) / more_seconds, more_seconds)
        });
        let long_enough = rates.filter(|(_, seconds)| *seconds > NOISE);
        best = long_enough.fold(least, |best, next| if next.0 > best.0 { next } else { best });
    }
    if best.0 > 0.0 { best } else { (guess, NOISE) }
}
