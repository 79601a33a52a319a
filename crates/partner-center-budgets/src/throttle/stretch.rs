//! What happened to the calls that were sent between two closings of the gate.

use std::collections::VecDeque;

/// So many of the latest answered calls are remembered one by one.
const REMEMBERED: usize = 512;

/// A stretch of time in which calls were sent, and what became of them.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    /// When it began.
    pub(super) since: f64,
    /// Seconds between the end of the last stretch and the beginning of this one, in which the service's bucket filled;
    /// infinite if it was full at the beginning.
    pub(super) pause: f64,
    /// Tokens that calls of the last stretch took after its end.
    pub(super) debt: f64,
    answered: u32,
    refused: u32,
    /// When the latest of the answered calls were sent.
    latest: VecDeque<f64>,
    /// When the first refused call was sent.
    emptied: Option<f64>,
}

/// A closed stretch, up to the moment when the service had nothing left to give.
#[derive(Debug)]
pub(super) struct Closed {
    pub(super) pause: f64,
    pub(super) debt: f64,
    pub(super) end: f64,
    pub(super) span: f64,
    /// Calls answered until the end.
    pub(super) taken: f64,
    /// Calls answered although they were sent after the end.
    pub(super) late: f64,
    pub(super) refused: f64,
    /// When the latest of the calls until the end were sent, the latest first.
    pub(super) latest: Vec<f64>,
}

impl Stretch {
    pub(super) fn new(since: f64, pause: f64, debt: f64) -> Self {
        Self { since, pause, debt, answered: 0, refused: 0, latest: VecDeque::new(), emptied: None }
    }

    pub(super) fn has(&self, sent: f64) -> bool {
        sent >= self.since
    }

    pub(super) fn answered(&self) -> u32 {
        self.answered
    }

    pub(super) fn was_refused(&self) -> bool {
        self.emptied.is_some()
    }

    pub(super) fn book_answered(&mut self, sent: f64) {
        self.answered += 1;
        if self.latest.len() == REMEMBERED {
            self.latest.pop_front();
        }
        self.latest.push_back(sent);
    }

    pub(super) fn book_refused(&mut self, sent: f64) {
        self.refused += 1;
        self.emptied = Some(self.emptied.map_or(sent, |emptied| emptied.min(sent)));
    }

    /// At the first refused call the bucket was empty, and no refused call had taken anything from it yet.
    pub(super) fn close(&self) -> Closed {
        let end = self.emptied.unwrap_or(self.since);
        let mut latest: Vec<f64> = self.latest.iter().copied().filter(|sent| *sent <= end).collect();
        latest.sort_by(|a, b| b.total_cmp(a));
        let late = (self.latest.len() - latest.len()) as f64;
        let (pause, debt, refused) = (self.pause, self.debt, f64::from(self.refused));
        let taken = f64::from(self.answered) - late;
        Closed { pause, debt, end, span: (end - self.since).max(1e-3), taken, late, refused, latest }
    }
}

impl Closed {
    /// What was taken from some moment until the end, and in how many seconds, for the latest moments and the beginning.
    pub(super) fn moments(&self) -> impl Iterator<Item = (f64, f64)> {
        let latest = self.latest.iter().enumerate().map(|(later, sent)| (later as f64 + 1.0, self.end - sent));
        latest.chain([(self.taken, self.span)])
    }

    pub(super) fn answered(&self) -> u32 {
        (self.taken + self.late) as u32
    }

    /// Tokens that were taken after the end. Whether refused calls take some is unknown, so half of them are taken to.
    pub(super) fn owed(&self) -> f64 {
        self.late + self.refused / 2.0
    }
}
