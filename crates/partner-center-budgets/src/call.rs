//! One call: its request, its options, and its execution.

mod body;
mod decision;
mod exchange;
mod history;
mod retry_loop;
mod spans;

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use secret_redaction::Secrets;
use serde::de::DeserializeOwned;
use tracing::Instrument as _;

use crate::auth::{Identity, TokenCache};
use crate::base_url::BaseUrl;
use crate::report::{CallLog, CallReport};
use crate::request::{Request, RequestParts};
use crate::response_type::{self, Mismatch, ResponseType};
use crate::{CallIds, CustomerId, Error, Fault, InFlight, RateLimiter, RetryPolicy, WriteGuard, body_problem};
pub(crate) use body::{AnyBody, BodyDecoder, LONGEST_OBJECT, without_byte_order_mark};

/// State that all calls of a client and its clones share.
pub(crate) struct ClientState {
    pub(crate) base_url: BaseUrl,
    pub(crate) http: reqwest::Client,
    pub(crate) tokens: TokenCache,
    /// Headers of every request, except the token and the ids.
    pub(crate) headers: HeaderMap,
    /// How long one attempt may take.
    pub(crate) attempt_timeout: Duration,
    /// The maximum length of a response in bytes.
    pub(crate) response_limit: usize,
    pub(crate) limiter: RateLimiter<CustomerId>,
    pub(crate) in_flight: InFlight,
    /// How many attempts all calls have made.
    pub(crate) attempts: AtomicU64,
}

/// How a call is executed.
#[derive(Clone, Default)]
pub(crate) struct CallOptions {
    pub(crate) policy: RetryPolicy,
    pub(crate) log: Option<CallLog>,
    /// Set for writes: never retry after an unknown outcome, and send nothing after cancellation.
    pub(crate) write_guard: Option<WriteGuard>,
    /// Never retry after an unknown outcome: a second request could have another effect.
    pub(crate) never_repeats: bool,
    /// The customer that the call is about, who may have a rate limit of its own.
    pub(crate) customer: Option<CustomerId>,
}

/// One call of an operation that returns `T`.
pub(crate) struct Call<T> {
    execution: Arc<Execution>,
    response: PhantomData<fn() -> T>,
}

/// What a call needs, in one allocation: futures that hold it stay small.
struct Execution {
    client: Arc<ClientState>,
    options: CallOptions,
    request: RequestParts,
    ids: CallIds,
}

/// A response with a status of success.
pub(crate) struct Success<B> {
    pub(crate) body: B,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The token that was sent. The response may repeat it.
    authorization: HeaderValue,
    operation: &'static str,
    pub(crate) ids: CallIds,
}

/// The status of a success or of a refusal.
fn status_of<B>(result: &Result<Success<B>, Error>) -> Option<u16> {
    result.as_ref().map_or_else(Error::status, |success| Some(success.status.as_u16()))
}

impl<T> Call<T> {
    pub(crate) fn new(client: Arc<ClientState>, options: CallOptions, request: Request<T>) -> Self {
        Self {
            execution: Arc::new(Execution { client, options, request: request.parts, ids: CallIds::random() }),
            response: PhantomData,
        }
    }

    pub(crate) fn ids(&self) -> CallIds {
        self.execution.ids
    }

    /// Executes the call, and turns the body of its success into a value.
    pub(crate) async fn execute<D: BodyDecoder>(self) -> Result<Success<D::Output>, Error> {
        let start = Instant::now();
        let span = spans::of_call(self.execution.request.operation, self.execution.ids);
        let (result, attempts) = match self.execution.ensure_user() {
            Ok(()) => self.execution.run::<D>(start).instrument(span.clone()).await,
            Err(error) => (Err(error), 0),
        };
        span.record("attempts", attempts);
        spans::record_end(&span, status_of(&result), result.as_ref().err());
        if let Some(log) = &self.execution.options.log {
            log.add(self.execution.report(attempts, start.elapsed(), &result));
        }
        result
    }
}

impl<T: ResponseType + DeserializeOwned> Call<T> {
    /// Executes the call, and decodes the object that its operation returns.
    pub(crate) async fn send(self) -> Result<T, Error> {
        self.execute::<body::ObjectBody>().await?.decode()
    }
}

impl Execution {
    /// Fails if the operation requires a user and the credential is an app without one.
    fn ensure_user(&self) -> Result<(), Error> {
        if self.client.tokens.identity() == Identity::App
            && let Some(what) = self.request.needs_user()
        {
            return Err(Error::input(
                format!("{what} takes no token of an app alone"),
                "sign in as an app and a user, for instance with a refresh token",
            ));
        }
        Ok(())
    }

    fn report<B>(&self, attempts: u32, took: Duration, result: &Result<Success<B>, Error>) -> CallReport {
        let headers = match result {
            Ok(success) => Some(&success.headers),
            Err(Error::Api(fault)) => Some(&fault.headers),
            Err(_) => None,
        };
        let header = |name| Some(headers?.get(name)?.to_str().ok()?.to_owned());
        CallReport {
            operation: self.request.operation,
            ids: self.ids,
            answered_request_id: header("ms-requestid"),
            answered_correlation_id: header("ms-correlationid"),
            status: status_of(result),
            attempts,
            took,
            is_mfa_compliant: header("ismfacompliant").map(|value: String| value.eq_ignore_ascii_case("true")),
        }
    }
}

impl Success<Bytes> {
    /// Decodes the body, which must show the type of the object.
    pub(crate) fn decode<T: ResponseType + DeserializeOwned>(&self) -> Result<T, Error> {
        let value = self.parse::<T>()?;
        match response_type::check(&value, &self.body) {
            Ok(()) => Ok(value),
            Err(Mismatch::Fault) => {
                let (headers, secrets) = (HeaderMap::new(), Secrets::from_authorization(&self.authorization));
                let fault = Fault::new(self.operation, self.status, headers, &self.body, self.ids, &secrets);
                Err(Error::Api(Box::new(fault)))
            }
            Err(Mismatch::Unidentified) => Err(self.decode_error(format!("the body is not a {}", T::OBJECT_TYPE))),
        }
    }

    /// Decodes the body, whatever its type.
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body)
            .map_err(|error| self.decode_error(body_problem::explain::<T>("", &self.body, &error)))
    }

    /// An error about content of the response: in one line, and without the token that was sent.
    pub(crate) fn content_error(&self, why: &str) -> Error {
        let why = Secrets::from_authorization(&self.authorization).redact(why);
        self.decode_error(printable_text::one_line(&why).into_owned())
    }

    fn decode_error(&self, why: String) -> Error {
        Error::Decode { operation: self.operation, ids: self.ids, source: why.into() }
    }
}

impl<B> Success<B> {
    /// Splits the body into the bytes that remain in this success and another part.
    pub(crate) fn split<P>(self, split: impl FnOnce(B) -> (Bytes, P)) -> (Success<Bytes>, P) {
        let Self { body, status, headers, authorization, operation, ids } = self;
        let (body, part) = split(body);
        (Success { body, status, headers, authorization, operation, ids }, part)
    }
}
