//! The spans of a call and of its attempts.

use tracing::Span;
use tracing::field::Empty;

use crate::base_url::BaseUrl;
use crate::{CallIds, Error, TRACING_TARGET};

/// The span of a call, with all attempts and waits.
pub(super) fn of_call(operation: &str, ids: CallIds) -> Span {
    tracing::info_span!(
        target: TRACING_TARGET,
        "call",
        otel.name = operation,
        operation,
        request_id = %ids.request,
        correlation_id = %ids.correlation,
        attempts = Empty,
        http.response.status_code = Empty,
        error.type = Empty,
    )
}

/// The span of the attempt `number`, counted from 1, with the names of OpenTelemetry's HTTP client spans.
pub(super) fn of_attempt(number: u32, method: &str, server: &BaseUrl) -> Span {
    tracing::info_span!(
        target: TRACING_TARGET,
        "attempt",
        otel.name = method,
        otel.kind = "client",
        http.request.method = method,
        server.address = &**server.host(),
        server.port = server.port(),
        http.request.resend_count = (number > 1).then(|| number - 1),
        http.response.status_code = Empty,
        error.type = Empty,
    )
}

/// Adds how a call or an attempt ended.
pub(super) fn record_end(span: &Span, status: Option<u16>, error: Option<&Error>) {
    if span.is_disabled() {
        return;
    }
    if let Some(status) = status {
        span.record("http.response.status_code", status);
    }
    if let Some(error) = error {
        span.record("error.type", error_type(error).as_ref());
    }
}

/// The status of a refusal, as OpenTelemetry wants it, or the variant of the error.
fn error_type(error: &Error) -> std::borrow::Cow<'static, str> {
    match error {
        Error::Api(fault) => return fault.status.to_string().into(),
        Error::Input { .. } => "input",
        Error::Setup { .. } => "setup",
        Error::Auth(_) => "auth",
        Error::Transport { .. } => "transport",
        Error::RateLimited { .. } => "rate_limited",
        Error::Cancelled { .. } => "cancelled",
        Error::Decode { .. } => "decode",
        Error::NotConfirmed { .. } => "not_confirmed",
        Error::IncompleteList { .. } => "incomplete_list",
    }
    .into()
}
