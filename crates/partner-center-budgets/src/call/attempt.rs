//! One try of a call.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::HeaderValue;
use reqwest::ResponseBuilderExt;

use super::Call;
use crate::auth::AuthError;
use crate::decode::compression;
use crate::redaction::Secrets;
use crate::retry::{may_pass, may_pass_on_the_way};
use crate::throttle::Permit;
use crate::transport::Problem;
use crate::{CallIds, Error, Fault};

/// The most bytes of a response without the items of a page: a single object, or the envelope of a page. Such a body has
/// some thousands of bytes, and decoding takes many times the memory of the text.
const LONGEST_OBJECT: usize = 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// One try of a call.
pub(super) struct Attempt<'a> {
    pub(super) call: &'a Call,
    pub(super) operation: &'static str,
    pub(super) authorization: &'a HeaderValue,
    /// Which try it is, counted from 1.
    pub(super) number: u32,
    pub(super) deadline: Instant,
}

/// How a try failed.
pub(super) struct Failed {
    pub(super) error: Error,
    /// Whether another try may succeed.
    pub(super) may_pass: bool,
    pub(super) retry_after: Option<Duration>,
}

impl Failed {
    /// A sign-in that failed is a try that failed.
    pub(super) fn to_sign_in(error: Arc<AuthError>) -> Self {
        Self { may_pass: error.is_retryable(), error: Error::Auth(error), retry_after: None }
    }

    /// A try that was not made.
    pub(super) fn held_back(operation: &'static str, ids: CallIds) -> Self {
        Self { may_pass: false, error: Error::HeldBack { operation, ids, retry_after: None }, retry_after: None }
    }
}

impl Attempt<'_> {
    pub(super) async fn run(
        &self,
        http: &reqwest::Client,
        request: &reqwest::Request,
        permit: Permit,
    ) -> Result<http::Response<Bytes>, Failed> {
        let began = Instant::now();
        let result = self.send(http, request, began).await;
        match &result {
            Err(failed) if failed.error.is_throttled() => permit.refused(failed.retry_after),
            // Nobody knows whether the service counted the call.
            Err(Failed { error: Error::Transport { .. }, .. }) => drop(permit),
            _ => permit.answered(),
        }
        let ids = self.call.ids;
        let status = match &result {
            Ok(response) => Some(response.status().as_u16()),
            Err(failed) => failed.error.status(),
        };
        tracing::debug!(
            operation = self.operation,
            tried = self.number,
            status,
            took_ms = began.elapsed().as_millis(),
            request_id = %ids.request,
            correlation_id = %ids.correlation,
            "tried",
        );
        result
    }

    async fn send(
        &self,
        http: &reqwest::Client,
        request: &reqwest::Request,
        began: Instant,
    ) -> Result<http::Response<Bytes>, Failed> {
        let Some(mut request) = request.try_clone() else {
            let error = Error::input("the request cannot be repeated", "this is a mistake in the client");
            return Err(Failed { error, may_pass: false, retry_after: None });
        };
        let left = self.deadline.saturating_duration_since(began);
        *request.timeout_mut() = Some(self.call.shared.try_timeout.min(left));
        self.call.add_headers(request.headers_mut(), self.authorization);
        let url = request.url().clone();
        let _in_flight = self.call.shared.in_flight.begin(&url);
        let mut response = http.execute(request).await.map_err(|error| self.on_the_way(error))?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        if !status.is_success() {
            let body = without_byte_order_mark(beginning(response).await);
            let secrets = Secrets::of_header(self.authorization);
            let fault = Fault::new(self.operation, status, headers, &body, self.call.ids, &secrets);
            let retry_after = fault.retry_after;
            return Err(Failed { error: Error::Api(Box::new(fault)), may_pass: may_pass(status), retry_after });
        }
        self.call.with_state(|state| state.authorization = Some(self.authorization.clone()));
        let body = self.body(response).await?;
        if let Some(why) = compression(&headers, &body) {
            let error = Error::Decode { operation: self.operation, ids: self.call.ids, source: why.into() };
            return Err(Failed { error, may_pass: false, retry_after: None });
        }
        // Without a URL reqwest parses a made-up one for each response.
        let answer = http::Response::builder().status(status).url(url).body(body);
        let mut answer = answer.map_err(|error| Failed {
            error: Error::Decode { operation: self.operation, ids: self.call.ids, source: error.into() },
            may_pass: false,
            retry_after: None,
        })?;
        *answer.headers_mut() = headers;
        Ok(answer)
    }

    /// The body of a success, which must be complete and not longer than the limit. Of a page of a list it is what is left
    /// when the items are taken out.
    async fn body(&self, mut response: reqwest::Response) -> Result<Bytes, Failed> {
        let items = self.call.step.as_ref().map(|step| step.items());
        let limit = self.call.shared.response_limit;
        let limit = if items.is_some() { limit } else { limit.min(LONGEST_OBJECT) };
        if items.is_none() && response.content_length().is_some_and(|length| length <= limit as u64) {
            // The usual case, without a copy; a body that is longer than it says is an error of its own.
            let body = response.bytes().await.map_err(|error| self.on_the_way(error))?;
            return Ok(without_byte_order_mark(body));
        }
        if let Some(items) = items {
            items.begin();
        }
        let mut body = BytesMut::new();
        let mut left = limit;
        while let Some(chunk) = response.chunk().await.map_err(|error| self.on_the_way(error))? {
            left = left.checked_sub(chunk.len()).ok_or_else(|| self.too_long("the answer", limit))?;
            match items {
                Some(items) => items.take(&chunk),
                None => body.extend_from_slice(&chunk),
            }
        }
        let body = items.map_or_else(|| body.freeze(), |items| items.rest().into());
        if body.len() > LONGEST_OBJECT {
            return Err(self.too_long("the page without its items", LONGEST_OBJECT));
        }
        Ok(without_byte_order_mark(body))
    }

    fn too_long(&self, what: &str, limit: usize) -> Failed {
        let source = format!("{what} is longer than the limit of {limit} bytes").into();
        let error = Error::Decode { operation: self.operation, ids: self.call.ids, source };
        Failed { error, may_pass: false, retry_after: None }
    }

    fn on_the_way(&self, error: reqwest::Error) -> Failed {
        let may_pass = may_pass_on_the_way(&error);
        Failed { error: transport(self.operation, self.call.ids, error), may_pass, retry_after: None }
    }
}

/// The URL names the customer, so it stays out; operation and ids say more.
pub(super) fn transport(operation: &'static str, ids: CallIds, error: reqwest::Error) -> Error {
    let sent = !error.is_connect() && !error.is_builder();
    let source = Problem::of(&error).map_or_else(|| error.without_url().into(), Into::into);
    Error::Transport { operation, ids, sent, source }
}

/// What arrives of the body of a refusal. The status counts even where the body is cut, and no fault is long.
async fn beginning(mut response: reqwest::Response) -> Bytes {
    const ENOUGH: usize = 64 * 1024;
    let mut body = BytesMut::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > ENOUGH {
            break;
        }
    }
    body.freeze()
}

/// Bodies of the usage family begin with a byte order mark, which no JSON parser accepts.
fn without_byte_order_mark(body: Bytes) -> Bytes {
    match body.starts_with(BYTE_ORDER_MARK) {
        true => body.slice(BYTE_ORDER_MARK.len()..),
        false => body,
    }
}
