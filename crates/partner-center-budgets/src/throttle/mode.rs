//! How calls are let through while the gate is open.

use super::estimate::{Estimate, Full};
use super::pace::Pace;
use super::settings::{Known, Settings};
use super::stretch::{Closed, Stretch};
use super::window::Window;

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

#[derive(Debug, Clone)]
pub(super) enum Mode {
    /// Nothing was ever refused.
    Open,
    /// The rate is unknown: the pace grows until a call is refused. What came before had a full bucket at some moment.
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

impl Mode {
    /// The mode at the start.
    pub(super) fn new(settings: &Settings) -> Self {
        let Some(rate) = settings.remembered_rate.filter(|rate| rate.is_finite() && *rate > 0.0) else {
            return Self::Open;
        };
        let burst = settings.remembered_burst.filter(|burst| burst.is_finite());
        let estimate = Estimate::remembered(rate, burst);
        let capacity = capacity(&estimate);
        let pace = Pace::new(0.0, rate * (1.0 - MARGIN), capacity, capacity);
        Self::Steady { estimate, pace: pace.growing(0.0005, TRUST).hurrying() }
    }

    /// The mode of a limiter that goes on where another one stopped. Nobody knows what that left in the bucket, so only
    /// what flowed in since then counts.
    pub(super) fn going_on(known: Known, next: &Stretch) -> Self {
        Self::steady(Estimate::known(known), next)
    }

    /// How to go on when the gate opens after `last` ended with a refusal. `told` is the Retry-After, and `next` has begun.
    pub(super) fn after(self, last: &Closed, told: Option<f64>, next: &Stretch) -> Self {
        let now = next.since;
        match (self, told) {
            (Self::Window(window), _) => match window.refine(last, told, now) {
                Some(window) => Self::Window(window),
                None => Self::search(last, None, next),
            },
            (_, Some(told)) if Window::fits(last, Some(told)) => Self::Window(Window::new(last, told, now)),
            (Self::Open, _) => Self::search(last, Some(Full::new(last)), next),
            (Self::Search { full, pace }, _) if last.answered() == 0 => {
                // It was too early, if the service said when; otherwise that tells nothing.
                let rate = if told.is_some() { pace.rate / 4.0 } else { pace.rate };
                Self::Search { full, pace: searching(rate, now) }
            }
            (Self::Search { full: Some(full), pace }, _) => Self::steady(Estimate::new(full, last, pace.rate), next),
            (Self::Search { full: None, .. }, _) => Self::search(last, Some(Full::new(last)), next),
            (Self::Steady { estimate, .. }, None) if last.answered() == 0 => Self::steady(estimate, next),
            (Self::Steady { mut estimate, .. }, _) => {
                estimate.refine(last);
                Self::steady(estimate, next)
            }
        }
    }

    fn search(last: &Closed, full: Option<Full>, next: &Stretch) -> Self {
        // At least one call is answered after a pause.
        let rate = (last.taken / (last.span + next.pause)).max(1.0 / next.pause);
        Self::Search { full, pace: searching(rate, next.since) }
    }

    /// Goes on at the estimated rate.
    fn steady(estimate: Estimate, next: &Stretch) -> Self {
        let now = next.since;
        let (rate, burst, doubt) = (estimate.rate, estimate.burst(), estimate.doubt());
        // A little below the estimate, unless it is so rough that being refused once more soon is the quicker way.
        let start = rate * (1.0 - MARGIN + OPTIMISM * doubt);
        // The seconds that a refusal costs: the pause, as far as the bucket does not make up for it.
        let cost = (next.pause.clamp(1.0, 60.0) - burst / rate).max(0.0);
        let (growth, hold) = if cost < CHEAP {
            // So slowly that hundreds of calls are answered before one is refused.
            ((8e-6 * burst * rate).min(0.002) + 0.03 * doubt, 0.0)
        } else if doubt > ROUGH {
            (0.0005 + 0.07 * doubt, 0.0)
        } else {
            // A hundredth of the time may be lost by refusals.
            (0.0005 + 0.07 * doubt, 100.0 * cost)
        };
        let capacity = capacity(&estimate);
        let filled = rate * next.pause - next.debt;
        let pace = Pace::new(now, start, filled.min(capacity), capacity).growing(growth, now + hold);
        let pace = if doubt > ROUGH { pace } else { pace.hurrying() };
        Self::Steady { estimate, pace }
    }
}

fn searching(rate: f64, now: f64) -> Pace {
    Pace::new(now, rate, 1.0, 1.0).growing(SEARCH, now)
}

/// Calls that a pace saves up at most. The service's bucket may be smaller than it seems, and calls do not arrive as evenly
/// as they are sent.
fn capacity(estimate: &Estimate) -> f64 {
    0.8 * estimate.burst() - 1.0
}
