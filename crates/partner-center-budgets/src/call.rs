//! One call: what goes out with it, and what is noted of its answer.
//!
//! The generated client builds requests and parses answers. In between it hands over to [`ClientHooks`], and that is
//! where everything of ours happens: below parsing, where a refusal still has its status, whatever its body is.

mod attempt;
mod job;
#[cfg(test)]
mod no_content;

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fmt, mem};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo, ResponseValue};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::answer::{self, Answer, Mismatch};
use crate::auth::TokenCache;
use crate::ids::IdSource;
use crate::paging::Step;
use crate::redaction::Secrets;
use crate::report::{CallLog, CallReport};
use crate::throttle::Throttle;
use crate::write_guard::WriteGuard;
use crate::{CallIds, Error, Fault, InFlight, RetryPolicy, decode, generated};
use attempt::transport;
use job::{Job, customer_of};

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
    pub(crate) in_flight: InFlight,
    /// How many tries all calls have made.
    pub(crate) tries: AtomicU64,
}

/// The context of one call, which travels with the generated client as its inner value.
#[derive(Clone)]
pub(crate) struct Call {
    shared: Arc<Shared>,
    policy: RetryPolicy,
    log: Option<CallLog>,
    /// Set for writes: never retry after an unknown outcome, and send nothing after cancellation.
    write_guard: Option<WriteGuard>,
    ids: CallIds,
    /// Which page of a list the call is for.
    step: Option<Arc<Step>>,
    state: Arc<Mutex<CallState>>,
}

/// Recorded by the hooks for [`Call::finish`], because the generated code passes on less.
#[derive(Default)]
struct CallState {
    operation: &'static str,
    error: Option<Error>,
    /// Body of the success, without the items of a page.
    body: Bytes,
    /// The token of the attempt that was answered.
    authorization: Option<HeaderValue>,
}

impl Call {
    pub(crate) fn new(
        shared: Arc<Shared>,
        policy: RetryPolicy,
        log: Option<CallLog>,
        write_guard: Option<WriteGuard>,
    ) -> Self {
        let ids = shared.ids.fresh();
        Self { shared, policy, log, write_guard, ids, step: None, state: Arc::default() }
    }

    /// The same call for another page of its list.
    pub(crate) fn at(self, step: Arc<Step>) -> Self {
        Self { step: Some(step), ..self }
    }

    pub(crate) fn ids(&self) -> CallIds {
        self.ids
    }

    /// A text of the answer as an error may show it: in one line and without the token that was sent.
    pub(crate) fn shown(&self, text: &str) -> String {
        printable_text::one_line(&self.secrets().redact(text)).into_owned()
    }

    /// The token that the answer may repeat.
    fn secrets(&self) -> Secrets {
        self.with_state(|state| state.authorization.as_ref().map(Secrets::of_header)).unwrap_or_default()
    }

    fn with_state<T>(&self, act: impl FnOnce(&mut CallState) -> T) -> T {
        // A panic while the lock was held leaves a state that is still whole.
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The result of the call in our terms.
    pub(crate) fn finish<T: Answer + DeserializeOwned, E: Send + Sync + fmt::Debug + 'static>(
        &self,
        result: Result<ResponseValue<T>, progenitor_client::Error<E>>,
    ) -> Result<T, Error> {
        use progenitor_client::Error as Generated;
        let ids = self.ids;
        let (operation, error, body) =
            self.with_state(|state| (state.operation, state.error.take(), mem::take(&mut state.body)));
        // The recorded error comes first: the generated code got an empty success in its place, and an operation without
        // a response body takes that for a value.
        if let Some(error) = error {
            return Err(error);
        }
        let error = match result {
            Ok(value) => {
                let status = value.status();
                let value = value.into_inner();
                return match answer::check(&value, &body) {
                    Ok(()) => Ok(value),
                    Err(Mismatch::Fault) => Err(self.fault(operation, status, &body)),
                    Err(Mismatch::Unidentified) => {
                        let source = format!("the body is not a {}", T::OBJECT_TYPE).into();
                        Err(Error::Decode { operation, ids, source })
                    }
                };
            }
            Err(error) => error,
        };
        Err(match error {
            Generated::CommunicationError(error)
            | Generated::ResponseBodyError(error)
            | Generated::InvalidUpgrade(error) => transport(operation, ids, error),
            Generated::InvalidResponsePayload(body, error) => {
                Error::Decode { operation, ids, source: decode::explain::<T>("", &body, &error).into() }
            }
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

    /// A fault that came with a status of success.
    fn fault(&self, operation: &'static str, status: http::StatusCode, body: &[u8]) -> Error {
        Error::Api(Box::new(Fault::new(operation, status, HeaderMap::new(), body, self.ids, &self.secrets())))
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
        call.with_state(|state| state.operation = info.operation_id);
        if let Some(step) = &call.step {
            step.apply(request);
        }
        // The generated code sends the document's version, which means nothing to the service.
        request.headers_mut().remove("api-version");
        Ok(())
    }

    /// An error of ours is recorded for [`Call::finish`], since this can return reqwest's only.
    async fn exec(&self, request: reqwest::Request, info: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        let call = self.inner();
        let began = Instant::now();
        let job = Arc::new(Job {
            http: self.client().clone(),
            customer: customer_of(request.url()),
            request,
            operation: info.operation_id,
            // A total that no clock can hold is as good as a day.
            deadline: began.checked_add(call.policy.total).unwrap_or(began + A_DAY),
            tries: AtomicU32::new(0),
        });
        let result = call.carry_out(Arc::clone(&job)).await;
        call.report(info.operation_id, job.tries.load(Ordering::Relaxed), began.elapsed(), &result);
        let mut response = match result {
            Ok(response) => {
                call.with_state(|state| state.body = response.body().clone());
                response
            }
            Err(error) => {
                call.with_state(|state| state.error = Some(error));
                http::Response::default()
            }
        };
        // The report has what is needed of them, and the generated code would copy them all.
        response.headers_mut().clear();
        Ok(response.into())
    }
}
