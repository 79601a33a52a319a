//! The attempts of a call: tokens, permits, waits, and the error that they end with.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::{Duration, Instant};

use http::HeaderValue;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

use super::decision::{Decision, decide};
use super::history::{History, Next};
use super::{BodyDecoder, Execution, Success, spans, status_of};
use crate::auth::AuthError;
use crate::{CustomerId, Error, Permit, TRACING_TARGET, WriteGuard, in_ms};

/// The time limit of a call whose policy allows more than the clock can represent.
const MAX_TOTAL: Duration = Duration::from_secs(86_400);

/// A token and a permit: an attempt can be made.
type Ready = (HeaderValue, Permit<CustomerId>);

/// Why no attempt can be made.
enum NotReady {
    SignInFailed(Error),
    /// No permit came in time, or the call was cancelled.
    NoPermit,
}

impl Execution {
    /// Makes attempts until one succeeds, an error is final, or the time is over. Returns the number of attempts, too.
    ///
    /// Usually the first attempt can be made at once and succeeds. Everything that waits runs in a task of its own, so that
    /// it continues while the caller polls something else: a call that is not polled must not hold up the limiter's queue or
    /// a sign-in that other calls wait for.
    pub(super) async fn run<D: BodyDecoder>(
        self: &Arc<Self>,
        start: Instant,
    ) -> (Result<Success<D::Output>, Error>, u32) {
        let deadline = start.checked_add(self.options.policy.total).unwrap_or(start + MAX_TOTAL);
        let mut history = History::new(deadline, !self.request.method.is_safe());
        if let Some(ready) = self.try_immediately() {
            match self.attempt::<D>(&mut history, ready).await {
                Ok(None) => {}
                Ok(Some(success)) => return (Ok(success), history.sent),
                Err(error) => return (Err(error), history.sent),
            }
        }
        let (execution, sent) = (Arc::clone(self), history.sent);
        // Boxed, because the runtime moves a task several times.
        let retries = Box::pin(async move {
            let result = execution.retry_loop::<D>(&mut history).await;
            (result, history.sent)
        });
        let ended = AbortOnDropHandle::new(tokio::spawn(retries.in_current_span())).await;
        // The task panicked, or the runtime shuts down.
        ended.unwrap_or_else(|error| {
            let (operation, ids) = (self.request.operation, self.ids);
            (Err(Error::Transport { operation, ids, may_have_been_sent: true, source: error.into() }), sent)
        })
    }

    async fn retry_loop<D: BodyDecoder>(&self, history: &mut History) -> Result<Success<D::Output>, Error> {
        loop {
            match history.take_next() {
                Next::Attempt => {}
                Next::Wait(wait) => {
                    if self.unless_cancelled(pin!(tokio::time::sleep(wait))).await.is_none() {
                        return Err(self.final_error_unsent(history));
                    }
                }
                Next::RenewToken { refused, error } => {
                    self.renew_token(history, &refused, error).await?;
                    continue;
                }
            }
            let ready = self.unless_cancelled(pin!(self.acquire(history.deadline))).await;
            match ready.unwrap_or(Err(NotReady::NoPermit)) {
                Ok(ready) => {
                    if let Some(success) = self.attempt::<D>(history, ready).await? {
                        return Ok(success);
                    }
                }
                Err(NotReady::SignInFailed(error)) => {
                    history.attempts += 1;
                    self.follow(history, error, None)?;
                }
                Err(NotReady::NoPermit) => return Err(self.final_error_unsent(history)),
            }
        }
    }

    /// Makes one attempt; `None` if another one follows.
    async fn attempt<D: BodyDecoder>(
        &self,
        history: &mut History,
        (authorization, permit): Ready,
    ) -> Result<Option<Success<D::Output>>, Error> {
        history.attempts += 1;
        let guard = self.options.write_guard.as_ref();
        if guard.is_some_and(|guard| !guard.start_attempt()) {
            return Err(self.final_error_unsent(history));
        }
        history.sent += 1;
        self.client.attempts.fetch_add(1, Ordering::Relaxed);
        let span = spans::of_attempt(history.sent, self.request.method.as_str(), &self.client.base_url);
        let time_left = history.time_left();
        let result = self.send::<D>(history.sent, &authorization, permit, time_left).instrument(span.clone()).await;
        spans::record_end(&span, status_of(&result), result.as_ref().err());
        let error = match result {
            Ok(success) => return Ok(Some(success)),
            Err(error) => error,
        };
        if let Some(guard) = guard
            && !error.may_have_taken_effect()
        {
            guard.definitely_rejected();
        }
        self.follow(history, error, Some(authorization))?;
        Ok(None)
    }

