//! The attempts of a call: tokens, permits, waits, and the error that they end with.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::HeaderValue;
use tokio::task::{JoinError, JoinHandle};
use tracing::Instrument;
use uuid::Uuid;

use super::decision::{Attempt, Decision, Failure, decide};
use super::{BodyDecoder, Job, Success};
use crate::auth::AuthError;
use crate::throttle::Permit;
use crate::{Error, retry};

/// The time that a call may take where its policy allows more than a clock can hold.
const MAX_TOTAL: Duration = Duration::from_secs(86_400);

/// A token and a permit: an attempt can be made.
type Ready = (HeaderValue, Permit);

/// What the attempts so far amount to.
struct History {
    deadline: Instant,
    /// Failed rounds of the loop, attempts that were not sent among them.
    rounds: u32,
    /// Attempts that were sent.
    sent: u32,
    token_renewed: bool,
    /// How long to wait before the next attempt.
    wait: Option<Duration>,
    /// The error of the last attempt that may have taken effect.
    unknown_outcome: Option<Error>,
    /// The error of the last attempt, which had no effect.
    last: Option<Error>,
}

/// Where an attempt leaves the call.
enum Step<S> {
    End(Result<S, Error>),
    Continue,
    RenewToken(HeaderValue, Error),
}

impl Job {
    /// Makes attempts until one succeeds, an error is final, or the time is over. Returns the number of attempts, too.
    ///
    /// Usually the first attempt can be made at once and succeeds. Everything that waits runs in a task of its own, so that
    /// it continues while the caller polls something else: a call that nobody polls must not hold up the limiter's queue or
    /// a sign-in that others wait for.
    pub(super) async fn run<D: BodyDecoder>(
        self: &Arc<Self>,
        start: Instant,
    ) -> (Result<Success<D::Output>, Error>, u32) {
        let deadline = start.checked_add(self.options.policy.total).unwrap_or(start + MAX_TOTAL);
        let mut history = History::new(deadline);
        let mut renewal = None;
        if let Some(ready) = self.try_immediately() {
            match self.step::<D>(&mut history, ready).await {
                Step::End(result) => return (result, history.sent),
                Step::Continue => {}
                Step::RenewToken(refused, error) => renewal = Some((refused, error)),
            }
        }
        let (job, sent) = (Arc::clone(self), history.sent);
        // Boxed, because the runtime moves a task several times.
        let retries = Box::pin(async move {
            let result = job.retry_loop::<D>(&mut history, renewal).await;
            (result, history.sent)
        });
        let ended = AbortOnDrop(tokio::spawn(retries.in_current_span())).await;
        // The task panicked, or the runtime shuts down.
        ended.unwrap_or_else(|error| {
            let (operation, ids) = (self.request.operation, self.ids);
            (Err(Error::Transport { operation, ids, may_have_been_sent: true, source: error.into() }), sent)
        })
    }

    async fn retry_loop<D: BodyDecoder>(
        &self,
        history: &mut History,
        mut renewal: Option<(HeaderValue, Error)>,
    ) -> Result<Success<D::Output>, Error> {
        loop {
            if let Some((refused, error)) = renewal.take() {
                self.renew_token(history, &refused, error).await?;
            }
            if let Some(wait) = history.wait.take()
                && self.unless_cancelled(tokio::time::sleep(wait)).await.is_none()
            {
                return Err(history.end_unsent(|| self.rate_limited()));
            }
            let ready = match self.unless_cancelled(self.acquire(history.deadline)).await {
                Some(Ok(Some(ready))) => ready,
                Some(Err(failure)) => {
                    history.rounds += 1;
                    self.follow(history, failure)?;
                    continue;
                }
                Some(Ok(None)) | None => return Err(history.end_unsent(|| self.rate_limited())),
            };
            match self.step::<D>(history, ready).await {
                Step::End(result) => return result,
                Step::Continue => {}
                Step::RenewToken(refused, error) => renewal = Some((refused, error)),
            }
        }
    }

    /// Makes one attempt, and decides what follows.
    async fn step<D: BodyDecoder>(&self, history: &mut History, ready: Ready) -> Step<Success<D::Output>> {
        let (authorization, permit) = ready;
        history.rounds += 1;
        let failure = match &self.options.write_guard {
            Some(guard) if !guard.start_attempt() => Failure::permanent(self.rate_limited_at(None)),
            guard => {
                history.sent += 1;
                self.shared.attempts.fetch_add(1, Ordering::Relaxed);
                let result = self.attempt::<D>(history.sent, &authorization, permit, history.time_left()).await;
                let failure = match result {
                    Ok(success) => return Step::End(Ok(success)),
                    Err(failure) => failure,
                };
                if let Some(guard) = guard
                    && !failure.error.may_have_taken_effect()
                {
                    guard.definitely_rejected();
                }
                failure
            }
        };
        match decide(&history.attempt(), &failure, &self.options) {
            Decision::RenewToken => {
                history.token_renewed = true;
                Step::RenewToken(authorization, failure.error)
            }
            Decision::GiveUp => Step::End(Err(history.end_with(failure.error))),
            Decision::Retry { after } => {
                self.retry_after(history, failure.error, after);
                Step::Continue
            }
        }
    }

