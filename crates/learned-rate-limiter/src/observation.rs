//! What happened to the calls that were sent while the gate was open.

use std::collections::VecDeque;

use crate::tuning::STORED_CALLS;

/// Calls and the seconds in which they took tokens.
pub(crate) type Consumption = (f64, f64);

/// A period in which calls were sent, and their outcomes.
#[derive(Debug, Clone)]
pub(crate) struct Observation {
    /// The beginning.
    pub(crate) since: f64,
    /// Seconds before the beginning in which the bucket of the service filled; infinite if it was full at the beginning.
    pub(crate) pause: f64,
    /// Tokens that calls took during the pause.
    pub(crate) overdraft: f64,
    answered: u32,
    throttled: u32,
    /// When the latest answered calls were sent.
    sent: VecDeque<f64>,
    /// When the first throttled call was sent. The bucket was empty then.
    empty_at: Option<f64>,
}

/// An observation up to the moment when the bucket of the service was empty.
#[derive(Debug)]
pub(crate) struct FinishedObservation {
    pub(crate) pause: f64,
    pub(crate) overdraft: f64,
    pub(crate) end: f64,
    /// Seconds from the beginning to the end.
    pub(crate) span: f64,
    /// Answered calls that were sent until the end.
    pub(crate) consumed: f64,
    /// Answered calls that were sent after the end.
    pub(crate) late: f64,
    pub(crate) throttled: f64,
    /// When the latest of the consumed calls were sent, the latest first.
    sent: Vec<f64>,
}

impl Observation {
    pub(crate) fn new(since: f64, pause: f64, overdraft: f64) -> Self {
        Self { since, pause, overdraft, answered: 0, throttled: 0, sent: VecDeque::new(), empty_at: None }
    }

    pub(crate) fn with_full_bucket(since: f64) -> Self {
        Self::new(since, f64::INFINITY, 0.0)
    }

    /// Whether a call that was sent at this time belongs to the observation.
    pub(crate) fn contains(&self, sent_at: f64) -> bool {
        sent_at >= self.since
    }

    pub(crate) fn answered(&self) -> u32 {
        self.answered
    }

    pub(crate) fn is_throttled(&self) -> bool {
        self.empty_at.is_some()
    }

    pub(crate) fn record_answered(&mut self, sent_at: f64) {
        self.answered += 1;
        if self.sent.len() == STORED_CALLS {
            self.sent.pop_front();
        }
        self.sent.push_back(sent_at);
    }

    pub(crate) fn record_throttled(&mut self, sent_at: f64) {
        self.throttled += 1;
        self.empty_at = Some(self.empty_at.map_or(sent_at, |empty_at| empty_at.min(sent_at)));
    }

    /// Ends the observation with the first throttled call, before throttled calls could take tokens.
    pub(crate) fn finish(&self) -> FinishedObservation {
        let end = self.empty_at.unwrap_or(self.since);
        let mut sent: Vec<f64> = self.sent.iter().copied().filter(|sent_at| *sent_at <= end).collect();
        sent.sort_by(|a, b| b.total_cmp(a));
        let late = (self.sent.len() - sent.len()) as f64;
        FinishedObservation {
            pause: self.pause,
            overdraft: self.overdraft,
            end,
            span: (end - self.since).max(1e-3),
            consumed: f64::from(self.answered) - late,
            late,
            throttled: f64::from(self.throttled),
            sent,
        }
    }
}

impl FinishedObservation {
    /// The consumption from each stored call to the end, and from the beginning to the end.
    pub(crate) fn consumptions(&self) -> impl Iterator<Item = Consumption> {
        let sent = self.sent.iter().enumerate().map(|(later, sent_at)| (later as f64 + 1.0, self.end - sent_at));
        sent.chain([(self.consumed, self.span)])
    }

    pub(crate) fn answered(&self) -> f64 {
        self.consumed + self.late
    }

    /// Tokens that calls took after the end. Some services count throttled calls and others do not, so half of them count.
    pub(crate) fn next_overdraft(&self) -> f64 {
        self.late + self.throttled / 2.0
    }
}
