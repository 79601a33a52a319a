//! Faults on demand: rules in words, and which of them strikes a call.

mod plan;
mod syntax;

use std::time::Duration;

use axum::http::StatusCode;

pub(crate) use plan::{FaultPlan, InjectedFault};

use crate::endpoint::Endpoint;

/// A rule that makes calls fail: what happens, where, and how often. It is read from text:
///
/// ```
/// use partner_center_budgets_sandbox::Fault;
///
/// # fn main() -> Result<(), partner_center_budgets_sandbox::RuleError> {
/// let rule: Fault = "status=503,retry-after=2@get_usage_budget:first=3".parse()?;
/// # Ok(())
/// # }
/// ```
///
/// The grammar is `WHAT[@WHERE][:HOW-OFTEN]`.
///
/// | what | happens |
/// |---|---|
/// | `status=STATUS` | a refusal as JSON, instead of the operation; `,code=CODE` sets its code, `,retry-after=SECONDS` adds the header. Code 10001 comes as plain text. 429 without a code is the gateway's throttling response: its JSON body, and `Retry-After: 1` unless given |
/// | `status=STATUS,retry-after-date=SECONDS` | the same, with a date so many seconds ahead in the header |
/// | `redirect=URL` | a 307 to this place, instead of the operation |
/// | `html=STATUS` | an HTML page with this status, instead of the operation |
/// | `latency=20ms..50ms`, `latency=20ms` | a wait before the answer, drawn from the seed |
/// | `reset` | the connection is reset (RST) without an answer, instead of the operation |
/// | `reset-after` | the same, but the operation has been carried out |
/// | `slow-body`, `slow-body=10s` | the operation's answer comes in ten pieces, over 5 s unless told |
/// | `cut-body` | the operation's answer ends in the middle, and the connection with it |
/// | `content-type` | the operation's answer calls itself `text/html` |
/// | `not-json` | the operation is carried out; its answer looks like JSON but is none |
/// | `oversized=BYTES` | the operation's answer, followed by so many blanks that it has this size; without a `Content-Length` |
/// | `token-error=AADSTS700082`, `token-error=access_denied` | the sign-in is refused with this code, or with this word of OAuth |
/// | `expired-token` | the token of the call expires at once: 401, now and until the client signs in anew. The token [`TOKEN`](crate::TOKEN) is refused this once |
///
/// *Where* is the operation id of the OpenAPI document (`get_usage_budget`, `list_customers` …), or `token`,
/// `device_code`, `authorize` or `discovery` for the endpoints of the sign-in, or `api` for all operations, or `all`, which is
/// also meant when it is left out. A `token-error` without a place is one of `token`, an `expired-token` without a
/// place one of `api`.
///
/// *How often* is `first=N` for the first N calls, `every=N` for every Nth call, `nth=N` for the Nth call alone. Left
/// out, it is every call.
///
/// The rules are tried in their order. The first one that strikes keeps the call, and the rules behind it neither
/// see nor count it; only `latency` leaves the call to them. Calls that a throttle rejects have the latency and no
/// other fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    kind: FaultKind,
    endpoints: EndpointFilter,
    trigger: Trigger,
}

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FaultKind {
    Status { status: StatusCode, code: Option<String>, retry_after: Option<RetryAfter> },
    Redirect(String),
    Html(StatusCode),
    Latency(Duration, Duration),
    Reset,
    ResetAfter,
    SlowBody(Duration),
    CutBody,
    ContentType,
    NotJson,
    Oversized(u64),
    TokenError(String),
    ExpiredToken,
}

/// The header `Retry-After`, in its two forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryAfter {
    Seconds(u64),
    /// A date so many seconds ahead.
    Date(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EndpointFilter {
    All,
    Api,
    One(Endpoint),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trigger {
    Always,
    First(u64),
    Every(u64),
    Nth(u64),
}

impl EndpointFilter {
    fn matches(self, endpoint: Endpoint) -> bool {
        match self {
            Self::All => true,
            Self::Api => endpoint.is_operation(),
            Self::One(one) => one == endpoint,
        }
    }
}

impl Trigger {
    /// Whether the call of a number, counted from 1, is one of these.
    fn matches(self, call: u64) -> bool {
        match self {
            Self::Always => true,
            Self::First(count) => call <= count,
            Self::Every(step) => call.is_multiple_of(step),
            Self::Nth(number) => call == number,
        }
    }
}
