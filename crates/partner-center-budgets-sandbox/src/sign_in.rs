//! The sign-in: the part of Microsoft Entra ID that clients of Partner Center use.

mod assertion;
mod authorize;
mod claims;
mod device;
mod discovery;
mod failure;
mod grant;
mod tokens;

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use authorize::authorize;
pub use device::DeviceFlow;
use device::device_code;
use discovery::{instance, keys, openid_configuration};
pub(crate) use failure::Failure;
use grant::token;
pub(crate) use tokens::{Access, Scope, Settings, Tokens};

use axum::routing::MethodFilter;

use crate::endpoint::Endpoint;
use crate::request::Request;
use crate::service::Service;

/// The header with the client's id of a request. Responses repeat it, and errors use it as their correlation id.
pub(crate) const CLIENT_REQUEST_ID: &str = "client-request-id";

/// The JSON of a success, or an error.
pub(crate) type SignInResult = Result<Value, Failure>;

/// A path of the sign-in.
pub(crate) struct Route {
    pub(crate) path: &'static str,
    pub(crate) method: MethodFilter,
    pub(crate) endpoint: Endpoint,
    /// The response to a request, or to the failure that a fault rule injects.
    pub(crate) respond: fn(&Service, &Request, Option<Failure>) -> Response,
}

/// Placeholders for a tenant.
pub(crate) const COMMON_TENANTS: [&str; 3] = ["common", "organizations", "consumers"];

const fn get(path: &'static str, respond: fn(&Service, &Request, Option<Failure>) -> Response) -> Route {
    Route { path, method: MethodFilter::GET, endpoint: Endpoint::Discovery, respond }
}

const fn post(path: &'static str, respond: fn(&Service, &Request, Option<Failure>) -> Response) -> Route {
    Route { path, method: MethodFilter::POST, endpoint: Endpoint::Token, respond }
}

/// All paths of the sign-in.
pub(crate) const ROUTES: &[Route] = &[
    post("/{tenant}/oauth2/v2.0/token", |service, request, injected| json_response(service, request, injected, token)),
    post("/{tenant}/oauth2/token", |service, request, injected| json_response(service, request, injected, token)),
    Route {
        endpoint: Endpoint::DeviceCode,
        ..post("/{tenant}/oauth2/v2.0/devicecode", |service, request, injected| {
            json_response(service, request, injected, device_code)
        })
    },
    Route { endpoint: Endpoint::Authorize, ..get("/{tenant}/oauth2/v2.0/authorize", authorize) },
    get("/{tenant}/v2.0/.well-known/openid-configuration", |service, request, injected| {
        json_response(service, request, injected, openid_configuration)
    }),
    get("/{tenant}/discovery/instance", |service, request, injected| {
        json_response(service, request, injected, instance)
    }),
    get("/{tenant}/discovery/v2.0/keys", |service, request, injected| json_response(service, request, injected, keys)),
];

/// The result of `act`, or the injected failure, as JSON.
fn json_response(
    service: &Service,
    request: &Request,
    injected: Option<Failure>,
    act: fn(&Service, &Request) -> SignInResult,
) -> Response {
    render(request, injected.map_or_else(|| act(service, request), Err))
}

/// An OAuth grant type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grant {
    ClientCredentials,
    RefreshToken,
    AuthorizationCode,
    DeviceCode,
}

impl Grant {
    /// In the order of the discriminants, which are the indices of counters.
    pub(crate) const ALL: [Self; 4] =
        [Self::ClientCredentials, Self::RefreshToken, Self::AuthorizationCode, Self::DeviceCode];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ClientCredentials => "client_credentials",
            Self::RefreshToken => "refresh_token",
            Self::AuthorizationCode => "authorization_code",
            Self::DeviceCode => "device_code",
        }
    }
}

/// The version of an endpoint. Some tools for Partner Center still use the older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    V2,
}

impl Version {
    pub(crate) fn of_path(path: &str) -> Self {
        if path.contains("/oauth2/v2.0/") { Self::V2 } else { Self::V1 }
    }
}

/// The fields of a form or a query.
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

impl Fields {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    pub(crate) fn require(&self, name: &str) -> Result<&str, Failure> {
        self.get(name).ok_or_else(|| {
            let description = format!("The request body must contain the following parameter: '{name}'.");
            Failure::new(900_144, description)
        })
    }
}

/// The address of the authority from the client's point of view.
///
/// The sandbox has no TLS. A request for another host or port comes through a TLS proxy, which need not add a header.
pub(crate) fn origin(service: &Service, request: &Request) -> String {
    let own = service.base_url.trim_start_matches("http://");
    let local = own.replace("127.0.0.1", "localhost");
    match request.header("Host") {
        Some(host) if host != own && host != local => format!("https://{host}"),
        Some(host) => format!("http://{host}"),
        None => service.base_url.clone(),
    }
}

/// Fails unless `tenant` can be a tenant.
pub(crate) fn check_tenant(tenant: &str) -> Result<(), Failure> {
    let known = COMMON_TENANTS.contains(&tenant);
    if known || tenant.contains('.') || uuid::Uuid::parse_str(tenant).is_ok() {
        return Ok(());
    }
    let description =
        format!("Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.");
    Err(Failure::new(900_023, description))
}

/// Writes a result in the form of the sign-in, which is not that of Partner Center.
fn render(request: &Request, result: SignInResult) -> Response {
    match result {
        Ok(body) => no_store_json(StatusCode::OK, &body),
        Err(failure) => {
            let id = request.header(CLIENT_REQUEST_ID).and_then(|id| uuid::Uuid::parse_str(id).ok());
            no_store_json(failure.status, &failure.body(id))
        }
    }
}

/// JSON that must not be cached.
pub(crate) fn no_store_json(status: StatusCode, body: &impl Serialize) -> Response {
    let body = serde_json::to_vec(body).unwrap_or_default();
    Response::builder()
        .status(status)
        .header(CONTENT_TYPE, "application/json; charset=utf-8")
        .header(CACHE_CONTROL, "no-store, no-cache")
        .body(Body::from(body))
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
