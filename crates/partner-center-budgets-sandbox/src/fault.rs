//! Injected faults: their rules, and the selection of the fault for a call.

mod plan;
mod syntax;

use std::time::Duration;

use axum::http::StatusCode;

pub(crate) use plan::{FaultPlan, InjectedFault};

use crate::endpoint::Endpoint;
use crate::retry_after::RetryAfter;

/// A rule that injects faults: the kind of fault, the endpoint, and the trigger. It is parsed from text:
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
/// The grammar is `KIND[@ENDPOINT][:TRIGGER]`.
///
/// | kind | effect |
/// |---|---|
/// | `status=STATUS` | a JSON error instead of the operation; `,code=CODE` sets its code, `,retry-after=SECONDS` adds the header. Code 10001 is plain text. 429 without a code is the response of the gateway: its JSON body, and `Retry-After: 1` unless the rule sets another value |
/// | `status=STATUS,retry-after-date=SECONDS` | the same, with a date that many seconds in the future as header |
/// | `redirect=URL` | a 307 to this URL instead of the operation |
/// | `html=STATUS` | an HTML page with this status instead of the operation |
/// | `latency=20ms..50ms`, `latency=20ms` | a delay before the response; the seed determines it |
/// | `reset` | a connection reset (RST) instead of the operation |
/// | `reset-after` | a connection reset after the operation, instead of its response |
/// | `slow-body`, `slow-body=10s` | the response arrives in ten pieces over this time; 5 s by default |
/// | `cut-body` | half of the response, then the connection closes |
/// | `content-type` | the response has the content type `text/html` |
/// | `not-json` | a body that resembles JSON instead of the response; the operation takes effect |
/// | `oversized=BYTES` | the response, padded with spaces to this size, without a `Content-Length` |
/// | `token-error=AADSTS700082`, `token-error=access_denied` | the sign-in fails with this code, or with this OAuth error |
/// | `expired-token` | the token of the call expires: 401 until the client signs in again. [`TOKEN`](crate::TOKEN) is rejected only once |
///
/// *Endpoint* is an operation id of the OpenAPI document (`get_usage_budget`, `list_customers` …), `token`, `device_code`,
/// `authorize` or `discovery` for the sign-in, `api` for all operations, or `all`. The default is `all`; for `token-error` it
/// is `token`, for `expired-token` it is `api`.
///
/// *Trigger* is `first=N` for the first N calls, `every=N` for every Nth call, or `nth=N` for the Nth call only. The default
/// is every call.
///
/// The first matching rule decides, and later rules neither see nor count the call. After `latency` the next rules apply
/// too. Calls that a rate limit rejects get latency and no other fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    kind: FaultKind,
    endpoints: EndpointFilter,
    trigger: Trigger,
}

/// The effect of a fault on a call.
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
    /// Whether the call with this number, counted from 1, gets the fault.
    fn matches(self, call: u64) -> bool {
        match self {
            Self::Always => true,
            Self::First(count) => call <= count,
            Self::Every(step) => call.is_multiple_of(step),
            Self::Nth(number) => call == number,
        }
    }
}
