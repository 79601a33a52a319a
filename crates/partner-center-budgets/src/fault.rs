//! Refusals: responses with an error instead of what was asked for.

mod advice;
mod text;

use std::borrow::Cow;
use std::time::Duration;

use http::{HeaderMap, HeaderName, StatusCode};
use secret_redaction::Secrets;

use crate::CallIds;
use crate::body_problem::compression;
use crate::retry_after::retry_after;
pub(crate) use text::FaultText;

/// The maximum size of a stored body, in bytes.
const MAX_BODY: usize = 2048;
/// The maximum length of a description, in characters. The service sends no more.
const MAX_DESCRIPTION: usize = 1024;
/// The maximum length of a code, in characters. The codes of the service are numbers.
const MAX_CODE: usize = 64;

/// The headers in the report of a call.
const REPORTED: [HeaderName; 3] = [
    HeaderName::from_static("ms-requestid"),
    HeaderName::from_static("ms-correlationid"),
    HeaderName::from_static("ismfacompliant"),
];

/// A refusal: the service, or a gateway in front of it, responded with an error, usually with a status other than success.
/// A success whose body is an error counts as a refusal, too.
///
/// With the feature `serde` it serializes, for logs and responses. It cannot be read back.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Fault {
    /// Operation of the OpenAPI document, such as `get_usage_budget`.
    pub operation: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Error code, sent as text or as number. Its meaning depends on the status.
    pub code: Option<String>,
    /// Description by the service; its wording changes over time. A character that is not printable appears as its code, such as
    /// U+202E.
    pub description: Option<String>,
    /// How long the service asks to wait before the next call. In JSON it is `retry_after_seconds`, rounded up.
    #[cfg_attr(feature = "serde", serde(rename = "retry_after_seconds", serialize_with = "serialize_seconds"))]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<u64>"))]
    pub retry_after: Option<Duration>,
    /// The body without secrets, at most 2 KiB. It is incomplete if the connection broke, and empty if the body is
    /// compressed. It can have characters that are not printable.
    pub body: String,
    /// Ids of the call.
    pub ids: CallIds,
    /// The headers for the report of the call.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) headers: HeaderMap,
}

impl Fault {
    pub(crate) fn new(
        operation: &'static str,
        status: StatusCode,
        headers: HeaderMap,
        body: &[u8],
        ids: CallIds,
        secrets: &Secrets,
    ) -> Self {
        let compression = compression(&headers, body);
        let body = if compression.is_some() { Cow::default() } else { decode_text(body) };
        let FaultText { code, description } = FaultText::parse(&body);
        // The server may echo the request, with its secrets.
        let clean = |text: String| sanitize(&secrets.redact(&text));
        let description = compression.or(description).map(clean).filter(|text| !text.is_empty());
        Self {
            operation,
            status: status.as_u16(),
            code: code.map(|text| clean(text).chars().take(MAX_CODE).collect()),
            retry_after: retry_after(&headers, description.as_deref()),
            description,
            body: truncated(&secrets.redact(&body)).to_owned(),
            ids,
            headers: REPORTED.iter().filter_map(|name| Some((name.clone(), headers.get(name)?.clone()))).collect(),
        }
    }

    /// A refusal as the client decodes it from a response without headers, with ids of its own. For tests of code that
    /// handles refusals. Fields such as `retry_after` can be set afterwards.
    ///
    /// The body is JSON of the service or of its gateway, XML, HTML or plain text.
    ///
    /// ```
    /// use partner_center_budgets::{Error, Fault};
    ///
    /// let body = r#"{"code":60003,"description":"The customer tenant was not found."}"#;
    /// let error = Error::Api(Box::new(Fault::from_response("get_usage_budget", 404, body)));
    /// assert!(error.is_unknown_customer());
    /// assert_eq!(error.code(), Some("60003"));
    ///
    /// let mut fault = Fault::from_response("get_usage_budget", 429, "");
    /// fault.retry_after = Some(std::time::Duration::from_secs(57));
    /// assert!(Error::Api(Box::new(fault)).is_throttled());
    /// ```
    #[cfg(feature = "test-util")]
    #[must_use]
    pub fn from_response(operation: &'static str, status: u16, body: &str) -> Self {
        let (ids, secrets) = (CallIds::random(), Secrets::default());
        let fault = Self::new(operation, StatusCode::OK, HeaderMap::new(), body.as_bytes(), ids, &secrets);
        Self { status, ..fault }
    }

