//! The settings of a limiter, and the rates that it learns.

use std::time::Duration;

/// The settings of a [`RateLimiter`](crate::RateLimiter). The defaults fit a service of which nothing is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    pub(crate) initial_rate: Option<Rate>,
    pub(crate) max_in_flight: u32,
    pub(crate) careful_calls: u32,
    pub(crate) first_pause: Duration,
    pub(crate) longest_pause: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            initial_rate: None,
            max_in_flight: 56,
            careful_calls: 512,
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
        }
    }
}

impl Settings {
    /// The rate to start with, as an earlier limiter learned it for the same service and account. The default is none.
    ///
    /// ```
    /// # use learned_rate_limiter::{Rate, RateLimiter, Settings};
    /// let settings = Settings::default().initial_rate(Rate::per_second(50.0));
    /// let limiter = RateLimiter::<u32>::new(settings);
    /// assert_eq!(limiter.learned_rate().map(|rate| rate.per_second), Some(50.0));
    /// ```
    #[must_use]
    pub fn initial_rate(self, rate: Rate) -> Self {
        Self { initial_rate: Some(rate), ..self }
    }

    /// The most calls in flight. The default is 56. Zero means one.
    ///
    /// ```
    /// # use learned_rate_limiter::{RateLimiter, Settings};
    /// let limiter = RateLimiter::<u32>::new(Settings::default().max_in_flight(32));
    /// assert_eq!(limiter.max_in_flight(), 32);
    /// ```
    #[must_use]
    pub fn max_in_flight(self, calls: u32) -> Self {
        Self { max_in_flight: calls.max(1), ..self }
    }

    /// Fewer calls are in flight until this number of calls was answered, or one was throttled. The default is 512.
    ///
    /// If the service has a limit, the first throttling concerns all calls in flight. With zero, the limiter starts with
    /// [`max_in_flight`](Self::max_in_flight) at once.
    ///
    /// ```
    /// # use learned_rate_limiter::{RateLimiter, Settings};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// // An internal service without a limit.
    /// let limiter = RateLimiter::<u32>::new(Settings::default().careful_calls(0));
    /// let mut permits = Vec::new();
    /// for _ in 0..limiter.max_in_flight() {
    ///     permits.push(limiter.acquire(None).await);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn careful_calls(self, calls: u32) -> Self {
        Self { careful_calls: calls, ..self }
    }

    /// The pause after a 429 without Retry-After. It doubles until a call is answered. The default is 1 second.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use learned_rate_limiter::{RateLimiter, Settings};
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let limiter = RateLimiter::<u32>::new(Settings::default().first_pause(Duration::from_secs(5)));
    /// limiter.acquire(None).await.throttled(None);
    /// assert_eq!(limiter.closed_for(), Some(Duration::from_secs(5)));
    /// # }
    /// ```
    #[must_use]
    pub fn first_pause(self, pause: Duration) -> Self {
        Self { first_pause: pause, ..self }
    }

    /// The longest pause after a 429 without Retry-After. The default is 60 seconds.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use learned_rate_limiter::{RateLimiter, Settings};
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let limiter = RateLimiter::<u32>::new(Settings::default().longest_pause(Duration::from_secs(20)));
    /// for _ in 0..6 {
    ///     limiter.acquire(None).await.throttled(None);
    /// }
    /// // The pauses were 1, 2, 4, 8 and 16 seconds. The sixth is not 32.
    /// assert_eq!(limiter.closed_for().map(|pause| pause.as_secs_f64().round()), Some(20.0));
    /// # }
    /// ```
    #[must_use]
    pub fn longest_pause(self, pause: Duration) -> Self {
        Self { longest_pause: pause, ..self }
    }
}

/// The rate that a service allows.
///
/// Store the rate that a limiter learned, and start the next limiter for the same service and account with it. That
/// limiter needs no search, and is hardly ever throttled.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Rate {
    /// Calls per second.
    pub per_second: f64,
    /// Calls that the service accepts at once, if known.
    pub burst: Option<f64>,
}

impl Rate {
    /// A rate with an unknown burst.
    ///
    /// ```
    /// # use learned_rate_limiter::Rate;
    /// let rate = Rate::per_second(50.0);
    /// assert_eq!((rate.per_second, rate.burst), (50.0, None));
    /// ```
    pub fn per_second(per_second: f64) -> Self {
        Self { per_second, burst: None }
    }

    /// Sets [`burst`](Self::burst).
    ///
    /// ```
    /// # use learned_rate_limiter::Rate;
    /// // 500 calls at once, and then 50 per second.
    /// let rate = Rate::per_second(50.0).burst(500.0);
    /// assert_eq!(rate.burst, Some(500.0));
    /// ```
    #[must_use]
    pub fn burst(mut self, burst: f64) -> Self {
        self.burst = Some(burst);
        self
    }
}

/// A snapshot of the state that a limiter has learned, for a successor that resumes from it.
///
/// In contrast to a [`Rate`], it says how reliable the rate is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LearnedRate {
    /// Calls per second.
    pub per_second: f64,
    /// Calls that the service accepts at once.
    pub burst: f64,
    /// Seconds of evidence behind the rate.
    pub evidence: f64,
}
