//! A limiter that learns what a service allows.
//!
//! It has no clock: every time is one that it is given, counted from a start of the caller's choice. So it runs in a
//! simulation as it runs against a service.

use std::time::Duration;

use super::estimate::{Estimate, Full};
use super::pace::Pace;
use super::settings::Settings;
use super::stretch::{Closed, Stretch};
use super::window::Window;

/// Calls on their way at the same time at the very start; one more for each `GROWS_BY` answers.
const FEW: u64 = 6;
const GROWS_BY: u64 = 64;
/// By how many powers of e per second a pace grows that looks for the rate.
const SEARCH: f64 = 3.5;
/// A pace stays by so much of itself below the estimate.
const MARGIN: f64 = 0.002;
/// A pace starts above the estimate by so much of the estimate's doubt.
const OPTIMISM: f64 = 0.3;
/// Seconds that a refusal may cost to be called cheap.
const CHEAP: f64 = 0.2;
/// Seconds before a remembered rate is called into question. A service that became faster is found out in the end.
const TRUST: f64 = 600.0;
/// An estimate with more doubt than this is worth another refusal.
const ROUGH: f64 = 0.04;

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

#[derive(Debug, Clone)]
enum Mode {
    /// Nothing was ever refused.
    Open,
    /// The rate is unknown: the pace grows until a call is refused. What came before began with a full bucket.
    Search {
        full: Option<Full>,
        pace: Pace,
    },
    Steady {
        estimate: Estimate,
        pace: Pace,
    },
    Window(Window),
}

impl Limiter {
    pub(crate) fn new(settings: Settings) -> Self {
        let remembered = settings.remembered_rate.filter(|rate| rate.is_finite() && *rate > 0.0);
        let stretch = Stretch::new(0.0, 0.0, 0.0);
        let mode = match remembered {
            None => Mode::Open,
            Some(rate) => {
                let estimate = Estimate::remembered(rate, settings.remembered_burst);
                let capacity = 0.8 * estimate.burst() - 1.0;
                let pace = Pace::new(0.0, rate * (1.0 - MARGIN), capacity, capacity);
                Mode::Steady { estimate, pace: pace.growing(0.0005, TRUST, 2.0 * rate) }
            }
        };
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
            Mode::Steady { estimate, .. } => Some(estimate.rate),
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
        let told = retry_after.map(|after| after.as_secs_f64());
        if ticket.period != self.period {
            // The gate was opened again since. What the service said when it was closed holds, but teaches nothing.
            let until = ticket.sent + told.unwrap_or_default();
            if let Some(gate) = &mut self.gate {
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
        let last = self.stretch.close();
        self.stretch = Stretch::new(now, (now - last.end).max(1e-3), last.owed());
        self.period += 1;
        let windowed = Window::fits(&last, gate.told);
        let mode = std::mem::replace(&mut self.mode, Mode::Open);
        self.mode = match (mode, gate.told) {
            (Mode::Window(window), told) => match window.refine(&last, told, now) {
                Some(window) => Mode::Window(window),
                None => self.search(&last, None, now),
            },
            (_, Some(told)) if windowed => Mode::Window(Window::new(&last, told, now)),
            (Mode::Open, _) => self.search(&last, Some(Full::new(&last)), now),
            (Mode::Search { full, pace }, told) if last.answered() == 0 => {
                // It was too early, if the service said when; otherwise that tells nothing.
                let rate = if told.is_some() { (pace.rate / 4.0).max(0.01) } else { pace.rate };
                let pace = Pace::new(now, rate, 1.0, 1.0).growing(SEARCH, now, f64::INFINITY);
                Mode::Search { full, pace }
            }
            (Mode::Steady { estimate, .. }, None) if last.answered() == 0 => steady(estimate, &self.stretch, now),
            (Mode::Search { full: Some(full), .. }, _) => steady(Estimate::new(full, &last), &self.stretch, now),
            (Mode::Search { full: None, .. }, _) => self.search(&last, Some(Full::new(&last)), now),
            (Mode::Steady { mut estimate, .. }, _) => {
                estimate.refine(&last);
                steady(estimate, &self.stretch, now)
            }
        };
    }

    fn search(&self, last: &Closed, full: Option<Full>, now: f64) -> Mode {
        // At least one call is answered after a pause.
        let rate = (last.taken / (last.span + self.stretch.pause)).max(1.0 / self.stretch.pause);
        let pace = Pace::new(now, rate, 1.0, 1.0).growing(SEARCH, now, f64::INFINITY);
        Mode::Search { full, pace }
    }
}

/// Goes on at the estimated rate.
fn steady(estimate: Estimate, stretch: &Stretch, now: f64) -> Mode {
    let (rate, burst, doubt) = (estimate.rate, estimate.burst(), estimate.doubt());
    // A little below the estimate, unless it is so rough that being refused once more soon is the quicker way.
    let start = rate * (1.0 - MARGIN + OPTIMISM * doubt);
    // The seconds that a refusal costs: the pause, as far as the bucket does not make up for it.
    let cost = (stretch.pause.clamp(1.0, 60.0) - burst / rate).max(0.0);
    let (growth, hold) = if cost < CHEAP {
        // So slowly that hundreds of calls are answered before one is refused.
        ((8e-6 * burst * rate).min(0.002) + 0.03 * doubt, 0.0)
    } else if doubt > ROUGH {
        (0.0005 + 0.07 * doubt, 0.0)
    } else {
        // A hundredth of the time may be lost by refusals.
        (0.0005 + 0.07 * doubt, 100.0 * cost)
    };
    // The service's bucket may be smaller than it seems, and calls do not arrive as evenly as they are sent.
    let capacity = 0.8 * burst - 1.0;
    let filled = rate * stretch.pause - stretch.debt;
    let pace = Pace::new(now, start, filled.min(capacity), capacity).growing(growth, now + hold, 2.0 * rate);
    Mode::Steady { estimate, pace }
}

fn later(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds.max(0.0)) + Duration::from_nanos(1)
}