    /// Status, code and description in one line.
    pub(crate) fn why(&self) -> String {
        let reason = StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason());
        let reason = reason.map(|reason| format!(" {reason}")).unwrap_or_default();
        let code = self.code.as_ref().map(|code| format!(", code {code}")).unwrap_or_default();
        let description = self.description.as_deref().map(|text| format!(": {}", text.trim_end_matches('.')));
        format!("{}{reason}{code}{}", self.status, description.unwrap_or_default())
    }

    /// The next step, for refusals that users meet.
    pub(crate) fn advice(&self) -> Option<Cow<'static, str>> {
        if let (429, Some(wait)) = (self.status, self.retry_after) {
            return Some(format!("wait {} seconds, then call less often", wait.as_secs()).into());
        }
        let (code, description) = (self.code.as_deref(), self.description.as_deref());
        advice::advice_on(self.status, code.unwrap_or_default(), description.unwrap_or_default()).map(Into::into)
    }
}

#[cfg(feature = "serde")]
fn serialize_seconds<S: serde::Serializer>(wait: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    let seconds = wait.map(|wait| wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
    serde::Serialize::serialize(&seconds, serializer)
}

/// The longest prefix that fits into [`MAX_BODY`].
fn truncated(body: &str) -> &str {
    let end = (0..=body.len().min(MAX_BODY)).rev().find(|end| body.is_char_boundary(*end));
    &body[..end.unwrap_or_default()]
}

/// The text of a body: UTF-16 after a byte order mark, which the service sends to requests that do not accept JSON, else
/// UTF-8. Invalid bytes are replaced.
pub(crate) fn decode_text(body: &[u8]) -> Cow<'_, str> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units).into()
    };
    match body {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => String::from_utf8_lossy(body),
    }
}

/// Untrusted text in one line: printable, without repeated spaces, and truncated.
pub(crate) fn sanitize(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    printable_text::one_line(&words).chars().take(MAX_DESCRIPTION).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn fault(status: u16, body: &[u8]) -> Fault {
        let status = StatusCode::from_u16(status).unwrap();
        Fault::new("get_usage_budget", status, HeaderMap::new(), body, CallIds::random(), &Secrets::default())
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "\\PC{0,40}|\\s|900421|[\\x00-\\x1f]{3}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            let key = "code|description|message|data|source|[a-z]{1,4}";
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(key, inner, 0..5).prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    fn check(fault: &Fault) {
        assert!(fault.body.len() <= MAX_BODY);
        let why = fault.why();
        assert!(why.chars().count() < MAX_DESCRIPTION + MAX_CODE + 100, "{why}");
        if let Some(description) = &fault.description {
            assert!(
                description.chars().all(printable_text::is_printable) && !description.is_empty(),
                "{description:?}"
            );
        }
        let _ = fault.advice();
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn accepts_any_bytes(status in 300_u16..600, body in prop::collection::vec(any::<u8>(), 0..3000)) {
            check(&fault(status, &body));
        }

        #[test]
        fn accepts_any_json(status in 300_u16..600, body in json()) {
            let found = fault(status, &serde_json::to_vec(&body).unwrap());
            check(&found);
            if body["code"] == "900421" {
                prop_assert_eq!(found.code.as_deref(), Some("900421"));
            }
        }

        #[test]
        fn utf_16_decodes_like_utf_8(text in "[\\PC]{0,60}", big in any::<bool>()) {
            let body = serde_json::json!({ "code": "2000", "description": text }).to_string();
            let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            let wide: Vec<u8> = std::iter::once(0xFEFF).chain(body.encode_utf16()).flat_map(bytes).collect();
            let (narrow, wide) = (fault(400, body.as_bytes()), fault(400, &wide));
            prop_assert_eq!((narrow.code, narrow.description), (wide.code, wide.description));
        }
    }
}
