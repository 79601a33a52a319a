//! A limiter that learns what a service allows.
//!
//! It has no clock: every time is one that it is given, counted from a start of the caller's choice. So it runs in a
//! simulation as it runs against a service.

use std::time::Duration;

use super::mode::Mode;
use super::settings::{Known, Settings};
use super::stretch::Stretch;

/// Calls on their way at the same time at the very start; one more for each `GROWS_BY` answers.
const FEW: u64 = 6;
const GROWS_BY: u64 = 64;
/// No service is believed that wants to be left alone for longer than this many seconds.
const DAY: f64 = 86_400.0;

/// What a call may do.
#[derive(Debug)]
pub(crate) enum Admit {
    /// Be sent. The ticket is handed back with the outcome.
    Send(Ticket),
    /// Ask again then.
    Wait(Duration),
    /// Ask again after the outcome of some call.
    Full,
}

/// The place of a call that was sent.
#[derive(Debug)]
pub(crate) struct Ticket {
    period: u32,
    sent: f64,
    /// Whether it went beyond what the service is known to give in a window.
    beyond: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Limiter {
    settings: Settings,
    in_flight: u32,
    answered: u64,
    /// Counts the openings of the gate.
    period: u32,
    gate: Option<Gate>,
    stretch: Stretch,
    mode: Mode,
    /// Refusals without a Retry-After since something was answered.
    silent: u32,
}

#[derive(Debug, Clone)]
struct Gate {
    until: f64,
    told: Option<f64>,
}

impl Limiter {
    pub(crate) fn new(settings: Settings) -> Self {
        let mode = Mode::new(&settings);
        // The service's bucket is full unless someone else used it.
        let stretch = Stretch::new(0.0, f64::INFINITY, 0.0);
        Self { settings, in_flight: 0, answered: 0, period: 0, gate: None, stretch, mode, silent: 0 }
    }

    /// Starts to learn afresh. What is on its way belongs to a past of which nothing is known any more.
    pub(crate) fn forget(&mut self) {
        let fresh = Self::new(self.settings);
        *self = Self { in_flight: self.in_flight, answered: self.answered, period: self.period + 1, ..fresh };
    }

    /// Calls per second, as far as they were learned or remembered.
    pub(crate) fn learned_rate(&self) -> Option<f64> {
        match &self.mode {
            Mode::Open | Mode::Search { .. } => None,
            Mode::Steady { estimate, pace } => Some(pace.outgrown().unwrap_or(estimate.rate)),
            Mode::Window(window) => Some(window.rate()),
        }
    }

    /// Calls beyond the rate that the service takes at once.
    pub(crate) fn learned_burst(&self) -> Option<f64> {
        match &self.mode {
            Mode::Steady { estimate, .. } => Some(estimate.burst()),
            _ => None,
        }
    }

    /// What is known of the service's bucket; `None` where nothing is, and where it seems to have windows, which a limiter
    /// finds at its first refusal.
    pub(crate) fn known(&self) -> Option<Known> {
        let Mode::Steady { estimate, pace } = &self.mode else { return None };
        let per_second = pace.outgrown().unwrap_or(estimate.rate);
        Some(Known { per_second, burst: estimate.burst(), evidence: estimate.weight })
    }

    /// Goes on where another limiter stopped so long ago, unless something is known already.
    pub(crate) fn go_on(&mut self, known: Known, idle: Duration, now: Duration) {
        if !matches!(self.mode, Mode::Open) || self.gate.is_some() {
            return;
        }
        self.forget();
        // A bucket is full after so many seconds, and longer ones would look like the pause after a refusal.
        let filling = (known.burst / known.per_second).max(1e-3);
        self.stretch = Stretch::new(now.as_secs_f64(), idle.as_secs_f64().clamp(1e-3, filling), 0.0);
        self.mode = Mode::going_on(known, &self.stretch);
    }

    /// Until when nobody is let through, as the service asked.
    pub(crate) fn closed_until(&self) -> Option<f64> {
        Some(self.gate.as_ref()?.until)
    }

    /// Whether more than half of the places for calls on their way are free.
    pub(super) fn is_roomy(&self) -> bool {
        self.in_flight < self.most_in_flight() / 2
    }

    /// Calls on their way.
    pub(crate) fn in_flight(&self) -> u32 {
        self.in_flight
    }

