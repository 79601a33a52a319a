//! One exchange of a request and a response.

use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use secret_redaction::Secrets;
use uuid::Uuid;

use super::{BodyDecoder, Execution, Success, status_of};
use crate::body_problem::compression;
use crate::transport::Problem;
use crate::{CustomerId, Error, Fault, Permit, TRACING_TARGET, in_ms};

const REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
const CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");

impl Execution {
    /// Sends the request once. `number` counts the attempts from 1.
    pub(super) async fn send<D: BodyDecoder>(
        &self,
        number: u32,
        authorization: &HeaderValue,
        permit: Permit<CustomerId>,
        time_left: Duration,
    ) -> Result<Success<D::Output>, Error> {
        let start = Instant::now();
        let _in_flight = self.client.in_flight.begin(self.client.base_url.host(), start);
        let result = self.exchange::<D>(authorization, time_left).await;
        match &result {
            Err(error) if error.is_throttled() => permit.throttled(error.retry_after()),
            // It is unknown whether the service counted the call.
            Err(Error::Transport { .. }) => drop(permit),
            _ => permit.answered(),
        }
        self.report_attempt(number, status_of(&result), start.elapsed(), result.is_ok());
        result
    }

    /// Emits the event of an attempt. The macros of `tracing` need a constant level.
    fn report_attempt(&self, number: u32, status: Option<u16>, took: Duration, is_success: bool) {
        macro_rules! report {
            ($level:ident) => {
                tracing::$level!(
                    target: TRACING_TARGET,
                    operation = self.request.operation,
                    attempt = number,
                    status,
                    took_ms = in_ms(took),
                    request_id = %self.ids.request,
                    correlation_id = %self.ids.correlation,
                    "attempt finished",
                )
            };
        }
        match is_success {
            true => report!(debug),
            false => report!(info),
        }
    }

    async fn exchange<D: BodyDecoder>(
        &self,
        authorization: &HeaderValue,
        time_left: Duration,
    ) -> Result<Success<D::Output>, Error> {
        let sent = self.client.http.execute(self.http_request(authorization, time_left)).await;
        let mut response = sent.map_err(|error| self.transport_error(error))?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        if !status.is_success() {
            return Err(self.refusal(status, headers, &mut response, authorization).await);
        }
        let body = self.read::<D>(&mut response, &headers).await?;
        let authorization = authorization.clone();
        Ok(Success { body, status, headers, authorization, operation: self.request.operation, ids: self.ids })
    }

    /// The request with all headers that the client adds.
    fn http_request(&self, authorization: &HeaderValue, time_left: Duration) -> reqwest::Request {
        let mut request = reqwest::Request::new(self.request.method.clone(), self.request.url.clone());
        let mut headers = self.client.headers.clone();
        for (name, value) in &self.request.headers {
            // A link to the next page must not replace the client's own headers.
            headers.entry(name).or_insert_with(|| value.clone());
        }
        headers.insert(REQUEST_ID, id_value(self.ids.request));
        headers.insert(CORRELATION_ID, id_value(self.ids.correlation));
        headers.insert(http::header::AUTHORIZATION, authorization.clone());
        *request.headers_mut() = headers;
        *request.timeout_mut() = Some(self.client.attempt_timeout.min(time_left));
        *request.body_mut() = self.request.body.clone().map(Into::into);
        request
    }

    /// Reads the body of a success, which must be complete and not longer than the limit.
    async fn read<D: BodyDecoder>(
        &self,
        response: &mut reqwest::Response,
        headers: &HeaderMap,
    ) -> Result<D::Output, Error> {
        let limit = self.client.response_limit.min(D::LIMIT);
        let mut decoder = D::default();
        let mut left = limit;
        while let Some(chunk) = response.chunk().await.map_err(|error| self.transport_error(error))? {
            let too_long = || self.unusable(format!("the response is longer than the limit of {limit} bytes"));
            left = left.checked_sub(chunk.len()).ok_or_else(too_long)?;
            decoder.push(chunk);
        }
        if let Some(why) = compression(headers, decoder.beginning()) {
            return Err(self.unusable(why));
        }
        decoder.finish().map_err(|why| self.unusable(why))
    }

    /// The error for a response that is not a success. Its status is valid even if its body is truncated.
    async fn refusal(
        &self,
        status: StatusCode,
        headers: HeaderMap,
        response: &mut reqwest::Response,
        authorization: &HeaderValue,
    ) -> Error {
        let body = super::without_byte_order_mark(beginning(response).await);
        let secrets = Secrets::from_authorization(authorization);
        let fault = Fault::new(self.request.operation, status, headers, &body, self.ids, &secrets);
        Error::Api(Box::new(fault))
    }

    fn unusable(&self, why: String) -> Error {
        Error::Decode { operation: self.request.operation, ids: self.ids, source: why.into() }
    }

    fn transport_error(&self, error: reqwest::Error) -> Error {
        let problem = Problem::of(&error);
        // A server that refuses the connection may do so after the client has written the request, but does not read it.
        let may_have_been_sent = problem.is_none() && !error.is_connect();
        // The URL names the customer, so it stays out; operation and ids say more.
        let source = problem.map_or_else(|| error.without_url().into(), Into::into);
        Error::Transport { operation: self.request.operation, ids: self.ids, may_have_been_sent, source }
    }
}

/// The beginning of the body of an error response, as far as it arrives.
async fn beginning(response: &mut reqwest::Response) -> Bytes {
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

fn id_value(id: Uuid) -> HeaderValue {
    let mut buffer = Uuid::encode_buffer();
    let text: &str = id.hyphenated().encode_lower(&mut buffer);
    // Hexadecimal digits and hyphens are always a value of a header.
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}
