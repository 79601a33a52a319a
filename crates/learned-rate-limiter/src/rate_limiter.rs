//! The limiter that tasks share, and the permits that it gives.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::key::Key;
use crate::learner::Decision;
use crate::queue::Queue;
use crate::service_limits::{Call, Outcome, ServiceLimits};
use crate::settings::{LearnedRate, Rate, Settings};

/// Lets calls through at the rate that the service allows, which it learns from 429 responses.
///
/// Clones share the permits, the queue, and the learned state.
#[derive(Debug)]
pub struct RateLimiter<K: Key>(Arc<Shared<K>>);

#[derive(Debug)]
struct Shared<K> {
    max_in_flight: usize,
    start: Instant,
    /// The queue of the shared limit, to be used without the lock.
    queue: Arc<Queue>,
    limits: Mutex<ServiceLimits<K>>,
}

impl<K: Key> Clone for RateLimiter<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Key> RateLimiter<K> {
    /// A limiter that has learned nothing yet, except the [initial rate](Settings::initial_rate).
    ///
    /// ```
    /// # use learned_rate_limiter::{RateLimiter, Settings};
    /// // The keys are mailboxes.
    /// let limiter = RateLimiter::<u32>::new(Settings::default());
    /// assert_eq!(limiter.learned_rate(), None);
    /// ```
    pub fn new(settings: Settings) -> Self {
        let limits = ServiceLimits::new(settings);
        Self(Arc::new(Shared {
            max_in_flight: settings.max_in_flight as usize,
            start: Instant::now(),
            queue: limits.shared.queue.clone(),
            limits: Mutex::new(limits),
        }))
    }

    /// Waits for a permit, first come, first served. A call about a part of the service names its `key`.
    ///
    /// Dropping the future leaves the queue.
    ///
    /// ```
    /// # use learned_rate_limiter::{RateLimiter, Settings};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let limiter = RateLimiter::new(Settings::default());
    /// # async fn get_messages(_mailbox: u32) {}
    /// let mailbox = 7;
    /// let permit = limiter.acquire(Some(mailbox)).await;
    /// get_messages(mailbox).await;
    /// permit.answered();
    /// # }
    /// ```
    pub async fn acquire(&self, key: Option<K>) -> Permit<K> {
        let mut permit = Permit::new(self, Call::new(key));
        // The limit of the key comes first, since calls that wait for it must not hold back others.
        if let Some((key, queue)) = key.and_then(|key| Some((key, self.own_queue(key)?))) {
            self.wait(&queue, |limits, now| limits.admit_by_key(key, &mut permit.call, now)).await;
        }
        self.wait(&self.0.queue, |limits, now| limits.admit(&mut permit.call, now)).await;
        permit
    }

    async fn wait(&self, queue: &Queue, mut ask: impl FnMut(&mut ServiceLimits<K>, Duration) -> Decision) {
        let ask_locked = |now| {
            let mut limits = self.limits();
            let decision = ask(&mut limits, now);
            if let Decision::Admit(admission) = decision
                && admission.takes_last_permit
            {
                // Under the lock, so that no outcome is missed.
                queue.withhold_turn();
            }
            decision
        };
        queue.wait(self.0.start, ask_locked).await;
    }

    /// A permit without waiting, if more than half of the permits are free and no call waits.
    ///
    /// The other half is for calls that wait. So a task that acquires a permit and then stops cannot hold them back.
    ///
    /// ```
    /// # use learned_rate_limiter::{RateLimiter, Settings};
    /// let limiter = RateLimiter::<u32>::new(Settings::default().max_in_flight(8).careful_calls(0));
    /// let permits: Vec<_> = std::iter::from_fn(|| limiter.try_acquire(None)).collect();
    /// assert_eq!(permits.len(), 4);
    /// ```
    pub fn try_acquire(&self, key: Option<K>) -> Option<Permit<K>> {
        if !self.0.queue.is_open() {
            return None;
        }
        let now = self.now();
        let call = self.limits().try_admit(key, now)?;
        Some(Permit::new(self, call))
    }

    /// The rate that the service allows, once throttling has shown it.
    ///
    /// ```
    /// # use learned_rate_limiter::{Rate, RateLimiter, Settings};
    /// # let limiter = RateLimiter::<u32>::new(Settings::default().initial_rate(Rate::per_second(50.0)));
    /// # let save = |per_second: f64, _burst: Option<f64>| assert_eq!(per_second, 50.0);
    /// if let Some(rate) = limiter.learned_rate() {
    ///     save(rate.per_second, rate.burst);
    /// }
    /// ```
    pub fn learned_rate(&self) -> Option<Rate> {
        self.limits().shared.learner.rate()
    }

    /// A snapshot of the learned state, for [`resume_with`](Self::resume_with) of a successor.
    ///
    /// It is `None` before the rate is known, and for a service that counts calls per window of time.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use learned_rate_limiter::{Rate, RateLimiter, Settings};
    /// # let last = RateLimiter::<u32>::new(Settings::default().initial_rate(Rate::per_second(50.0)));
    /// # let next = RateLimiter::<u32>::new(Settings::default());
    /// # let idle = Duration::ZERO;
    /// if let Some(learned) = last.learned() {
    ///     next.resume_with(learned, idle);
    /// }
    /// # assert!(next.learned_rate().is_some());
    /// ```
    pub fn learned(&self) -> Option<LearnedRate> {
        self.limits().shared.learner.learned()
    }

