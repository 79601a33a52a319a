//! What follows each kind of failure.

use std::sync::Arc;

use http::{HeaderMap, StatusCode};
use secret_redaction::Secrets;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::auth::AuthError;
use crate::{CallIds, Fault, RetryPolicy, WriteGuard};

const SECOND: Duration = Duration::from_secs(1);

fn attempt(number: u32) -> Attempt {
    Attempt { number, token_renewed: false, time_left: 60 * SECOND, jitter: 1.0 }
}

fn options() -> CallOptions {
    CallOptions {
        policy: RetryPolicy::default().max_attempts(3).backoff(SECOND, 30 * SECOND),
        ..CallOptions::default()
    }
}

fn guarded() -> CallOptions {
    CallOptions { write_guard: Some(WriteGuard::new(CancellationToken::new())), ..options() }
}

fn refusal(status: u16, code: Option<&str>) -> Error {
    Error::Api(Box::new(fault(status, code)))
}

fn fault(status: u16, code: Option<&str>) -> Fault {
    let status = StatusCode::from_u16(status).unwrap();
    let body = code.map_or_else(String::new, |code| format!(r#"{{"code":"{code}"}}"#));
    let ids = CallIds::random();
    Fault::new("update_usage_budget", status, HeaderMap::new(), body.as_bytes(), ids, &Secrets::default())
}

fn throttled(retry_after: u32) -> Error {
    Error::Api(Box::new(Fault { retry_after: Some(retry_after * SECOND), ..fault(429, None) }))
}

fn transport(may_have_been_sent: bool) -> Error {
    let (operation, ids, source) = ("update_usage_budget", CallIds::random(), "cut".into());
    Error::Transport { operation, ids, may_have_been_sent, source }
}

fn undecodable() -> Error {
    Error::Decode { operation: "update_usage_budget", ids: CallIds::random(), source: "not JSON".into() }
}

fn sign_in(is_retryable: bool) -> Error {
    let error = AuthError::new("the sign-in failed", "wait");
    Error::Auth(Arc::new(if is_retryable { error.retryable() } else { error }))
}

#[test]
fn each_failure_has_its_decision() {
    use Decision::{GiveUp, RenewToken, Retry};
    let (one, two) = (Retry { after: SECOND }, Retry { after: 2 * SECOND });
    let renewed = |number| Attempt { token_renewed: true, ..attempt(number) };
    let late = |number| Attempt { time_left: SECOND, ..attempt(number) };
    for (name, attempt, error, options, expected) in [
        ("the first wait", attempt(1), refusal(503, None), options(), &one),
        ("the second wait is twice as long", attempt(2), refusal(503, None), options(), &two),
        ("the last attempt", attempt(3), refusal(503, None), options(), &GiveUp),
        (
            "no retry in the policy",
            attempt(1),
            refusal(503, None),
            CallOptions { policy: RetryPolicy::never(), ..options() },
            &GiveUp,
        ),
        ("jitter shortens the wait", Attempt { jitter: 0.5, ..attempt(2) }, refusal(500, None), options(), &one),
        ("Retry-After lengthens the wait", attempt(1), throttled(2), options(), &two),
        ("a short Retry-After does not shorten it", attempt(2), throttled(1), options(), &two),
        ("a wait that outlasts the call", late(1), refusal(503, None), options(), &GiveUp),
        ("a Retry-After that outlasts the call", attempt(1), throttled(60), options(), &GiveUp),
        ("a timeout of the service", attempt(1), refusal(408, None), options(), &one),
        ("a gateway", attempt(1), refusal(502, None), options(), &one),
        ("a timeout of a gateway", attempt(1), refusal(504, None), options(), &one),
        ("an operation that is not implemented", attempt(1), refusal(501, None), options(), &GiveUp),
        ("a bad request", attempt(1), refusal(400, Some("2000")), options(), &GiveUp),
        ("a forbidden customer", attempt(1), refusal(403, Some("20002")), options(), &GiveUp),
        ("an unknown customer", attempt(1), refusal(404, Some("60003")), options(), &GiveUp),
        ("a connection that failed", attempt(1), transport(false), options(), &one),
        ("a response that was cut", attempt(1), transport(true), options(), &one),
        ("a response that cannot be decoded", attempt(1), undecodable(), options(), &GiveUp),
        ("a sign-in that may succeed later", attempt(1), sign_in(true), options(), &one),
        ("a sign-in that was refused", attempt(1), sign_in(false), options(), &GiveUp),
        ("an expired token", attempt(1), refusal(401, None), options(), &RenewToken),
        ("an expired token of the last attempt", attempt(3), refusal(401, None), options(), &RenewToken),
        ("a renewed token", renewed(1), refusal(401, None), options(), &GiveUp),
        ("a token for another audience", attempt(1), refusal(401, Some("900420")), options(), &GiveUp),
        ("no multi-factor authentication", attempt(1), refusal(401, Some("900421")), options(), &GiveUp),
        ("no multi-factor authentication, older code", attempt(1), refusal(401, Some("10001")), options(), &GiveUp),
        ("a guarded write without connection", attempt(1), transport(false), guarded(), &one),
        ("a guarded write that was throttled", attempt(1), throttled(2), guarded(), &two),
        ("a guarded write with an expired token", attempt(1), refusal(401, None), guarded(), &RenewToken),
        ("a guarded write that was cut", attempt(1), transport(true), guarded(), &GiveUp),
        ("a guarded write after a timeout", attempt(1), refusal(408, None), guarded(), &GiveUp),
        ("a guarded write after a server error", attempt(1), refusal(503, None), guarded(), &GiveUp),
    ] {
        assert_eq!(decide(&attempt, &error, &options), *expected, "{name}");
    }
}
