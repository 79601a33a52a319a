//! One call: what goes out with it, and what is noted of its answer.
//!
//! The generated client builds requests and parses answers. In between it hands over to [`ClientHooks`], and that is
//! where everything of ours happens: below parsing, where a refusal still has its status, whatever its body is.

mod attempt;

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo, ResponseValue};
use tokio::task::{JoinError, JoinHandle};
use tracing::Instrument;
use uuid::Uuid;

use crate::auth::{AuthError, Identity, TokenCache};
use crate::generated;
use crate::ids::IdSource;
use crate::paging::Step;
use crate::report::{CallLog, CallReport};
use crate::throttle::{Permit, Throttle};
use crate::{CallIds, Error, RetryPolicy};
use attempt::{Attempt, Failed, transport};

/// What all calls of a client share.
pub(crate) struct Shared {
    pub(crate) tokens: TokenCache,
    /// Headers that go out with every call, besides the token and the ids.
    pub(crate) headers: HeaderMap,
    /// How long one try may take.
    pub(crate) try_timeout: Duration,
    /// The most bytes that an answer may have.
    pub(crate) response_limit: usize,
    pub(crate) ids: IdSource,
    pub(crate) throttle: Throttle,
    /// How many tries all calls have made.
    pub(crate) tries: AtomicU64,
}

/// The context of one call, which travels with the generated client as its inner value.
#[derive(Clone)]
pub(crate) struct Call {
    shared: Arc<Shared>,
    policy: RetryPolicy,
    log: Option<CallLog>,
    ids: CallIds,
    /// Which page of a list the call is for.
    step: Option<Arc<Step>>,
    noted: Arc<Mutex<Noted>>,
}

#[derive(Default)]
struct Noted {
    operation: &'static str,
    error: Option<Error>,
}

impl Call {
    pub(crate) fn new(shared: Arc<Shared>, policy: RetryPolicy, log: Option<CallLog>) -> Self {
        let ids = shared.ids.fresh();
        Self { shared, policy, log, ids, step: None, noted: Arc::default() }
    }

    /// The same call for another page of its list.
    pub(crate) fn at(self, step: Arc<Step>) -> Self {
        Self { step: Some(step), ..self }
    }

    pub(crate) fn ids(&self) -> CallIds {
        self.ids
    }

