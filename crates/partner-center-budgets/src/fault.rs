//! What the service said when it refused a call.

mod words;

use std::borrow::Cow;
use std::time::Duration;

use http::{HeaderMap, HeaderName, StatusCode};
use secret_redaction::Secrets;

use crate::decode::compression;
use crate::{CallIds, retry};
pub(crate) use words::words;

/// How much of a body is kept, in bytes.
const BODY_KEPT: usize = 2048;
/// How much of a description is kept, in characters; the service sends no more.
const DESCRIPTION_KEPT: usize = 1024;
/// How much of a code is kept, in characters; the service's are numbers.
const CODE_KEPT: usize = 64;

/// The headers that a report tells.
const REPORTED: [HeaderName; 3] = [
    HeaderName::from_static("ms-requestid"),
    HeaderName::from_static("ms-correlationid"),
    HeaderName::from_static("ismfacompliant"),
];

/// A refusal: the service, or the gateway in front of it, answered a call with a status other than success.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fault {
    /// Operation of the OpenAPI document that was called, for instance `get_usage_budget`.
    pub operation: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Code of the error, whether it came as text or as number. Its meaning depends on the status too.
    pub code: Option<String>,
    /// What happened, in the service's words, which change over time. Characters that are not printable are shown by their
    /// number.
    pub description: Option<String>,
    /// How long the service asks to wait before the next call.
    pub retry_after: Option<Duration>,
    /// The body as it came but for secrets, at most 2 KiB of it, or what arrived of it before it was cut; empty where it was
    /// compressed. It may have characters that are not printable.
    pub body: String,
    /// Ids of the call.
    pub ids: CallIds,
    /// Those that the report of the call tells.
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
        let (code, description, body) = match compression(&headers, body) {
            Some(why) => (None, Some(why), String::new()),
            None => {
                let text = decode(body);
                let (code, description) = words(&text);
                // The server may echo the request.
                let shown = |text: String| secrets.redact(&text).into_owned();
                (code.map(shown), description.map(shown), beginning(&secrets.redact(&text)).to_owned())
            }
        };
        let description = description.map(|text| one_line(&text)).filter(|text| !text.is_empty());
        Self {
            operation,
            status: status.as_u16(),
            code: code.map(|text| one_line(&text).chars().take(CODE_KEPT).collect()),
            retry_after: retry::retry_after(&headers, description.as_deref()),
            description,
            body,
            ids,
            headers: REPORTED.iter().filter_map(|name| Some((name.clone(), headers.get(name)?.clone()))).collect(),
        }
    }

    /// Status, code and description in one line.
    pub(crate) fn why(&self) -> String {
        let status = StatusCode::from_u16(self.status).ok();
        let mut why = match status.and_then(|status| status.canonical_reason()) {
            Some(reason) => format!("{} {reason}", self.status),
            None => self.status.to_string(),
        };
        if let Some(code) = &self.code {
            why.push_str(&format!(", code {code}"));
        }
        if let Some(description) = &self.description {
            why.push_str(&format!(": {}", description.trim_end_matches('.')));
        }
        why
    }

    /// Whether the service only says that a customer has not used Azure. Code 3000 stands for other things too, and with
    /// which status it comes was never recorded.
    pub(crate) fn is_without_usage(&self) -> bool {
        let says = self.description.as_deref().is_some_and(|text| text.to_ascii_lowercase().contains("usage data"));
        matches!(self.status, 400 | 404) && self.code.as_deref() == Some("3000") && says
    }

    /// What to do about it, for the refusals that users meet.
    pub(crate) fn advice(&self) -> Option<Cow<'static, str>> {
        let says = |part: &str| self.description.as_deref().is_some_and(|text| text.contains(part));
        let advice = match (self.status, self.code.as_deref()) {
            (401, Some("900420")) => "request the token for the audience https://api.partnercenter.microsoft.com",
            (401, Some("900421" | "10001")) => "sign the user in again with multi-factor authentication",
            (401, Some("800001")) => "send an access token",
            (401, _) => "check that the access token is for Partner Center and has not expired",
            (403, Some("20002")) => {
                "check the customer's id, and that the customer has a reseller relationship with you"
            }
            (403, Some("900329")) => APP_AND_USER,
            (403 | 500, _) if says("application credentials") => APP_AND_USER,
            (403, Some("900150" | "2032")) => "give the signed-in user the role of an admin agent",
            (404, Some("60003")) => "check the customer's id",
            (404, None) => "check the address: without a code, the answer is not from Partner Center itself",
            (404, Some("20003")) => "check the subscription's id; for an Azure plan it is the id of the plan",
            (400 | 404, Some("3000")) if says("usage data") => {
                "the customer has not used Azure, so there is nothing to report"
            }
            (429, _) => {
                return Some(match self.retry_after {
                    Some(wait) => format!("wait {} seconds, then call less often", wait.as_secs()).into(),
                    None => "wait, then call less often".into(),
                });
            }
            (status, _) if StatusCode::from_u16(status).is_ok_and(retry::is_transient) => {
                "try again later; if it persists, give both ids to Microsoft's support"
            }
            _ => return None,
        };
        Some(advice.into())
    }
}

const APP_AND_USER: &str = "call this operation with a token of an app and a user";

/// As many whole characters as fit into what is kept of a body.
fn beginning(text: &str) -> &str {
    let ends = text.char_indices().map(|(at, letter)| at + letter.len_utf8());
    &text[..ends.take_while(|end| *end <= BODY_KEPT).last().unwrap_or_default()]
}

/// The text of a body: UTF-8, or UTF-16 where a byte order mark says so, which was seen where a request did not ask for
/// JSON. What is neither keeps its readable parts.
pub(crate) fn decode(body: &[u8]) -> Cow<'_, str> {
    let units = |bytes: &[u8], unit: fn([u8; 2]) -> u16| -> Vec<u16> {
        bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect()
    };
    match body {
        [0xFF, 0xFE, rest @ ..] => String::from_utf16_lossy(&units(rest, u16::from_le_bytes)).into(),
        [0xFE, 0xFF, rest @ ..] => String::from_utf16_lossy(&units(rest, u16::from_be_bytes)).into(),
        _ => String::from_utf8_lossy(body),
    }
}

/// Text from outside in one line without runs of blanks, printable, and cut.
pub(crate) fn one_line(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    printable_text::one_line(&words).chars().take(DESCRIPTION_KEPT).collect()
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
        assert!(fault.body.len() <= BODY_KEPT);
        let why = fault.why();
        assert!(why.chars().count() < DESCRIPTION_KEPT + CODE_KEPT + 100, "{why}");
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
        fn any_bytes_are_a_fault(status in 300_u16..600, body in prop::collection::vec(any::<u8>(), 0..3000)) {
            check(&fault(status, &body));
        }

        #[test]
        fn any_json_is_a_fault(status in 300_u16..600, body in json()) {
            let found = fault(status, &serde_json::to_vec(&body).unwrap());
            check(&found);
            if body["code"] == "900421" {
                prop_assert_eq!(found.code.as_deref(), Some("900421"));
            }
        }

        #[test]
        fn utf_16_reads_as_utf_8_does(text in "[\\PC]{0,60}", big in any::<bool>()) {
            let body = serde_json::json!({ "code": "2000", "description": text }).to_string();
            let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            let wide: Vec<u8> = std::iter::once(0xFEFF).chain(body.encode_utf16()).flat_map(bytes).collect();
            let (narrow, wide) = (fault(400, body.as_bytes()), fault(400, &wide));
            prop_assert_eq!((narrow.code, narrow.description), (wide.code, wide.description));
        }
    }
}
