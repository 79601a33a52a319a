//! Errors of the sign-in, with their own codes and shape.

use axum::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

/// The JSON of a success, or an error.
pub(crate) type SignInResult = Result<Value, Failure>;

/// An error of the sign-in.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: StatusCode,
    /// The OAuth error, such as `invalid_grant`.
    pub(crate) error: String,
    code: Option<u32>,
    description: String,
}

impl Failure {
    /// An error with an AADSTS code, which determines the status and the OAuth error.
    pub(crate) fn new(code: u32, description: impl Into<String>) -> Self {
        let (status, error) = match code {
            700_016 | 7_000_215 | 7_000_216 | 7_000_222 | 700_021 | 700_023 | 700_024 | 700_027 | 50_027 => {
                (StatusCode::UNAUTHORIZED, "invalid_client")
            }
            50_076 | 50_078 | 50_079 | 53_003 => (StatusCode::BAD_REQUEST, "interaction_required"),
            70_003 => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            70_011 | 1_002_012 => (StatusCode::BAD_REQUEST, "invalid_scope"),
            5_000_224 | 500_011 => (StatusCode::BAD_REQUEST, "invalid_resource"),
            70_020 => (StatusCode::BAD_REQUEST, "expired_token"),
            70_016 => (StatusCode::BAD_REQUEST, "authorization_pending"),
            90_033 => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
            90_014 | 90_038 | 50_020 | 900_023 | 900_144 | 9_002_313 => (StatusCode::BAD_REQUEST, "invalid_request"),
            _ => (StatusCode::BAD_REQUEST, "invalid_grant"),
        };
        Self { status, error: error.to_owned(), code: Some(code), description: description.into() }
    }

    /// An OAuth error without an AADSTS code.
    pub(crate) fn oauth(error: &str, description: &str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error: error.to_owned(),
            code: None,
            description: description.to_owned(),
        }
    }

    /// The error of a fault rule: `AADSTS…` or an OAuth error.
    pub(crate) fn injected(text: &str) -> Self {
        let code = text.strip_prefix("AADSTS").and_then(|code| code.parse().ok());
        let Some(code) = code else {
            return Self::oauth(text, "A fault rule rejected this sign-in.");
        };
        let description = match code {
            50_020 => "User account from the identity provider does not exist in the tenant.",
            50_076 => {
                "Due to a configuration change made by your administrator, or because you moved to a new location, \
                 you must use multi-factor authentication to access 'fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd'."
            }
            50_078 => {
                "Presented multi-factor authentication has expired due to policies configured by your administrator."
            }
            50_079 => "Due to a configuration change, you must enroll in multi-factor authentication.",
            50_126 => "Error validating credentials due to invalid username or password.",
            53_003 => "Access has been blocked by Conditional Access policies.",
            65_001 => "The user or administrator has not consented to use the application.",
            70_008 => "The provided authorization code or refresh token has expired due to inactivity.",
            700_082 => REFRESH_TOKEN_EXPIRED,
            700_084 => "The refresh token was issued to a single page app, and has a fixed, limited lifetime.",
            700_027 => {
                "The certificate with identifier used to sign the client assertion is not registered on application."
            }
            7_000_215 => SECRET_WRONG,
            7_000_222 => "The provided client secret keys for the app are expired.",
            90_033 => "A transient error has occurred. Please try again.",
            90_038 => "Confidential Client is not supported in Cross Cloud request.",
            900_023 => "Specified tenant identifier is neither a valid DNS name, nor a valid external domain.",
            9_002_313 => "Invalid request. Request is malformed or invalid.",
            5_000_224 => "We are sorry, this resource is not available.",
            _ => "A fault rule rejected this sign-in.",
        };
        Self::new(code, description)
    }

    /// The text for users, which begins with the code.
    pub(crate) fn description(&self) -> String {
        match self.code {
            Some(code) => format!("AADSTS{code}: {}", self.description),
            None => self.description.clone(),
        }
    }

    pub(crate) fn body(&self, correlation: Option<Uuid>) -> Value {
        let trace = Uuid::new_v4();
        let correlation = correlation.unwrap_or_else(Uuid::new_v4);
        // The time is fixed, as all dates of the sandbox.
        let timestamp = "2019-09-17 17:08:11Z";
        let description = self.description();
        json!({
            "error": self.error,
            "error_description": format!(
                "{description}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {timestamp}"
            ),
            "error_codes": self.code.into_iter().collect::<Vec<u32>>(),
            "timestamp": timestamp,
            "trace_id": trace,
            "correlation_id": correlation,
        })
    }
}

pub(crate) const REFRESH_TOKEN_EXPIRED: &str = "The refresh token has expired due to inactivity.";

pub(crate) const SECRET_WRONG: &str = "Invalid client secret provided. Ensure the secret being sent in the request is \
                                       the client secret value, not the client secret ID.";
