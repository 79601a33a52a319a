//! How answers look on the wire: the one place that knows about byte order marks and headers.

use std::{
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime},
};

use axum::{
    body::Body,
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;
use uuid::Uuid;

use crate::{fault::RetryAfter, random::Random, refusal::Refusal, request::Request, world::PARTNER_ID};

/// What an operation answers: the JSON of a success, or a refusal.
pub(crate) type Answer = Result<Vec<u8>, Refusal>;

/// Turns a body into the answer of a success.
pub(crate) fn json(body: &impl Serialize) -> Answer {
    Ok(serde_json::to_vec(body)?)
}

/// Who answers. The parts of the service differ in how they write the same JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Usage and budgets: a byte order mark before every body, unless configured away, and a content type with charset.
    Usage { byte_order_mark: bool },
    /// Customers: neither.
    Customers,
    /// What refuses a path or method before any operation is found: neither.
    Framework,
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes an answer as the family does, with the headers that every answer carries.
///
/// Whether the user of the token passed multi-factor authentication is told to whoever asks.
pub(crate) fn render(family: Family, request: &Request, mfa: Option<bool>, answer: Answer) -> Response {
    let (status, json, retry_after) = match answer {
        Ok(json) => (StatusCode::OK, json, None),
        Err(refusal) => (refusal.status, serde_json::to_vec(&refusal.body).unwrap_or_default(), refusal.retry_after),
    };
    let (content_type, body) = match family {
        Family::Usage { byte_order_mark } => {
            let mark = if byte_order_mark { BYTE_ORDER_MARK } else { &[] };
            ("application/json; charset=utf-8", [mark, &json].concat())
        }
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

/// Adds the headers that every response of the service has, whatever its body is.
pub(crate) fn with_service_headers(mut response: Response, request: &Request) -> Response {
    // The service was seen to send its locale twice. Here a request that names a locale brings that out.
    let locale = if request.headers.contains_key("X-Locale") { "en-US,en-US" } else { "en-US" };
    let unauthorized = response.status() == StatusCode::UNAUTHORIZED;
    let headers = response.headers_mut();
    headers.insert("MS-RequestId", id(request, "MS-RequestId"));
    headers.insert("MS-CorrelationId", id(request, "MS-CorrelationId"));
    headers.insert("MS-CV", text(&format!("{:016x}.0", fresh().as_u64_pair().0)));
    headers.insert("MS-ServerId", HeaderValue::from_static("101112616"));
    headers.insert("Request-Context", HeaderValue::from_static("appId=cid-v1:7c2e5f18-93ab-4d60-8e1f-2b4c6d8e0f13"));
    headers.insert("X-Locale", HeaderValue::from_static(locale));
    if unauthorized {
        headers.insert(WWW_AUTHENTICATE, text(&format!("OAuth realm=urn:cpsvc:cpid:{PARTNER_ID}")));
    }
    response
}

/// The id that the request came with, or a new one.
fn id(request: &Request, name: &str) -> HeaderValue {
    request.headers.get(name).cloned().unwrap_or_else(|| text(&fresh().to_string()))
}

fn text(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// An id that is new in this process and, all but surely, in all others.
///
/// The system's random numbers cost a system call for each id, which a busy sandbox would feel.
fn fresh() -> Uuid {
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
    fn fresh_ids_are_unlike_each_other() {
        let ids: HashSet<Uuid> = (0..10_000).map(|_| fresh()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.get_version_num() == 4));
    }
}
