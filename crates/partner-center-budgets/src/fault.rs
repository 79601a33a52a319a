//! What the service said when it refused a call.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::Value;

use crate::CallIds;

/// How much of a body is kept.
const MOST_BYTES: usize = 2048;

/// A refusal: the service, or the gateway in front of it, answered a call with a status that is no success.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fault {
    /// Operation of the OpenAPI document that was called, for instance `get_usage_budget`.
    pub operation: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Code of the error, whether it came as text or as number. Its meaning depends on the status too.
    pub code: Option<String>,
    /// What happened, in the service's words, which change over time.
    pub description: Option<String>,
    /// How long the service asks to wait before the next call.
    pub retry_after: Option<Duration>,
    /// The body as it came, at most 2 KiB of it.
    pub body: String,
    /// Ids of the call.
    pub ids: CallIds,
}

/// Both shapes of a fault's body: the service's and the gateway's.
#[derive(Deserialize, Default)]
struct Body {
    code: Option<Value>,
    description: Option<String>,
    message: Option<String>,
}

impl Fault {
    pub(crate) fn new(
        operation: &'static str,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        ids: CallIds,
    ) -> Self {
        let parsed: Body = serde_json::from_slice(body).unwrap_or_default();
        let code = match parsed.code {
            Some(Value::String(text)) => Some(text),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let seconds = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        Self {
            operation,
            status: status.as_u16(),
            code,
            description: parsed.description.or(parsed.message),
            retry_after: seconds.map(Duration::from_secs),
            body: String::from_utf8_lossy(&body[..body.len().min(MOST_BYTES)]).into_owned(),
            ids,
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
            why.push_str(&format!(": {}", description.trim().trim_end_matches('.')));
        }
        why
    }

    /// What to do about it, for the codes that users meet.
    pub(crate) fn advice(&self) -> Option<&'static str> {
        Some(match (self.status, self.code.as_deref()) {
            (401, Some("900420")) => "request the token for the audience https://api.partnercenter.microsoft.com",
            (401, Some("900421" | "10001")) => "sign the user in again with multi-factor authentication",
            (401, Some("800001")) => "send an access token",
            (401, _) => "check that the access token is for Partner Center and has not expired",
            (403, Some("20002")) => {
                "check the customer's id, and that the customer has a reseller relationship with you"
            }
            (403, Some("900329")) => "call this operation with a token of an app and a user",
            (403, Some("900150" | "2032")) => "give the signed-in user the role of an admin agent",
            (404, Some("60003")) => "check the customer's id",
            (404, Some("20003")) => "check the subscription's id; for an Azure plan it is the id of the plan",
            (400, Some("3000")) => "the customer has not used Azure, so there is nothing to report",
            (429, _) => "wait as long as the service asks, then call less often",
            (500..=599, _) => "try again later; if it persists, give both ids to Microsoft's support",
            _ => return None,
        })
    }
}
