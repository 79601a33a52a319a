//! The paths of the sign-in, and the form of its responses.

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodFilter;
use serde::Serialize;

use super::authorize::authorize;
use super::device_code::device_code;
use super::discovery::{instance, keys, openid_configuration};
use super::failure::{Failure, SignInResult};
use super::token_endpoint::token;
use crate::endpoint::Endpoint;
use crate::request::Request;
use crate::service::Service;

/// The header with the client's id of a request. Responses repeat it, and errors use it as their correlation id.
pub(crate) const CLIENT_REQUEST_ID: &str = "client-request-id";

/// A path of the sign-in.
pub(crate) struct Route {
    pub(crate) path: &'static str,
    pub(crate) method: MethodFilter,
    pub(crate) endpoint: Endpoint,
    /// The response to a request, or to the failure that a fault rule injects.
    pub(crate) respond: fn(&Service, &Request, Option<Failure>) -> Response,
}

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
