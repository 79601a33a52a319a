//! What a call has to do, and how it is carried out: tokens, turns, tries and waits.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use http::HeaderValue;
use tokio::task::{JoinError, JoinHandle};
use tracing::Instrument;
use uuid::Uuid;

use super::Call;
use super::attempt::{Attempt, Failed};
use crate::auth::{AuthError, Identity};
use crate::paging::filters_by_reseller;
use crate::throttle::Permit;
use crate::{Error, generated};

/// What a call has to do.
pub(super) struct Job {
    pub(super) http: reqwest::Client,
    pub(super) request: reqwest::Request,
    pub(super) operation: &'static str,
    pub(super) customer: Option<Uuid>,
    pub(super) deadline: Instant,
    /// How many were made.
    pub(super) tries: AtomicU32,
}

/// A task that ends with whoever waits for it.
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

/// What a future comes to, if it does before the deadline. Most are ready at once and need no timer.
async fn within<T>(deadline: Instant, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    match poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await {
        Poll::Ready(value) => Some(value),
        Poll::Pending => tokio::time::timeout_at(deadline.into(), future).await.ok(),
    }
}

/// The customer that a call is about, who may have a limit of its own.
pub(super) fn customer_of(url: &reqwest::Url) -> Option<Uuid> {
    let (_, behind) = url.path().split_once("/customers/")?;
    Uuid::parse_str(behind.split('/').next()?).ok()
}

impl Call {
    /// A token and a turn that are there without waiting.
    fn at_once(&self, customer: Option<Uuid>) -> Option<(HeaderValue, Permit)> {
        let authorization = self.shared.tokens.fresh()?;
        Some((authorization, self.shared.throttle.try_enter(customer)?))
    }

    /// One try.
    async fn try_once(
        &self,
        job: &Job,
        authorization: &HeaderValue,
        permit: Permit,
    ) -> Result<http::Response<Bytes>, Failed> {
        if self.write_guard.as_ref().is_some_and(|guard| !guard.start_attempt()) {
            return Err(Failed::held_back(job.operation, self.ids));
        }
        self.shared.tries.fetch_add(1, Ordering::Relaxed);
        let number = job.tries.fetch_add(1, Ordering::Relaxed) + 1;
        let attempt = Attempt { call: self, operation: job.operation, authorization, number, deadline: job.deadline };
        let result = attempt.run(&job.http, &job.request, permit).await;
        if let (Some(guard), Err(failed)) = (&self.write_guard, &result)
            && !failed.error.may_be_done()
        {
            guard.definitely_rejected();
        }
        result
    }

    /// Whether another try may succeed and do no harm.
    fn may_repeat(&self, failed: &Failed) -> bool {
        failed.may_pass && (self.write_guard.is_none() || !failed.error.may_be_done())
    }

    /// What a wait between tries comes to; `None` where the call is to give up.
    async fn unless_stopped<T>(&self, wait: impl Future<Output = T>) -> Option<T> {
        match &self.write_guard {
            Some(guard) => guard.unless_cancelled(wait).await,
            None => Some(wait.await),
        }
    }

