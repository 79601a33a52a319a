//! How often a call is retried, and after which wait. `retry_after` has the statuses.

use std::time::Duration;

/// Which calls the client retries, and for how long.
///
/// Transient failures are retried: statuses 408, 429, 500, 502, 503 and 504, connection errors, timeouts and truncated
/// responses. The wait is the longer of `Retry-After` and a random backoff, whose limit doubles with each attempt.
///
/// An update sends an absolute amount, so a retry repeats no effect. It can overwrite a change that another program made
/// between the attempts. A [`WriteGuard`](crate::WriteGuard) prevents that.
///
/// ```
/// # use partner_center_budgets::RetryPolicy;
/// use std::time::Duration;
///
/// let patient = RetryPolicy::default().max_attempts(8).total(Duration::from_secs(1800));
/// let impatient = RetryPolicy::default().backoff(Duration::from_millis(100), Duration::from_secs(1));
/// assert_eq!(RetryPolicy::never().max_attempts, 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// The maximum number of attempts, including the first. 4 by default.
    pub max_attempts: u32,
    /// The maximum duration of a call, waits included. The client does not start a wait that would exceed it. 5 minutes by
    /// default.
    pub total: Duration,
    /// The limit of the random backoff before the second attempt. It doubles with each attempt. Half a second by default.
    pub first_backoff: Duration,
    /// The maximum of that limit. 30 seconds by default.
    pub max_backoff: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            total: Duration::from_secs(300),
            first_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// Makes one attempt per call.
    ///
    /// ```
    /// # use partner_center_budgets::RetryPolicy;
    /// // For a program that retries on its own.
    /// let policy = RetryPolicy::never();
    /// assert_eq!(policy.max_attempts, 1);
    /// ```
    pub fn never() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// Sets [`max_attempts`](Self::max_attempts); 0 counts as 1.
    ///
    /// ```
    /// # use partner_center_budgets::RetryPolicy;
    /// let once_more = RetryPolicy::default().max_attempts(2);
    /// assert_eq!(once_more.max_attempts, 2);
    /// ```
    #[must_use]
    pub fn max_attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts;
        self
    }

    /// Sets [`total`](Self::total).
    ///
    /// ```
    /// # use partner_center_budgets::RetryPolicy;
    /// // For a web request that must be answered in time.
    /// let policy = RetryPolicy::default().total(std::time::Duration::from_secs(10));
    /// assert_eq!(policy.total.as_secs(), 10);
    /// ```
    #[must_use]
    pub fn total(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }

    /// Sets [`first_backoff`](Self::first_backoff) and [`max_backoff`](Self::max_backoff).
    ///
    /// ```
    /// # use partner_center_budgets::RetryPolicy;
    /// use std::time::Duration;
    ///
    /// // For tests against a local server.
    /// let fast = RetryPolicy::default().backoff(Duration::from_millis(1), Duration::from_millis(10));
    /// assert_eq!(fast.max_backoff, Duration::from_millis(10));
    /// ```
    #[must_use]
    pub fn backoff(mut self, first: Duration, max: Duration) -> Self {
        self.first_backoff = first;
        self.max_backoff = max;
        self
    }

    /// How long to wait after attempt `number`, counted from 1; `None` after the last one. `jitter` is a random number from 0
    /// to 1.
    pub(crate) fn wait(&self, number: u32, retry_after: Option<Duration>, jitter: f64) -> Option<Duration> {
        if number >= self.max_attempts {
            return None;
        }
        let doubled = self.first_backoff.saturating_mul(1_u32.checked_shl(number - 1).unwrap_or(u32::MAX));
        let random = doubled.min(self.max_backoff).mul_f64(jitter);
        Some(random.max(retry_after.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_up_to_its_maximum() {
        let policy = RetryPolicy::default();
        for number in 1..4 {
            let limit = policy.first_backoff * 2_u32.pow(number - 1);
            assert!(policy.wait(number, None, 1.0).unwrap() <= limit);
            assert_eq!(policy.wait(number, Some(Duration::from_secs(57)), 0.5), Some(Duration::from_secs(57)));
        }
        assert_eq!(policy.wait(4, None, 0.5), None);
        assert_eq!(RetryPolicy::never().wait(1, None, 0.5), None);
        let persistent = policy.max_attempts(u32::MAX);
        assert!(persistent.wait(1000, None, 1.0).unwrap() <= policy.max_backoff);
        assert_eq!(policy.wait(1, Some(Duration::MAX), 1.0), Some(Duration::MAX));
    }
}
