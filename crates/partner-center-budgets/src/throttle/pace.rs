//! Spacing of calls: a bucket of our own that fills as the service's bucket is believed to.

/// How much faster than its rate a pace spends what it has saved up. A wrong belief then shows early, and by few calls.
const SPENDING: f64 = 1.5;
/// Timers wake up to a millisecond late. A pace makes up for so many seconds of that.
const LATENESS: f64 = 0.005;

/// Calls per second that are tried at least.
const SLOWEST: f64 = 0.01;

#[derive(Debug, Clone)]
pub(super) struct Pace {
    /// Calls per second.
    pub(super) rate: f64,
    /// By how much of itself the rate grows in a second in which it is used, once `grows_from` has come.
    growth: f64,
    grows_from: f64,
    most: f64,
    saved: f64,
    capacity: f64,
    /// Calls that nobody asked for although they were to be had and could not be saved.
    wasted: f64,
    at: f64,
    slot: f64,
}

impl Pace {
    pub(super) fn new(now: f64, rate: f64, saved: f64, capacity: f64) -> Self {
        let rate = rate.max(SLOWEST);
        let capacity = capacity.max(1.0);
        let saved = saved.clamp(0.0, capacity);
        Self {
            rate,
            growth: 0.0,
            grows_from: now,
            most: f64::INFINITY,
            saved,
            capacity,
            wasted: 0.0,
            at: now,
            slot: now - 1.0 / rate,
        }
    }

    /// Makes the rate grow by `growth` of itself per second from `from` on, up to `most`.
    pub(super) fn growing(self, growth: f64, from: f64, most: f64) -> Self {
        Self { growth, grows_from: from, most, ..self }
    }

    /// Takes the place of one call, or tells when to ask again.
    pub(super) fn take(&mut self, now: f64) -> Result<(), f64> {
        let passed = (now - self.at).max(0.0);
        self.at = self.at.max(now);
        self.saved += passed * self.rate;
        self.wasted += (self.saved - self.capacity).max(0.0);
        self.saved = self.saved.min(self.capacity);

        // Times are rounded to nanoseconds on their way here.
        let almost = 1.0 - 1e-6 * self.rate.max(1.0);
        let next = self.slot + 1.0 / (SPENDING * self.rate);
        if self.saved < almost {
            return Err((now + (1.0 - self.saved) / self.rate).max(next));
        }
        if now < next - 1e-9 {
            return Err(next);
        }
        if now > self.grows_from {
            let used = (now - self.slot).clamp(0.0, 2.0 / self.rate);
            self.rate = (self.rate * (self.growth * used).exp()).min(self.most.max(self.rate));
        }
        self.saved -= 1.0;
        self.slot = next.max(now - LATENESS);
        Ok(())
    }

    /// Whether the service's bucket must have run over since this was last asked.
    pub(super) fn ran_over(&mut self) -> bool {
        let ran_over = self.wasted > 2.0;
        if ran_over {
            self.wasted = 0.0;
        }
        ran_over
    }
}