    /// Tries until there is an answer of success, or an error that trying again would not cure, or no time. The first try
    /// may have been made already.
    async fn run(&self, job: &Job, mut first: Option<(HeaderValue, Failed)>) -> Result<http::Response<Bytes>, Error> {
        let Job { operation, deadline, customer, .. } = *job;
        let mut renewed = false;
        let mut rounds = 0;
        // What a call comes to is told with regard to all its tries: an earlier one may have been carried out.
        let mut uncertain: Option<Error> = None;
        let mut last: Option<Error> = None;
        let held_back = || {
            let retry_after = self.shared.throttle.closed_for();
            Error::HeldBack { operation, ids: self.ids, retry_after }
        };
        loop {
            rounds += 1;
            let tried = match first.take() {
                Some(tried) => Ok(tried),
                None => match self.unless_stopped(self.turn(customer, deadline)).await {
                    Some(Err(failed)) => Err(failed),
                    None | Some(Ok(None)) => return Err(last.unwrap_or_else(held_back).after(uncertain)),
                    Some(Ok(Some((authorization, permit)))) => match self.try_once(job, &authorization, permit).await {
                        Ok(response) => return Ok(response),
                        Err(failed) => Ok((authorization, failed)),
                    },
                },
            };
            let failed = match tried {
                Ok((authorization, failed)) if failed.error.is_expired_token() && !renewed => {
                    renewed = true;
                    let renewal = within(deadline, self.shared.tokens.renewed(&authorization));
                    match self.unless_stopped(renewal).await.flatten() {
                        Some(Ok(true)) => continue,
                        // The refusal is the caller's, and says nothing of a try before it.
                        Some(Ok(false)) | None => return Err(uncertain.unwrap_or(failed.error)),
                        Some(Err(error)) => Failed::to_sign_in(error),
                    }
                }
                Ok((_, failed)) | Err(failed) => failed,
            };
            let wait = self.may_repeat(&failed).then(|| self.policy.wait(rounds, failed.retry_after)).flatten();
            match wait {
                Some(wait) if wait < deadline.saturating_duration_since(Instant::now()) => {
                    let tries = job.tries.load(Ordering::Relaxed);
                    tracing::debug!(operation, tries, wait_ms = wait.as_millis(), "waiting to try again");
                    // After a 429 too, although the limiter holds back all calls: its gate may open sooner than this call
                    // was told, as it learns from refusals of calls that were sent earlier.
                    if self.unless_stopped(tokio::time::sleep(wait)).await.is_none() {
                        return Err(failed.error.after(uncertain));
                    }
                    if failed.error.may_be_done() {
                        (uncertain, last) = (Some(failed.error), None);
                    } else {
                        last = Some(failed.error);
                    }
                }
                _ => return Err(failed.error.after(uncertain)),
            }
        }
    }

    /// The answer to a job, or why there is none.
    ///
    /// The usual call is answered at its first try, which is made here. Whatever needs waiting happens in a task of its own,
    /// which goes on while the caller does something else: a call that nobody polls for a while must keep neither its turn
    /// in the limiter's queue nor the sign-in from others.
    pub(super) async fn carry_out(&self, job: Arc<Job>) -> Result<http::Response<Bytes>, Error> {
        let operation = job.operation;
        if self.shared.tokens.identity() == Identity::App
            && let by_reseller = filters_by_reseller(job.request.url())
            && (by_reseller || generated::NEEDS_USER.contains(&operation))
        {
            let with = if by_reseller { " with a filter by indirect reseller" } else { "" };
            return Err(Error::input(
                format!("{operation}{with} takes no token of an app alone"),
                "sign in as an app and a user, for instance with a refresh token",
            ));
        }
        let first = match self.at_once(job.customer) {
            None => None,
            Some((authorization, permit)) => match self.try_once(&job, &authorization, permit).await {
                Ok(response) => return Ok(response),
                Err(failed) if !self.may_repeat(&failed) && !failed.error.is_expired_token() => {
                    return Err(failed.error);
                }
                Err(failed) => Some((authorization, failed)),
            },
        };
        let call = self.clone();
        let run = async move { call.run(&job, first).await };
        let ended = AbortOnDrop(tokio::spawn(run.in_current_span())).await;
        ended.unwrap_or_else(|error| Err(self.stopped(operation, error)))
    }

    /// The token for the next try, for which the call waits as long as it has time.
    async fn authorization(&self, deadline: Instant) -> Result<HeaderValue, Failed> {
        let signed_in = within(deadline, self.shared.tokens.authorization()).await;
        let too_late = || Arc::new(AuthError::new("the sign-in did not end in time", "try again").retryable());
        signed_in.unwrap_or_else(|| Err(too_late())).map_err(Failed::to_sign_in)
    }

    /// The token and the turn of the next try, for which the call waits as long as it has time; `None` where the turn did
    /// not come.
    async fn turn(&self, customer: Option<Uuid>, deadline: Instant) -> Result<Option<(HeaderValue, Permit)>, Failed> {
        // Before the turn, so that nobody waits for this call's sign-in, and after it, as it may have taken long to come.
        self.authorization(deadline).await?;
        // A gate that opens after the deadline is not worth waiting for.
        let left = deadline.saturating_duration_since(Instant::now());
        if self.shared.throttle.closed_for().is_some_and(|wait| wait > left) {
            return Ok(None);
        }
        let Some(permit) = within(deadline, self.shared.throttle.enter(customer)).await else { return Ok(None) };
        Ok(Some((self.authorization(deadline).await?, permit)))
    }

    /// The task of the call came to no end: it panicked, or the runtime shuts down.
    fn stopped(&self, operation: &'static str, error: JoinError) -> Error {
        Error::Transport { operation, ids: self.ids, sent: true, source: error.into() }
    }
}
