//! Learns one limit of a service.
//!
//! The learner has no clock: the caller passes every time, counted from a start of its choice. So it runs in a simulation
//! as it runs against a service.

use std::time::Duration;

use crate::observation::Observation;
use crate::phase::Phase;
use crate::settings::{LearnedRate, Rate, Settings};
use crate::tuning::{
    ANSWERS_PER_SLOT, ANSWERS_PER_SLOT_IN_SEARCH, ANSWERS_PER_SLOT_LATER, INITIAL_IN_FLIGHT, MAX_RETRY_AFTER,
};

/// Whether a call may be sent.
#[derive(Debug)]
pub(crate) enum Decision {
    Admit(Admission),
    /// Ask again at this time.
    WaitUntil(Duration),
    /// Ask again after the outcome of a call.
    WaitForOutcome,
}

/// The record of an admitted call, which the caller passes back with the outcome.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Admission {
    period: u32,
    sent_at: f64,
    /// The call goes beyond the known size of a window.
    is_probe: bool,
    /// No further call is admitted before an outcome.
    pub(crate) takes_last_permit: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Learner {
    settings: Settings,
    in_flight: u32,
    answered: u64,
    /// Counts how often the gate reopened.
    period: u32,
    gate: Option<ClosedGate>,
    observation: Observation,
    phase: Phase,
    /// Times that the gate closed without a Retry-After since a call was answered.
    closings_without_retry_after: u32,
}

#[derive(Debug, Clone, Copy)]
struct ClosedGate {
    until: f64,
    /// Of the first throttled call.
    retry_after: Option<f64>,
}

