//! What happened to the calls that were sent between two closings of the gate.

/// A stretch of time in which calls were sent, and what became of them.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    /// When it began.
    pub(super) since: f64,
    /// Seconds between the end of the last stretch and the beginning of this one, in which the service's bucket filled;
    /// infinite if it was full at the beginning.
    pub(super) pause: f64,
    /// Refused calls of the last stretch, which may have taken tokens as well.
    pub(super) debt: f64,
    pub(super) answered: u32,
    pub(super) refused: u32,
    /// When the last of the answered and refused calls was sent.
    last: f64,
}

impl Stretch {
    pub(super) fn new(since: f64, pause: f64, debt: f64) -> Self {
        Self { since, pause, debt, answered: 0, refused: 0, last: since }
    }

    pub(super) fn has(&self, sent: f64) -> bool {
        sent >= self.since
    }

    pub(super) fn book(&mut self, sent: f64, answered: bool) {
        match answered {
            true => self.answered += 1,
            false => self.refused += 1,
        }
        self.last = self.last.max(sent);
    }

    /// When the service had nothing left to give.
    pub(super) fn end(&self) -> f64 {
        self.last
    }

    pub(super) fn span(&self) -> f64 {
        (self.last - self.since).max(1e-3)
    }

    /// Tokens that were taken. Whether refused calls take some is unknown, so half of them are taken to.
    pub(super) fn taken(&self) -> f64 {
        f64::from(self.answered) + f64::from(self.refused) / 2.0
    }
}