    /// Whether a call may be sent.
    pub(crate) fn admit(&mut self, now: Duration) -> Admit {
        if self.in_flight >= self.most_in_flight() {
            return Admit::Full;
        }
        let now = now.as_secs_f64();
        match self.gate.take() {
            Some(gate) if now < gate.until => {
                let until = gate.until;
                self.gate = Some(gate);
                return Admit::Wait(later(until));
            }
            Some(gate) => self.reopen(&gate, now),
            None => {}
        }
        let mut beyond = false;
        match &mut self.mode {
            Mode::Open => {}
            Mode::Search { pace, .. } => {
                if let Err(until) = pace.take(now) {
                    return Admit::Wait(later(until));
                }
            }
            Mode::Steady { pace, .. } => {
                if let Err(until) = pace.take(now) {
                    return Admit::Wait(later(until));
                }
                if pace.ran_over() {
                    self.stretch = Stretch::new(now, f64::INFINITY, 0.0);
                }
            }
            Mode::Window(window) => {
                let Some(is_beyond) = window.take(now) else { return Admit::Full };
                beyond = is_beyond;
            }
        }
        self.in_flight += 1;
        Admit::Send(Ticket { period: self.period, sent: now, beyond })
    }

    /// The call was answered, if only by an error that is no refusal.
    pub(crate) fn answered(&mut self, ticket: Ticket, _now: Duration) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.answered += 1;
        self.silent = 0;
        if self.belongs(&ticket) {
            self.stretch.book_answered(ticket.sent);
            if ticket.beyond
                && let Mode::Window(window) = &mut self.mode
            {
                window.returned(true);
            }
        }
    }

    /// The call was refused with status 429.
    pub(crate) fn refused(&mut self, ticket: Ticket, now: Duration, retry_after: Option<Duration>) {
        self.in_flight = self.in_flight.saturating_sub(1);
        let now = now.as_secs_f64();
        let told = retry_after.map(|after| after.as_secs_f64().min(DAY));
        if ticket.period != self.period {
            // The gate was opened again since. What the service said when it was closed holds, but teaches nothing.
            let until = ticket.sent + told.unwrap_or_default();
            if until > now {
                let gate = self.gate.get_or_insert(Gate { until, told });
                gate.until = gate.until.max(until);
            }
            return;
        }
        if self.belongs(&ticket) {
            self.stretch.book_refused(ticket.sent);
        }
        if self.gate.is_none() && told.is_none() {
            self.silent += 1;
        }
        let until = now + told.unwrap_or_else(|| self.default_pause());
        let gate = self.gate.get_or_insert(Gate { until, told });
        gate.until = gate.until.max(until);
    }

    /// There was no answer to the call, so that nothing is known of it.
    pub(crate) fn failed(&mut self, ticket: Ticket, _now: Duration) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if ticket.period == self.period
            && ticket.beyond
            && let Mode::Window(window) = &mut self.mode
        {
            window.returned(false);
        }
    }

    fn most_in_flight(&self) -> u32 {
        let most = self.settings.max_in_flight.max(1);
        let careful = u64::from(self.settings.careful_calls);
        // Nobody knows whether the service is open again, so one call asks for all.
        if self.silent > 0 {
            return 1;
        }
        match self.mode {
            Mode::Open if careful > 0 => {}
            Mode::Search { .. } => return (FEW as u32 + self.stretch.answered() / 20).min(most),
            _ => return most,
        }
        let few = FEW + self.answered / GROWS_BY;
        let grown = few + self.answered.saturating_sub(careful) / 8;
        u32::try_from(grown).unwrap_or(most).min(most)
    }

    fn default_pause(&self) -> f64 {
        let doublings = self.silent.saturating_sub(1).min(16);
        let pause = self.settings.first_pause.as_secs_f64() * f64::from(1u32 << doublings);
        pause.min(self.settings.longest_pause.as_secs_f64())
    }

    /// An outcome belongs to the stretch in which its call was sent.
    fn belongs(&self, ticket: &Ticket) -> bool {
        ticket.period == self.period && self.stretch.has(ticket.sent)
    }

    /// Learns from what ended with the closing of the gate, and decides how to go on. By now the late outcomes are there.
    fn reopen(&mut self, gate: &Gate, now: f64) {
        self.period += 1;
        if !self.stretch.was_refused() {
            // The gate was closed by a refusal from before, of which nothing can be learned any more.
            if let Mode::Window(window) = &mut self.mode {
                window.forget_call();
            }
            self.stretch = Stretch::new(now, f64::INFINITY, 0.0);
            return;
        }
        let last = self.stretch.close();
        self.stretch = Stretch::new(now, (now - last.end).max(1e-3), last.owed());
        let mode = std::mem::replace(&mut self.mode, Mode::Open);
        self.mode = mode.after(&last, gate.told, &self.stretch);
    }
}

fn later(seconds: f64) -> Duration {
    // Rounded up, as asking a moment too early would be in vain.
    Duration::try_from_secs_f64(seconds).unwrap_or_default() + Duration::from_nanos(1)
}
