//! The token bucket that spaces the calls. It fills as the bucket of the service is estimated to fill.

use crate::tuning::{ACCELERATION, LATENESS, MIN_RATE, OUTDATED, OVERFLOW, SPENDING};

#[derive(Debug, Clone)]
pub(crate) struct TokenBucket {
    /// Tokens per second.
    pub(crate) rate: f64,
    initial_rate: f64,
    /// Growth of the rate per second in which it is used, from `growth_starts` on.
    growth: f64,
    growth_starts: f64,
    /// Multiple of the growth once the initial rate is outdated.
    acceleration: f64,
    tokens: f64,
    capacity: f64,
    /// Tokens that were lost because the bucket was full.
    overflow: f64,
    updated_at: f64,
    last_taken: f64,
}

impl TokenBucket {
    pub(crate) fn new(now: f64, rate: f64, tokens: f64, capacity: f64) -> Self {
        let rate = rate.max(MIN_RATE);
        let capacity = capacity.max(1.0);
        Self {
            rate,
            initial_rate: rate,
            growth: 0.0,
            growth_starts: now,
            acceleration: 1.0,
            tokens: tokens.clamp(0.0, capacity),
            capacity,
            overflow: 0.0,
            updated_at: now,
            last_taken: now - 1.0 / rate,
        }
    }

    /// Makes the rate grow by `growth` of itself per second from `start` on.
    pub(crate) fn growing(self, growth: f64, start: f64) -> Self {
        Self { growth, growth_starts: start, ..self }
    }

    /// Makes the rate grow faster once the initial rate is outdated.
    pub(crate) fn accelerated(self) -> Self {
        Self { acceleration: ACCELERATION, ..self }
    }

    /// Takes a token, or returns the time to ask again.
    pub(crate) fn take(&mut self, now: f64) -> Result<(), f64> {
        let passed = (now - self.updated_at).max(0.0);
        self.updated_at = self.updated_at.max(now);
        self.tokens += passed * self.rate;
        let overflow = (self.tokens - self.capacity).max(0.0);
        self.overflow += overflow;
        self.tokens = self.tokens.min(self.capacity);

        // The caller's times are rounded to nanoseconds.
        let one_token = 1.0 - 1e-6 * self.rate.max(1.0);
        let next = self.last_taken + 1.0 / (SPENDING * self.rate);
        if self.tokens < one_token {
            return Err((now + (1.0 - self.tokens) / self.rate).max(next));
        }
        if now < next - 1e-9 {
            return Err(next);
        }
        // A rate that the callers do not use up proves nothing, so it must not grow.
        if now > self.growth_starts && overflow < 0.5 {
            let used = (now - self.last_taken).clamp(0.0, 2.0 / self.rate);
            let is_outdated = self.rate > OUTDATED * self.initial_rate;
            let acceleration = if is_outdated { self.acceleration } else { 1.0 };
            self.rate *= (self.growth * acceleration * used).exp();
        }
        self.tokens -= 1.0;
        self.last_taken = next.max(now - LATENESS);
        Ok(())
    }

    /// A rate far above the initial one, which the service accepted without throttling.
    pub(crate) fn exceeded_rate(&self) -> Option<f64> {
        (self.rate > OUTDATED * OUTDATED * self.initial_rate).then_some(self.rate / OUTDATED)
    }

    /// Whether so many tokens overflowed that the bucket of the service must be full, too. Then the count starts again.
    pub(crate) fn take_overflow(&mut self) -> bool {
        let has_overflowed = self.overflow > OVERFLOW;
        if has_overflowed {
            self.overflow = 0.0;
        }
        has_overflowed
    }
}