    /// Resumes with what another limiter learned, which stopped `idle` ago. A limiter that has learned something itself
    /// ignores it.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use learned_rate_limiter::{LearnedRate, RateLimiter, Settings};
    /// // What the process before this one stored, half a minute ago.
    /// let learned = LearnedRate { per_second: 50.0, burst: 100.0, evidence: 60.0 };
    /// let limiter = RateLimiter::<u32>::new(Settings::default());
    /// limiter.resume_with(learned, Duration::from_secs(30));
    /// assert_eq!(limiter.learned(), Some(learned));
    /// ```
    pub fn resume_with(&self, learned: LearnedRate, idle: Duration) {
        let now = self.now();
        self.limits().shared.learner.resume_with(learned, idle, now);
    }

    /// The time until the service accepts calls again, if it throttles. Waiting for the rate does not count.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use learned_rate_limiter::{RateLimiter, Settings};
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let limiter = RateLimiter::<u32>::new(Settings::default());
    /// assert_eq!(limiter.closed_for(), None);
    /// limiter.acquire(None).await.throttled(Some(Duration::from_secs(10)));
    /// assert_eq!(limiter.closed_for(), Some(Duration::from_secs(10)));
    /// # }
    /// ```
    pub fn closed_for(&self) -> Option<Duration> {
        let until = self.limits().shared.learner.closed_until()?;
        Duration::try_from_secs_f64(until).ok()?.checked_sub(self.now())
    }

    /// The number of calls that wait for a permit.
    ///
    /// ```
    /// # use learned_rate_limiter::{RateLimiter, Settings};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let limiter = RateLimiter::<u32>::new(Settings::default().max_in_flight(1));
    /// let first = limiter.acquire(None).await;
    /// let first_call = async {
    ///     assert_eq!(limiter.waiting(), 1);
    ///     first.answered();
    /// };
    /// let (second, ()) = tokio::join!(limiter.acquire(None), first_call);
    /// assert_eq!(limiter.waiting(), 0);
    /// # second.answered();
    /// # }
    /// ```
    pub fn waiting(&self) -> usize {
        self.0.queue.waiting() + self.limits().keyed.waiting()
    }

    /// The most calls in flight, see [`Settings::max_in_flight`].
    ///
    /// ```
    /// # use learned_rate_limiter::{RateLimiter, Settings};
    /// let limiter = RateLimiter::<u32>::new(Settings::default());
    /// // More tasks than this would only wait.
    /// assert_eq!(limiter.max_in_flight(), 56);
    /// ```
    pub fn max_in_flight(&self) -> usize {
        self.0.max_in_flight
    }

    fn own_queue(&self, key: K) -> Option<Arc<Queue>> {
        Some(self.limits().keyed.get_mut(key)?.queue.clone())
    }

    fn limits(&self) -> MutexGuard<'_, ServiceLimits<K>> {
        // The limits are consistent after every step, so a panic of another task does no harm.
        self.0.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.0.start.elapsed()
    }

    fn finish(&self, call: &Call<K>, outcome: Outcome) {
        let own_queue = self.limits().finish(call, outcome);
        self.0.queue.wake();
        if let Some(queue) = own_queue {
            queue.wake();
        }
    }
}

/// The permission to send one call.
///
/// Report the outcome with [`answered`](Self::answered) or [`throttled`](Self::throttled). Dropping the permit means that
/// the outcome is unknown, for example after a broken connection.
#[derive(Debug)]
#[must_use = "dropping a permit ends the call"]
pub struct Permit<K: Key> {
    limiter: RateLimiter<K>,
    call: Call<K>,
    outcome: Outcome,
}

impl<K: Key> Permit<K> {
    fn new(limiter: &RateLimiter<K>, call: Call<K>) -> Self {
        Self { limiter: limiter.clone(), call, outcome: Outcome::Unknown }
    }

    /// The service answered the call, possibly with an error other than 429.
    ///
    /// ```
    /// # use learned_rate_limiter::{RateLimiter, Settings};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let limiter = RateLimiter::<u32>::new(Settings::default());
    /// # async fn send() -> u16 { 503 }
    /// let permit = limiter.acquire(None).await;
    /// match send().await {
    ///     429 => permit.throttled(None),
    ///     _ => permit.answered(),
    /// }
    /// # }
    /// ```
    pub fn answered(mut self) {
        self.outcome = Outcome::Answered;
    }

    /// The service throttled the call with status 429.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use learned_rate_limiter::{RateLimiter, Settings};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let limiter = RateLimiter::<u32>::new(Settings::default());
    /// # let permit = limiter.acquire(None).await;
    /// // The response has the header `Retry-After: 10`.
    /// permit.throttled(Some(Duration::from_secs(10)));
    /// assert!(limiter.try_acquire(None).is_none());
    /// # }
    /// ```
    pub fn throttled(mut self, retry_after: Option<Duration>) {
        // A Retry-After of zero is useless, and so is a date that has passed by our clock.
        let retry_after = retry_after.filter(|wait| !wait.is_zero());
        self.outcome = Outcome::Throttled { at: self.limiter.now(), retry_after };
    }
}

impl<K: Key> Drop for Permit<K> {
    fn drop(&mut self) {
        self.limiter.finish(&self.call, self.outcome);
    }
}
