//! The rate that a run has learned, kept in the journal for the run that goes on with it.
//!
//! Whoever begins without a rate has to be refused twice to find it. A run that is killed again and again would spend
//! most of its time on that.

use std::time::{Duration, Instant};

use super::journal::{Journal, Remembered};
use partner_center_budgets::{Known, Throttle};

/// A rate that was of use so long ago is learned anew, as a limiter calls a remembered rate into question by then, too.
const TOO_OLD: Duration = Duration::from_secs(600);
/// Between two lines of the journal, where not more than the figures changed.
const PAUSE: Duration = Duration::from_secs(2);

/// What the journal says of the rate.
pub(super) struct RateKeeper {
    noted: Option<Known>,
    since: Instant,
}

impl RateKeeper {
    /// Lets the limiter go on with what the journal says, unless it knows something itself.
    pub(super) fn begin(throttle: &Throttle, remembered: &Remembered) -> Self {
        if let (Some(known), Some(idle)) = (remembered.known, remembered.idle())
            && idle < TOO_OLD
        {
            throttle.go_on(known, idle);
        }
        Self { noted: remembered.known, since: Instant::now() }
    }

    /// Notes what is known by now, if that is news. Nobody waits for the disk, since nothing depends on the line.
    pub(super) fn keep(&mut self, throttle: &Throttle, journal: &Journal) {
        let known = throttle.known();
        let is_news = match (&self.noted, &known) {
            (None, None) => false,
            (Some(noted), Some(known)) => self.since.elapsed() >= PAUSE && has_moved(noted, known),
            _ => true,
        };
        if is_news {
            journal.note_rate(known);
            (self.noted, self.since) = (known, Instant::now());
        }
    }
}

fn has_moved(noted: &Known, known: &Known) -> bool {
    let beyond = |noted: f64, known: f64, factor: f64| !(noted / factor..=noted * factor).contains(&known);
    beyond(noted.per_second, known.per_second, 1.01)
        || beyond(noted.burst, known.burst, 1.1)
        || beyond(noted.evidence, known.evidence, 1.5)
}
