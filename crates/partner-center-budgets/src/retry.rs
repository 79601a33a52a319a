//! The retry policy: which failures are retried, and after which wait.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode, header};

use crate::transport::Problem;

/// Which calls the client retries, and for how long.
///
/// Transient failures are retried: statuses 408, 429, 500, 502, 503 and 504, connection errors, timeouts and truncated
/// responses. The wait is the longer of `Retry-After` and a random backoff, whose limit doubles with each attempt.
///
/// Retries are safe for all operations, because an update sends an absolute amount. A retried update can overwrite a change
/// that another program made between the attempts. A [`WriteGuard`](crate::WriteGuard) prevents that.
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
    pub fn never() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// Sets [`max_attempts`](Self::max_attempts); 0 counts as 1.
    #[must_use]
    pub fn max_attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts;
        self
    }

    /// Sets [`total`](Self::total).
    #[must_use]
    pub fn total(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }

    /// Sets [`first_backoff`](Self::first_backoff) and [`max_backoff`](Self::max_backoff).
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

/// A random number from 0 to 1.
pub(crate) fn jitter() -> f64 {
    fastrand::f64()
}

/// The statuses after which the same call may succeed later.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
}

/// Whether the same call may succeed later, after it got no complete response.
pub(crate) fn is_transient_transport(error: &reqwest::Error) -> bool {
    !error.is_builder() && Problem::of(error).is_none()
}

/// The wait that the service asks for: `Retry-After` in seconds or as a date, else the text of the gateway.
pub(crate) fn retry_after(headers: &HeaderMap, description: Option<&str>) -> Option<Duration> {
    let header = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::trim);
    let seconds = header.and_then(|value| value.parse().ok()).map(Duration::from_secs);
    let date = || {
        let date = httpdate::parse_http_date(header?).ok()?;
        // A date in the past means no wait.
        Some(date.duration_since(SystemTime::now()).unwrap_or_default())
    };
    let words = || {
        let (_, after) = description?.split_once("Try again in ")?;
        after.split(' ').next()?.parse().ok().map(Duration::from_secs)
    };
    seconds.or_else(date).or_else(words)
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
    }

    #[test]
    fn reads_all_forms_of_retry_after() {
        let read = |value: Option<&str>, description| {
            let value = value.map(|value| (header::RETRY_AFTER, value.parse().unwrap()));
            retry_after(&value.into_iter().collect(), description)
        };
        assert_eq!(read(Some("57"), None), Some(Duration::from_secs(57)));
        assert_eq!(read(Some("Sun, 06 Nov 1994 08:49:37 GMT"), None), Some(Duration::ZERO));
        let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(60));
        let wait = read(Some(&soon), None).unwrap();
        assert!((58..=60).contains(&wait.as_secs()), "{wait:?}");
        let words = Some("Rate limit is exceeded. Try again in 57 seconds.");
        assert_eq!(read(None, words), Some(Duration::from_secs(57)));
        assert_eq!(read(Some("soon"), words), Some(Duration::from_secs(57)));
        for odd in ["", "-1", "1e9", "99999999999999999999999", "soon"] {
            assert_eq!(read(Some(odd), None), None, "{odd}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(10_000))]

        #[test]
        fn reads_any_retry_after_without_panic(value in "[ -~]{0,40}|[0-9]{1,25}", words in "\\PC{0,40}") {
            let header = (header::RETRY_AFTER, value.parse().unwrap());
            let description = format!("Try again in {words} seconds");
            let wait = retry_after(&[header].into_iter().collect(), Some(&description));
            if let Ok(seconds) = value.trim().parse() {
                proptest::prop_assert_eq!(wait, Some(Duration::from_secs(seconds)));
            }
            // However long the wait, a policy answers without overflow.
            let _ = RetryPolicy::default().wait(1, wait, 1.0);
        }
    }
}
