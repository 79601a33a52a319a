//! Responses as bytes and headers: the only place that knows about byte order marks.

use std::sync::LazyLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

use crate::error_response::ErrorResponse;
use crate::random::Random;
use crate::request::Request;
use crate::retry_after::RetryAfter;
use crate::world::PARTNER_ID;

/// The JSON of a success, or an error.
pub(crate) type OperationResult = Result<Vec<u8>, ErrorResponse>;

pub(crate) fn json(body: &impl Serialize) -> OperationResult {
    Ok(serde_json::to_vec(body)?)
}

/// A part of the service. The parts differ in how they write the same JSON.
#[derive(Clone, Copy)]
pub(crate) enum Family {
    /// Usage and budgets: a byte order mark before every body, and a content type with charset.
    Usage,
    /// The same without the byte order mark.
    UsageWithoutMark,
    /// Customers: neither.
    Customers,
    /// The web framework and the gateway, which respond before any operation is found: neither.
    Framework,
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes a result as the family does, with the headers of every response.
///
/// `mfa` is whether the user of the token passed multi-factor authentication. It is sent if the request asks for it.
pub(crate) fn render(family: Family, request: &Request, mfa: Option<bool>, result: OperationResult) -> Response {
    let (status, json, retry_after) = match result {
        Ok(json) => (StatusCode::OK, json, None),
        Err(error) => (error.status, serde_json::to_vec(&error.body).unwrap_or_default(), error.retry_after),
    };
    let (content_type, body) = match family {
        Family::Usage => ("application/json; charset=utf-8", [BYTE_ORDER_MARK, &json].concat()),
        Family::UsageWithoutMark => ("application/json; charset=utf-8", json),
        Family::Customers | Family::Framework => ("application/json", json),
    };
    let mut response = Response::builder().status(status).header(CONTENT_TYPE, content_type);
    response = match retry_after {
        Some(RetryAfter::Seconds(seconds)) => response.header(RETRY_AFTER, seconds),
        Some(RetryAfter::Date(seconds)) => {
            let date = SystemTime::now() + Duration::from_secs(seconds);
            response.header(RETRY_AFTER, httpdate::fmt_http_date(date))
        }
        None => response,
    };
    if let Some(mfa) = mfa.filter(|_| request.header("ValidateMfa").is_some_and(|v| v.eq_ignore_ascii_case("true"))) {
        response = response.header("isMfaCompliant", if mfa { "true" } else { "false" });
    }
    let response =
        response.body(Body::from(body)).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    with_service_headers(response, request)
}

/// Adds the headers that every response of the service has.
pub(crate) fn with_service_headers(mut response: Response, request: &Request) -> Response {
    // The service was seen to send its locale twice. Here it does so if the request names a locale.
    let locale = if request.headers.contains_key("X-Locale") { "en-US,en-US" } else { "en-US" };
    let unauthorized = response.status() == StatusCode::UNAUTHORIZED;
    let headers = response.headers_mut();
    headers.insert("MS-RequestId", id(request, "MS-RequestId"));
    headers.insert("MS-CorrelationId", id(request, "MS-CorrelationId"));
    headers.insert("MS-CV", text(&format!("{:016x}.0", new_id().as_u64_pair().0)));
    headers.insert("MS-ServerId", HeaderValue::from_static("101112616"));
    headers.insert("Request-Context", HeaderValue::from_static("appId=cid-v1:7c2e5f18-93ab-4d60-8e1f-2b4c6d8e0f13"));
    headers.insert("X-Locale", HeaderValue::from_static(locale));
    if unauthorized {
        headers.insert(WWW_AUTHENTICATE, text(&format!("OAuth realm=urn:cpsvc:cpid:{PARTNER_ID}")));
    }
    response
}

/// The id in the request, or a new one.
fn id(request: &Request, name: &str) -> HeaderValue {
    request.headers.get(name).cloned().unwrap_or_else(|| text(&new_id().to_string()))
}

fn text(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// A new random id, without a system call: they would be most of the work of a busy sandbox.
fn new_id() -> Uuid {
    static SEED: LazyLock<u64> = LazyLock::new(|| Uuid::new_v4().as_u64_pair().0);
    static IDS: AtomicU64 = AtomicU64::new(0);
    let mut random = Random::new(*SEED, IDS.fetch_add(1, Relaxed));
    let bytes = u128::from(random.next()) << 64 | u128::from(random.next());
    uuid::Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn new_ids_are_unique() {
        let ids: HashSet<Uuid> = (0..10_000).map(|_| new_id()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.get_version_num() == 4));
    }
}