    /// Decides what follows a sign-in that failed.
    fn follow(&self, history: &mut History, failure: Failure) -> Result<(), Error> {
        match decide(&history.attempt(), &failure, &self.options) {
            Decision::Retry { after } => {
                self.retry_after(history, failure.error, after);
                Ok(())
            }
            Decision::RenewToken | Decision::GiveUp => Err(history.end_with(failure.error)),
        }
    }

    fn retry_after(&self, history: &mut History, error: Error, wait: Duration) {
        let (operation, tries) = (self.request.operation, history.sent);
        tracing::debug!(operation, tries, wait_ms = wait.as_millis(), "waiting to try again");
        // Wait after a 429, too. The limiter's gate may open sooner than this response asks for, because the limiter learns
        // from refusals of calls that were sent earlier.
        history.record(error, wait);
    }

    /// Replaces a token that the service refused. An `error` is final if that gives the same token.
    async fn renew_token(&self, history: &mut History, refused: &HeaderValue, error: Error) -> Result<(), Error> {
        let renewal = with_deadline(history.deadline, self.shared.tokens.renewed(refused));
        match self.unless_cancelled(renewal).await.flatten() {
            Some(Ok(true)) => Ok(()),
            // The refusal says nothing about an earlier attempt.
            Some(Ok(false)) | None => Err(history.unknown_outcome.take().unwrap_or(error)),
            Some(Err(error)) => self.follow(history, Failure::sign_in(error)),
        }
    }

    /// A token and a permit that are available without a wait.
    fn try_immediately(&self) -> Option<Ready> {
        let authorization = self.shared.tokens.fresh()?;
        Some((authorization, self.shared.throttle.try_enter(self.limit_key())?))
    }

    /// Waits for a token and a permit; `None` if no permit comes before the deadline.
    async fn acquire(&self, deadline: Instant) -> Result<Option<Ready>, Failure> {
        // Sign in before the queue, so that no call behind this one waits for it.
        self.authorization(deadline).await?;
        let left = deadline.saturating_duration_since(Instant::now());
        if self.shared.throttle.closed_for().is_some_and(|wait| wait > left) {
            return Ok(None);
        }
        let Some(permit) = with_deadline(deadline, self.shared.throttle.enter(self.limit_key())).await else {
            return Ok(None);
        };
        // The token may have expired in the queue.
        Ok(Some((self.authorization(deadline).await?, permit)))
    }

    async fn authorization(&self, deadline: Instant) -> Result<HeaderValue, Failure> {
        let signed_in = with_deadline(deadline, self.shared.tokens.authorization()).await;
        let too_late = || Arc::new(AuthError::new("the sign-in did not end in time", "try again").retryable());
        signed_in.unwrap_or_else(|| Err(too_late())).map_err(Failure::sign_in)
    }

    fn limit_key(&self) -> Option<Uuid> {
        self.options.customer.map(Uuid::from)
    }

    fn rate_limited(&self) -> Error {
        self.rate_limited_at(self.shared.throttle.closed_for())
    }

    fn rate_limited_at(&self, retry_after: Option<Duration>) -> Error {
        Error::RateLimited { operation: self.request.operation, ids: self.ids, retry_after }
    }

    async fn unless_cancelled<O>(&self, wait: impl Future<Output = O>) -> Option<O> {
        match &self.options.write_guard {
            Some(guard) => guard.unless_cancelled(wait).await,
            None => Some(wait.await),
        }
    }
}

impl History {
    fn new(deadline: Instant) -> Self {
        Self { deadline, rounds: 0, sent: 0, token_renewed: false, wait: None, unknown_outcome: None, last: None }
    }

    fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    fn attempt(&self) -> Attempt {
        let (number, token_renewed) = (self.rounds, self.token_renewed);
        Attempt { number, token_renewed, time_left: self.time_left(), jitter: retry::jitter() }
    }

    /// Another attempt follows the one that failed with `error`.
    fn record(&mut self, error: Error, wait: Duration) {
        self.wait = Some(wait);
        if error.may_have_taken_effect() {
            (self.unknown_outcome, self.last) = (Some(error), None);
        } else {
            self.last = Some(error);
        }
    }

    /// The error of the call, whose last attempt failed with `error`. It must account for every attempt: an earlier one may
    /// have taken effect.
    fn end_with(&mut self, error: Error) -> Error {
        error.or_unknown(self.unknown_outcome.take())
    }

    /// The error of a call whose next attempt cannot be sent.
    fn end_unsent(&mut self, otherwise: impl FnOnce() -> Error) -> Error {
        match self.last.take() {
            Some(last) => self.end_with(last),
            None => self.unknown_outcome.take().unwrap_or_else(otherwise),
        }
    }
}

/// A task that is aborted when its caller stops waiting for it.
struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Future for AbortOnDrop<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The output of a future, if it is ready before the deadline. Most are ready at once and need no timer.
async fn with_deadline<T>(deadline: Instant, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    match poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await {
        Poll::Ready(value) => Some(value),
        Poll::Pending => tokio::time::timeout_at(deadline.into(), future).await.ok(),
    }
}