    fn note<T>(&self, note: impl FnOnce(&mut Noted) -> T) -> T {
        // A panic while the lock was held leaves a note that is still whole.
        note(&mut self.noted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The result of the call in our terms.
    pub(crate) fn finish<T, E: Send + Sync + fmt::Debug + 'static>(
        &self,
        result: Result<ResponseValue<T>, progenitor_client::Error<E>>,
    ) -> Result<T, Error> {
        use progenitor_client::Error as Generated;
        let error = match result {
            Ok(value) => return Ok(value.into_inner()),
            Err(error) => error,
        };
        let ids = self.ids;
        let (operation, noted) = self.note(|noted| (noted.operation, noted.error.take()));
        if let Some(error) = noted {
            return Err(error);
        }
        Err(match error {
            Generated::CommunicationError(error)
            | Generated::ResponseBodyError(error)
            | Generated::InvalidUpgrade(error) => transport(operation, ids, error),
            Generated::InvalidResponsePayload(_, error) => Error::Decode { operation, ids, source: error.into() },
            Generated::UnexpectedResponse(response) => {
                let source = format!("status {} is not described for this operation", response.status()).into();
                Error::Decode { operation, ids, source }
            }
            Generated::ErrorResponse(value) => {
                let source = format!("status {} came without a fault", value.status()).into();
                Error::Decode { operation, ids, source }
            }
            Generated::InvalidRequest(reason) | Generated::Custom(reason) => {
                Error::input(reason, "nothing was sent; this is a mistake in the client")
            }
        })
    }

    /// Adds what goes out with every try.
    fn add_headers(&self, headers: &mut HeaderMap, authorization: &HeaderValue) {
        headers.reserve(self.shared.headers.len() + 3);
        for (name, value) in &self.shared.headers {
            headers.insert(name.clone(), value.clone());
        }
        headers.insert(REQUEST_ID, id_value(self.ids.request));
        headers.insert(CORRELATION_ID, id_value(self.ids.correlation));
        headers.insert(http::header::AUTHORIZATION, authorization.clone());
    }

    /// Tries until there is an answer of success, or an error that trying again would not cure, or no time.
    async fn run(
        &self,
        http: &reqwest::Client,
        request: reqwest::Request,
        operation: &'static str,
        tries: &mut u32,
    ) -> Result<http::Response<Bytes>, Error> {
        let now = Instant::now();
        // A total that no clock can hold is as good as a day.
        let deadline = now.checked_add(self.policy.total).unwrap_or(now + A_DAY);
        if self.shared.tokens.identity() == Identity::App && generated::NEEDS_USER.contains(&operation) {
            return Err(Error::input(
                format!("{operation} takes no token of an app alone"),
                "sign in as an app and a user, for instance with a refresh token",
            ));
        }
        let customer = customer_of(request.url());
        let mut renewed = false;
        let mut rounds = 0;
        // What a call comes to is told with regard to all its tries: an earlier one may have been carried out.
        let mut last: Option<Error> = None;
        loop {
            rounds += 1;
            let mut failed = match self.turn(customer, deadline).await {
                Err(failed) => failed,
                Ok(None) => return Err(last.unwrap_or(Error::HeldBack { operation, ids: self.ids })),
                Ok(Some((authorization, permit))) => {
                    *tries += 1;
                    self.shared.tries.fetch_add(1, Ordering::Relaxed);
                    let attempt =
                        Attempt { call: self, operation, authorization: &authorization, number: *tries, deadline };
                    match attempt.run(http, &request, permit).await {
                        Ok(response) => return Ok(response),
                        Err(failed) if failed.error.is_expired_token() && !renewed => {
                            renewed = true;
                            match within(deadline, self.shared.tokens.renewed(&authorization)).await {
                                Some(Ok(true)) => continue,
                                Some(Ok(false)) | None => return Err(failed.error),
                                Some(Err(error)) => Failed::to_sign_in(error),
                            }
                        }
                        Err(failed) => failed,
                    }
                }
            };
            failed.error = failed.error.after(last.take());
            let wait = failed.may_pass.then(|| self.policy.wait(rounds, failed.retry_after)).flatten();
            match wait {
                Some(wait) if wait < deadline.saturating_duration_since(Instant::now()) => {
                    tracing::debug!(operation, tries = *tries, wait_ms = wait.as_millis(), "waiting to try again");
                    // While the service throttles, the limiter holds back all calls together.
                    if !failed.error.is_throttled() {
                        tokio::time::sleep(wait).await;
                    }
                    last = Some(failed.error);
                }
                _ => return Err(failed.error),
            }
        }
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
        let Some(permit) = within(deadline, self.shared.throttle.enter(customer)).await else { return Ok(None) };
        Ok(Some((self.authorization(deadline).await?, permit)))
    }

    /// The task of the call came to no end: it panicked, or the runtime shuts down.
    fn stopped(&self, operation: &'static str, error: JoinError) -> Error {
        Error::Transport { operation, ids: self.ids, sent: true, source: error.into() }
    }

    fn report(
        &self,
        operation: &'static str,
        tries: u32,
        took: Duration,
        result: &Result<http::Response<Bytes>, Error>,
    ) {
        let Some(log) = &self.log else { return };
        let headers = match result {
            Ok(response) => Some(response.headers()),
            Err(Error::Api(fault)) => Some(&fault.headers),
            Err(_) => None,
        };
        let header = |name| Some(headers?.get(name)?.to_str().ok()?.to_owned());
        let is_mfa_compliant = header("ismfacompliant").map(|value: String| value.eq_ignore_ascii_case("true"));
        log.add(CallReport {
            operation,
            ids: self.ids,
            answered_request_id: header("ms-requestid"),
            answered_correlation_id: header("ms-correlationid"),
            status: match result {
                Ok(response) => Some(response.status().as_u16()),
                Err(error) => error.status(),
            },
            tries,
            took,
            is_mfa_compliant,
        });
    }
}

const A_DAY: Duration = Duration::from_secs(86_400);
const REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
const CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");

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
fn customer_of(url: &reqwest::Url) -> Option<Uuid> {
    let (_, behind) = url.path().split_once("/customers/")?;
    Uuid::parse_str(behind.split('/').next()?).ok()
}

fn id_value(id: Uuid) -> HeaderValue {
    let mut buffer = Uuid::encode_buffer();
    let text: &str = id.hyphenated().encode_lower(&mut buffer);
    // Hexadecimal digits and hyphens are always a value of a header.
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

/// Shows the ids only: what goes out with the call is secret.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("ids", &self.ids).finish_non_exhaustive()
    }
}

impl ClientHooks<Call> for generated::Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        info: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        let call = self.inner();
        call.note(|noted| noted.operation = info.operation_id);
        if let Some(step) = &call.step {
            step.apply(request);
        }
        // The generated code sends the document's version, which means nothing to the service.
        request.headers_mut().remove("api-version");
        Ok(())
    }

    /// An error of ours is noted and taken up in [`Call::finish`], since this can return reqwest's only.
    async fn exec(&self, request: reqwest::Request, info: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        let call = self.inner();
        let began = Instant::now();
        let (call_in_task, http, operation) = (call.clone(), self.client().clone(), info.operation_id);
        // A task of its own goes on while the caller does something else, so that a call that nobody polls for a while
        // keeps neither its turn in the limiter's queue nor its place among the calls under way from others.
        let run = async move {
            let mut tries = 0;
            let result = call_in_task.run(&http, request, operation, &mut tries).await;
            (result, tries)
        };
        let ended = AbortOnDrop(tokio::spawn(run.in_current_span())).await;
        let (result, tries) = ended.unwrap_or_else(|error| (Err(call.stopped(operation, error)), 0));
        call.report(operation, tries, began.elapsed(), &result);
        let mut response = result.unwrap_or_else(|error| {
            call.note(|noted| noted.error = Some(error));
            http::Response::default()
        });
        // The report has what is needed of them, and the generated code would copy them all.
        response.headers_mut().clear();
        Ok(response.into())
    }
}
