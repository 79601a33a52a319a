//! Error responses, in the shapes and with the codes of the service.

use std::borrow::Cow;

use axum::http::StatusCode;
use serde::Serialize;

use crate::retry_after::RetryAfter;
use crate::throttle;
use crate::throttle::Rejection;

/// A status and its body.
#[derive(Debug)]
pub(crate) struct ErrorResponse {
    pub(crate) status: StatusCode,
    pub(crate) body: ErrorBody,
    pub(crate) retry_after: Option<RetryAfter>,
}

/// The body of an error, by its sender.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum ErrorBody {
    /// The service itself.
    Service {
        code: Cow<'static, str>,
        description: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        data: Vec<String>,
        source: &'static str,
    },
    /// The gateway in front of the service.
    Gateway {
        #[serde(rename = "statusCode")]
        status_code: u16,
        message: String,
    },
    /// The web framework of the service, which sends no code.
    Framework {
        #[serde(rename = "Message")]
        message: String,
    },
}

impl ErrorResponse {
    pub(crate) fn new(status: StatusCode, code: impl Into<Cow<'static, str>>, description: impl Into<String>) -> Self {
        let body = ErrorBody::Service {
            code: code.into(),
            description: description.into(),
            data: Vec::new(),
            source: "PartnerFD",
        };
        Self { status, body, retry_after: None }
    }

    /// Whether the service itself sends the error, not the gateway or the framework.
    pub(crate) fn is_from_service(&self) -> bool {
        matches!(self.body, ErrorBody::Service { .. })
    }

    /// Adds a detail such as `CustomerId: …`.
    pub(crate) fn about(mut self, key: &str, value: &str) -> Self {
        if let ErrorBody::Service { data, .. } = &mut self.body {
            data.push(format!("{key}: {value}"));
        }
        self
    }

    pub(crate) fn token_missing() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "800001", "The partner token is missing in the request context.")
    }

    pub(crate) fn access_denied() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "400", "Access denied")
    }

    /// The token is for another audience.
    pub(crate) fn audience(audience: &str) -> Self {
        let description = format!(
            "The audience '{audience}' in the token is invalid and is no longer supported in Partner Center API."
        );
        Self::new(StatusCode::UNAUTHORIZED, "900420", description)
    }

    pub(crate) fn mfa_missing() -> Self {
        let description = "The token was issued without multi-factor authentication, which is required.";
        Self::new(StatusCode::UNAUTHORIZED, "900421", description)
    }

    pub(crate) fn app_only() -> Self {
        let description = "This resource doesn't support application-only authentication.";
        Self::new(StatusCode::FORBIDDEN, "900329", description)
    }

    pub(crate) fn throttled(rejection: Rejection) -> Self {
        let status = StatusCode::TOO_MANY_REQUESTS;
        let message = format!("Rate limit is exceeded. Try again in {} seconds.", rejection.seconds);
        let mut error = match rejection.body {
            throttle::Body::Fault => Self::new(status, "429", "Too many requests."),
            throttle::Body::Gateway => {
                Self { status, body: ErrorBody::Gateway { status_code: status.as_u16(), message }, retry_after: None }
            }
        };
        error.retry_after = rejection.header.then_some(RetryAfter::Seconds(rejection.seconds));
        error
    }

    /// The error of a fault rule.
    pub(crate) fn injected(status: StatusCode, code: Option<&str>, retry_after: Option<RetryAfter>) -> Self {
        if status == StatusCode::TOO_MANY_REQUESTS && code.is_none() {
            let retry_after = retry_after.unwrap_or(RetryAfter::Seconds(1));
            let (RetryAfter::Seconds(seconds) | RetryAfter::Date(seconds)) = retry_after;
            let rejection = Rejection { seconds, body: throttle::Body::Gateway, header: true };
            return Self { retry_after: Some(retry_after), ..Self::throttled(rejection) };
        }
        let code = code.unwrap_or(match status.as_u16() {
            401 => "400",
            403 => "2032",
            404 => "1000",
            400..=499 => "800002",
            501 => "0",
            _ => "800003",
        });
        let description = match code {
            "400" | "2032" => "Access denied",
            "1000" => "Not found",
            "2000" => "The query is invalid.",
            "3000" => "Customer does not have usage data.",
            "20002" => "The partner has no commerce relationship with the customer.",
            "60003" => "The customer tenant was not found.",
            "800003" => "An unexpected service error occurred.",
            "900124" => "The Microsoft Partner Agreement has not been accepted.",
            "900150" => "The supplied role does not have the rights.",
            "900329" => "This resource doesn't support application-only authentication.",
            _ => "A fault rule rejected this call.",
        };
        Self { retry_after, ..Self::new(status, code.to_owned(), description) }
    }

    pub(crate) fn path_not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "1000", "Not found")
    }

    pub(crate) fn customer_id(id: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "2012", "The customer id cannot be converted to a GUID.")
            .about("CustomerId", id)
    }

    pub(crate) fn customer_not_found(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "60003", "The customer tenant was not found.").about("CustomerId", id)
    }

    pub(crate) fn subscription_id(id: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "800021", "The subscription id is invalid.").about("SubscriptionId", id)
    }

    pub(crate) fn subscription_not_found(id: &str) -> Self {
        let description = format!("Subscription id {id} was not found under this customer.");
        Self::new(StatusCode::NOT_FOUND, "20003", description).about("SubscriptionId", id)
    }

    pub(crate) fn no_usage_data(customer: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "3000", "Customer does not have usage data.").about("CustomerId", customer)
    }

    /// An invalid request body.
    pub(crate) fn input(description: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "800002", description)
    }

    /// An invalid query, or a page beyond the end of a list.
    pub(crate) fn query(description: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "2000", description)
    }

    pub(crate) fn method_not_allowed(method: &str) -> Self {
        let message = format!("The requested resource does not support http method '{method}'.");
        Self { status: StatusCode::METHOD_NOT_ALLOWED, body: ErrorBody::Framework { message }, retry_after: None }
    }
}

/// Serializing the types of this crate cannot fail. If it did, the service's code for an unexpected error would fit.
impl From<serde_json::Error> for ErrorResponse {
    fn from(error: serde_json::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "800003", error.to_string())
    }
}
