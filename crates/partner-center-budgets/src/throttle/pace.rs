//! Spacing of calls: a bucket of our own that fills as the service's bucket is believed to.

/// How much faster than its rate a pace spends what it has saved up. A wrong belief then shows early, and by few calls.
const SPENDING: f64 = 1.5;
/// Timers wake up to a millisecond late. A pace makes up for so many seconds of that.
const LATENESS: f64 = 0.005;

/// A well known rate that grew by this factor without a refusal was outdated, and grows faster by the next one.
const OUTDATED: f64 = 1.1;
const HURRY: f64 = 10.0;
/// Calls per second that are tried at least.
pub(super) const SLOWEST: f64 = 0.01;

#[derive(Debug, Clone)]
pub(super) struct Pace {
    /// Calls per second.
    pub(super) rate: f64,
    /// By how much of itself the rate grows in a second in which it is used, once `grows_from` has come.
    growth: f64,
    grows_from: f64,
    /// The factor by which it grows faster once the rate at the start is outdated.
    hurry: f64,
    /// The rate at the start.
    first: f64,
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
            hurry: 1.0,
            first: rate,
            saved,
            capacity,
            wasted: 0.0,
            at: now,
            slot: now - 1.0 / rate,
        }
    }

    /// Makes the rate grow by `growth` of itself per second from `from` on.
    pub(super) fn growing(self, growth: f64, from: f64) -> Self {
        Self { growth, grows_from: from, ..self }
    }

    /// Makes a rate that is well known at the start grow faster once that is outdated.
    pub(super) fn hurrying(self) -> Self {
        Self { hurry: HURRY, ..self }
    }

    /// Takes the place of one call, or tells when to ask again.
    pub(super) fn take(&mut self, now: f64) -> Result<(), f64> {
        let passed = (now - self.at).max(0.0);
        self.at = self.at.max(now);
        self.saved += passed * self.rate;
        let wasted = (self.saved - self.capacity).max(0.0);
        self.wasted += wasted;
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
        // A pace that is not kept up with is not tried out, and shows nothing.
        if now > self.grows_from && wasted < 0.5 {
            let used = (now - self.slot).clamp(0.0, 2.0 / self.rate);
            let hurry = if self.rate > OUTDATED * self.first { self.hurry } else { 1.0 };
            self.rate *= (self.growth * hurry * used).exp();
        }
        self.saved -= 1.0;
        self.slot = next.max(now - LATENESS);
        Ok(())
    }

    /// A rate that was kept up without a refusal, if it is far above the one at the start.
    pub(super) fn outgrown(&self) -> Option<f64> {
        (self.rate > OUTDATED * OUTDATED * self.first).then_some(self.rate / OUTDATED)
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