    /// Decides what follows an attempt that failed with `error`. `refused` is the token that was sent, if any.
    ///
    /// # Errors
    ///
    /// The error of the call, if it makes no other attempt.
    fn follow(&self, history: &mut History, error: Error, refused: Option<HeaderValue>) -> Result<(), Error> {
        match (decide(&history.attempt(), &error, &self.options), refused) {
            (Decision::Retry { after }, _) => {
                let (operation, attempts) = (self.request.operation, history.sent);
                let wait_ms = in_ms(after);
                tracing::info!(target: TRACING_TARGET, operation, attempts, wait_ms, "waiting before the next attempt");
                // Wait after a 429, too. The limiter's gate may open sooner than this response asks for, because the limiter
                // learns from refusals of calls that were sent earlier.
                history.schedule_retry(error, after);
                Ok(())
            }
            (Decision::RenewToken, Some(refused)) => {
                history.renew_token(refused, error);
                Ok(())
            }
            (Decision::RenewToken | Decision::GiveUp, _) => Err(history.final_error(error)),
        }
    }

    /// Replaces a token that the service refused with `error`.
    async fn renew_token(&self, history: &mut History, refused: &HeaderValue, error: Error) -> Result<(), Error> {
        let renewal = pin!(self.client.tokens.renew(refused));
        let renewed = self.unless_cancelled(pin!(with_deadline(history.deadline, renewal))).await.flatten();
        match renewed {
            Some(Ok(true)) => Ok(()),
            // The same token, or none in time.
            Some(Ok(false)) | None => Err(history.final_error(error)),
            Some(Err(error)) => self.follow(history, Error::Auth(error), None),
        }
    }

    /// A token and a permit that are available without a wait.
    fn try_immediately(&self) -> Option<Ready> {
        let authorization = self.client.tokens.cached()?;
        Some((authorization, self.client.limiter.try_acquire(self.options.customer)?))
    }

    /// Waits for a token and a permit.
    async fn acquire(&self, deadline: Instant) -> Result<Ready, NotReady> {
        // Sign in before the queue, so that no call behind this one waits for it.
        self.authorization(deadline).await.map_err(NotReady::SignInFailed)?;
        let left = deadline.saturating_duration_since(Instant::now());
        if let Some(wait) = self.client.limiter.closed_for() {
            if wait > left {
                return Err(NotReady::NoPermit);
            }
            let (operation, wait_ms) = (self.request.operation, in_ms(wait));
            tracing::debug!(target: TRACING_TARGET, operation, wait_ms, "waiting because the service throttles");
        }
        let permit = pin!(self.client.limiter.acquire(self.options.customer));
        let permit = with_deadline(deadline, permit).await.ok_or(NotReady::NoPermit)?;
        // The token may have expired in the queue.
        let authorization = self.authorization(deadline).await.map_err(NotReady::SignInFailed)?;
        Ok((authorization, permit))
    }

    async fn authorization(&self, deadline: Instant) -> Result<HeaderValue, Error> {
        let signed_in = with_deadline(deadline, pin!(self.client.tokens.authorization())).await;
        let too_late = || Arc::new(AuthError::new("the sign-in did not end in time", "try again").retryable());
        signed_in.unwrap_or_else(|| Err(too_late())).map_err(Error::Auth)
    }

    /// The error of a call whose next attempt cannot be sent.
    fn final_error_unsent(&self, history: &mut History) -> Error {
        let (operation, ids) = (self.request.operation, self.ids);
        let is_cancelled = self.options.write_guard.as_ref().is_some_and(WriteGuard::is_cancelled);
        history.final_error_unsent(|| match is_cancelled {
            true => Error::Cancelled { operation, ids },
            false => Error::RateLimited { operation, ids, retry_after: self.client.limiter.closed_for() },
        })
    }

    async fn unless_cancelled<O>(&self, wait: Pin<&mut impl Future<Output = O>>) -> Option<O> {
        match &self.options.write_guard {
            Some(guard) => guard.unless_cancelled(wait).await,
            None => Some(wait.await),
        }
    }
}

/// The output of a future, if it is ready before the deadline. Most are ready at once and need no timer.
///
/// The future is pinned: an `async fn` that takes a future by value stores it twice, and there can be thousands of calls.
async fn with_deadline<T>(deadline: Instant, mut future: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    match poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await {
        Poll::Ready(value) => Some(value),
        Poll::Pending => tokio::time::timeout_at(deadline.into(), future).await.ok(),
    }
}
