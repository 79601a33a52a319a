//! The spans of a call and of its attempts.

use tracing::Span;
use tracing::field::Empty;

use super::{Execution, Success, status_of};
use crate::{Error, TRACING_TARGET};

impl Execution {
    /// The span of the call, with all attempts and waits.
    pub(super) fn call_span(&self) -> Span {
        tracing::info_span!(
            target: TRACING_TARGET,
            "call",
            otel.name = self.request.operation,
            operation = self.request.operation,
            request_id = %self.ids.request,
            correlation_id = %self.ids.correlation,
            attempts = Empty,
            http.response.status_code = Empty,
            error.type = Empty,
        )
    }

    /// The span of the attempt `number`, counted from 1, with the names of OpenTelemetry's HTTP client spans.
    pub(super) fn attempt_span(&self, number: u32) -> Span {
        let base_url = &self.shared.base_url;
        tracing::info_span!(
            target: TRACING_TARGET,
            "attempt",
            otel.name = self.request.method.as_str(),
            otel.kind = "client",
            http.request.method = self.request.method.as_str(),
            server.address = &**base_url.host(),
            server.port = base_url.port(),
            http.request.resend_count = (number > 1).then(|| number - 1),
            http.response.status_code = Empty,
            error.type = Empty,
        )
    }
}

/// Adds how a call or an attempt ended.
pub(super) fn record_end<B>(span: &Span, result: &Result<Success<B>, Error>) {
    if span.is_disabled() {
        return;
    }
    if let Some(status) = status_of(result) {
        span.record("http.response.status_code", status);
    }
    if let Err(error) = result {
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
        Error::Decode { .. } => "decode",
        Error::NotConfirmed { .. } => "not_confirmed",
        Error::IncompleteList { .. } => "incomplete_list",
    }
    .into()
}
