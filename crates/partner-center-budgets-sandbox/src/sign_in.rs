//! The sign-in: the part of Microsoft Entra that clients of Partner Center use.

mod assertion;
mod authorize;
mod claims;
mod device;
mod discovery;
mod failure;
mod grant;
mod tokens;

use axum::{
    body::Body,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value;

pub(crate) use authorize::authorize;
pub use device::DeviceFlow;
pub(crate) use device::device_code;
pub(crate) use discovery::{instance, keys, openid_configuration};
pub(crate) use failure::Failure;
pub(crate) use grant::token;
pub(crate) use tokens::{Access, Scope, Settings, Tokens};

use crate::{request::Request, service::Service};

/// The id that a client gives its request. Responses repeat it, and failures have it as their correlation id.
pub(crate) const CLIENT_REQUEST_ID: &str = "client-request-id";

/// What the endpoints of the sign-in answer.
pub(crate) type Outcome = Result<Value, Failure>;

/// A way to get a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grant {
    ClientCredentials,
    RefreshToken,
    AuthorizationCode,
    DeviceCode,
}

impl Grant {
    /// In the order of their discriminants, which counters rely on.
    pub(crate) const ALL: [Grant; 4] =
        [Grant::ClientCredentials, Grant::RefreshToken, Grant::AuthorizationCode, Grant::DeviceCode];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Grant::ClientCredentials => "client_credentials",
            Grant::RefreshToken => "refresh_token",
            Grant::AuthorizationCode => "authorization_code",
            Grant::DeviceCode => "device_code",
        }
    }
}

/// The two versions of the endpoints. The older one is still in use by tools around Partner Center.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    V2,
}

impl Version {
    pub(crate) fn of(path: &str) -> Version {
        if path.contains("/oauth2/v2.0/") { Version::V2 } else { Version::V1 }
    }
}

/// The fields of a form or a query.
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

impl Fields {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    pub(crate) fn need(&self, name: &str) -> Result<&str, Failure> {
        self.get(name).ok_or_else(|| {
            let description = format!("The request body must contain the following parameter: '{name}'.");
            Failure::new(900_144, description)
        })
    }
}

/// The address of the authority as the client of a request knows it.
///
/// The sandbox itself has no TLS. A client that uses another host name or port comes through a TLS front, which need
/// not add any header.
pub(crate) fn origin(service: &Service, request: &Request) -> String {
    let own = service.base_url.trim_start_matches("http://");
    let local = own.replace("127.0.0.1", "localhost");
    match request.header("Host") {
        Some(host) if host != own && host != local => format!("https://{host}"),
        Some(host) => format!("http://{host}"),
        None => service.base_url.clone(),
    }
}

/// Refuses what cannot be a tenant.
pub(crate) fn check_tenant(tenant: &str) -> Result<(), Failure> {
    let known = ["common", "organizations", "consumers"].contains(&tenant);
    if known || tenant.contains('.') || uuid::Uuid::parse_str(tenant).is_ok() {
        return Ok(());
    }
    let description =
        format!("Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.");
    Err(Failure::new(900_023, description))
}

/// Writes an answer as the sign-in does, which has other manners than Partner Center.
pub(crate) fn render(request: &Request, outcome: Outcome) -> Response {
    match outcome {
        Ok(body) => json(StatusCode::OK, &body),
        Err(failure) => {
            let id = request.header(CLIENT_REQUEST_ID).and_then(|id| uuid::Uuid::parse_str(id).ok());
            json(failure.status, &failure.body(id))
        }
    }
}

/// JSON that no cache may keep.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let body = serde_json::to_vec(body).unwrap_or_default();
    Response::builder()
        .status(status)
        .header(CONTENT_TYPE, "application/json; charset=utf-8")
        .header(CACHE_CONTROL, "no-store, no-cache")
        .body(Body::from(body))
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