impl Learner {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            in_flight: 0,
            answered: 0,
            period: 0,
            gate: None,
            // The bucket is full unless other clients used it.
            observation: Observation::with_full_bucket(0.0),
            phase: Phase::new(&settings),
            closings_without_retry_after: 0,
        }
    }

    /// Starts to learn again. The outcomes of calls in flight teach nothing any more.
    pub(crate) fn forget(&mut self) {
        let fresh = Self::new(self.settings);
        *self = Self { in_flight: self.in_flight, answered: self.answered, period: self.period + 1, ..fresh };
    }

    /// The rate, as far as it was learned or set.
    pub(crate) fn rate(&self) -> Option<Rate> {
        match &self.phase {
            Phase::Unlimited | Phase::Searching { .. } => None,
            Phase::Steady { .. } => {
                self.learned().map(|learned| Rate::per_second(learned.per_second).burst(learned.burst))
            }
            Phase::Windowed(window) => Some(Rate::per_second(window.rate())),
        }
    }

    /// The state for a successor. A window is not part of it: the successor finds one at the first throttled call.
    pub(crate) fn learned(&self) -> Option<LearnedRate> {
        let Phase::Steady { estimate, bucket } = &self.phase else { return None };
        let per_second = bucket.exceeded_rate().unwrap_or(estimate.rate);
        Some(LearnedRate { per_second, burst: estimate.burst(), evidence: estimate.evidence })
    }

    /// Continues where another limiter stopped `idle` ago, unless this one has learned something already.
    pub(crate) fn resume_with(&mut self, learned: LearnedRate, idle: Duration, now: Duration) {
        if !matches!(self.phase, Phase::Unlimited) || self.gate.is_some() {
            return;
        }
        self.forget();
        // The bucket is full after this time. A longer pause would look like one after throttling.
        let seconds_to_fill = (learned.burst / learned.per_second).max(1e-3);
        let pause = idle.as_secs_f64().clamp(1e-3, seconds_to_fill);
        self.observation = Observation::new(now.as_secs_f64(), pause, 0.0);
        self.phase = Phase::resumed(learned, &self.observation);
    }

    /// When the closed gate opens.
    pub(crate) fn closed_until(&self) -> Option<f64> {
        Some(self.gate.as_ref()?.until)
    }

    pub(crate) fn in_flight(&self) -> u32 {
        self.in_flight
    }

    /// Whether more than half of the permits are free.
    pub(crate) fn has_capacity(&self) -> bool {
        self.in_flight < self.max_in_flight() / 2
    }

    fn is_full(&self) -> bool {
        self.in_flight >= self.max_in_flight()
    }

    pub(crate) fn admit(&mut self, now: Duration) -> Decision {
        if self.is_full() {
            return Decision::WaitForOutcome;
        }
        let now = now.as_secs_f64();
        if let Some(ClosedGate { until, retry_after }) = self.gate {
            if now < until {
                return Decision::WaitUntil(round_up(until));
            }
            self.reopen(retry_after, now);
        }
        let mut is_probe = false;
        match &mut self.phase {
            Phase::Unlimited => {}
            Phase::Searching { bucket, .. } => {
                if let Err(until) = bucket.take(now) {
                    return Decision::WaitUntil(round_up(until));
                }
            }
            Phase::Steady { bucket, .. } => {
                if let Err(until) = bucket.take(now) {
                    return Decision::WaitUntil(round_up(until));
                }
                if bucket.take_overflow() {
                    self.observation = Observation::with_full_bucket(now);
                }
            }
            Phase::Windowed(window) => match window.take(now) {
                Some(probe) => is_probe = probe,
                None => return Decision::WaitForOutcome,
            },
        }
        self.in_flight += 1;
        Decision::Admit(Admission { period: self.period, sent_at: now, is_probe, takes_last_permit: self.is_full() })
    }

    /// The service answered the call, possibly with an error other than 429.
    pub(crate) fn answered(&mut self, call: Admission) {
        self.answered += 1;
        self.closings_without_retry_after = 0;
        self.leave(call, true);
        if call.period == self.period && self.observation.contains(call.sent_at) {
            self.observation.record_answered(call.sent_at);
        }
    }

    /// The outcome of the call is unknown.
    pub(crate) fn unknown(&mut self, call: Admission) {
        self.leave(call, false);
    }

    /// The service throttled the call at the time `at`.
    pub(crate) fn throttled(&mut self, call: Admission, at: Duration, retry_after: Option<Duration>) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.close(call.sent_at, call.period == self.period, at, retry_after);
    }

    /// The service throttled a call that this learner did not admit, because the limit was not known then.
    pub(crate) fn throttled_before_known(&mut self, call: Admission, at: Duration, retry_after: Option<Duration>) {
        self.close(call.sent_at, self.observation.contains(call.sent_at), at, retry_after);
    }

    fn leave(&mut self, call: Admission, is_answered: bool) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if call.is_probe
            && call.period == self.period
            && let Phase::Windowed(window) = &mut self.phase
        {
            window.end_probe(is_answered);
        }
    }

    /// Closes the gate, or keeps it closed for longer.
    fn close(&mut self, sent_at: f64, is_current: bool, at: Duration, retry_after: Option<Duration>) {
        let at = at.as_secs_f64();
        let retry_after = retry_after.map(|after| after.as_secs_f64().min(MAX_RETRY_AFTER));
        let until = if is_current {
            if self.observation.contains(sent_at) {
                self.observation.record_throttled(sent_at);
            }
            if self.gate.is_none() && retry_after.is_none() {
                self.closings_without_retry_after += 1;
            }
            at + retry_after.unwrap_or_else(|| self.own_pause())
        } else {
            // This call was sent before the gate reopened. Honour its Retry-After, but do not learn from it.
            sent_at + retry_after.unwrap_or_default()
        };
        if is_current || until > at {
            let gate = self.gate.get_or_insert(ClosedGate { until, retry_after });
            gate.until = gate.until.max(until);
        }
    }

    /// The pause after a 429 without Retry-After.
    fn own_pause(&self) -> f64 {
        let doublings = self.closings_without_retry_after.saturating_sub(1).min(16);
        let pause = self.settings.first_pause.as_secs_f64() * f64::from(1u32 << doublings);
        pause.min(self.settings.longest_pause.as_secs_f64())
    }

    fn max_in_flight(&self) -> u32 {
        let most = self.settings.max_in_flight;
        let careful = u64::from(self.settings.careful_calls);
        if self.closings_without_retry_after > 0 {
            // The own pause may be too short, so a single call finds out.
            return 1;
        }
        let more = match &self.phase {
            Phase::Unlimited if careful > 0 => {
                self.answered / ANSWERS_PER_SLOT + self.answered.saturating_sub(careful) / ANSWERS_PER_SLOT_LATER
            }
            Phase::Searching { .. } => u64::from(self.observation.answered()) / ANSWERS_PER_SLOT_IN_SEARCH,
            _ => return most,
        };
        u32::try_from(INITIAL_IN_FLIGHT + more).unwrap_or(most).min(most)
    }

    /// Opens the gate and learns from the observation that its closing ended. The late outcomes have arrived by now.
    fn reopen(&mut self, retry_after: Option<f64>, now: f64) {
        self.gate = None;
        self.period += 1;
        if !self.observation.is_throttled() {
            // Only calls from before the observation were throttled, which teaches nothing.
            if let Phase::Windowed(window) = &mut self.phase {
                window.end_probe(false);
            }
            self.observation = Observation::with_full_bucket(now);
            return;
        }
        let last = self.observation.finish();
        self.observation = Observation::new(now, (now - last.end).max(1e-3), last.next_overdraft());
        let phase = std::mem::replace(&mut self.phase, Phase::Unlimited);
        self.phase = phase.after(&last, retry_after, &self.observation);
    }
}

/// Rounds up to the next nanosecond: asking a moment too early would be useless.
fn round_up(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default() + Duration::from_nanos(1)
}
