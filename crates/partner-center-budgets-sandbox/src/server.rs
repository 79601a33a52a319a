//! From an HTTP request to an endpoint and back.

use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::handler::Handler;
use axum::http::header::{AUTHORIZATION, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state, map_request};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, on};
use uuid::Uuid;

use crate::caller::Caller;
use crate::connection::ResetHandle;
use crate::corruption::corrupt;
use crate::counters::increment;
use crate::endpoint::Endpoint;
use crate::error_response::ErrorResponse;
use crate::fault::FaultKind;
use crate::operations::{Action, OPERATIONS, Operation};
use crate::path;
use crate::request::Request;
use crate::response::{Family, OperationResult, render, with_service_headers};
use crate::service::Service;
use crate::sign_in::{Access, CLIENT_REQUEST_ID, Failure, ROUTES, Route, no_store_json, origin};

pub(crate) fn router(service: Arc<Service>, byte_order_mark: bool) -> Router {
    let mut routes = Router::new().route("/_sandbox/counters", get(counters));
    for (index, operation) in OPERATIONS.iter().enumerate() {
        let family = match operation.family {
            Family::Usage if !byte_order_mark => Family::UsageWithoutMark,
            family => family,
        };
        let handler = OperationHandler { operation, endpoint: Endpoint::Operation(index), family };
        routes = routes.route(operation.path, on(operation.method, handler));
    }
    for route in ROUTES {
        routes = routes.route(route.path, on(route.method, SignInHandler(route)));
    }
    let routes = routes
        .fallback(ErrorHandler(|_| ErrorResponse::path_not_found()))
        .method_not_allowed_fallback(ErrorHandler(|request| ErrorResponse::method_not_allowed(request.method.as_str())))
        .with_state(Arc::clone(&service));
    // A layer runs after its router has chosen a route, so an outer router normalizes the paths. The last layer is the first
    // to run, so the log has the paths as they were sent.
    Router::new()
        .fallback_service(routes)
        .layer(map_request(path::normalize))
        .layer(from_fn_with_state(service, record))
}

/// Records a request and the status of its response. Requests for the counters are not calls of a client.
async fn record(State(service): State<Arc<Service>>, request: axum::extract::Request, next: Next) -> Response {
    if request.uri().path().starts_with("/_sandbox/") {
        return next.run(request).await;
    }
    let number = service.requests.add(request.method().as_str(), request.uri());
    let reset_handle = reset_handle(&request);
    let response = next.run(request).await;
    if !reset_handle.is_reset() {
        service.requests.set_status(number, response.status().as_u16());
    }
    response
}

async fn counters(State(service): State<Arc<Service>>) -> Response {
    let counters = service.counters.read(&service.world());
    no_store_json(StatusCode::OK, &counters)
}

type ResponseFuture = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Serves an operation of the service.
#[derive(Clone, Copy)]
struct OperationHandler {
    operation: &'static Operation,
    endpoint: Endpoint,
    family: Family,
}

impl Handler<(), Arc<Service>> for OperationHandler {
    type Future = ResponseFuture;

    fn call(self, request: axum::extract::Request, service: Arc<Service>) -> ResponseFuture {
        Box::pin(async move {
            let reset_handle = reset_handle(&request);
            let request = Request::from_http(request).await;
            service.counters.request(self.endpoint);
            let decision = service.throttle(Uuid::parse_str(request.path("customer")).ok());
            if decision.early {
                increment(&service.counters.early);
            }
            let fault = inject_fault(&service, self.endpoint, decision.rejection.is_some()).await;
            if let Some(rejection) = decision.rejection {
                increment(&service.counters.rejected);
                return self.error(&request, ErrorResponse::throttled(rejection));
            }
            let injected = fault.as_ref().and_then(|fault| self.injected(&service, &request, &reset_handle, fault));
            let response = injected.unwrap_or_else(|| self.respond(&service, &request));
            send(response, fault, &reset_handle).await
        })
    }
}

impl OperationHandler {
    fn error(self, request: &Request, error: ErrorResponse) -> Response {
        // The gateway does not follow the conventions of the service.
        let family = if error.is_from_service() { self.family } else { Family::Framework };
        render(family, request, None, Err(error))
    }

    /// The response of a fault that replaces the operation.
    fn injected(
        self,
        service: &Service,
        request: &Request,
        reset_handle: &ResetHandle,
        fault: &FaultKind,
    ) -> Option<Response> {
        let error = match fault {
            FaultKind::Status { status, code, .. } if code.as_deref() == Some("10001") => {
                let response = (*status, "Authentication failed. MFA required. (10001)").into_response();
                return Some(with_service_headers(response, request));
            }
            FaultKind::Status { status, code, retry_after } => {
                ErrorResponse::injected(*status, code.as_deref(), *retry_after)
            }
            FaultKind::ExpiredToken => {
                if let Some(token) = bearer(&request.headers) {
                    service.tokens_mut().expire(token);
                }
                ErrorResponse::access_denied()
            }
            fault => return common_response(fault, reset_handle).map(|it| with_service_headers(it, request)),
        };
        Some(self.error(request, error))
    }

    fn respond(self, service: &Service, request: &Request) -> Response {
        let (mfa, result) = match authenticate(service, request) {
            Err(error) => (None, Err(error)),
            Ok(access) => {
                let needs_user = (self.operation.needs_user)(request);
                let allowed = access.check(needs_user, [&service.base_url, &origin(service, request)]);
                (access.mfa(), allowed.and_then(|()| self.run(service, request, &access.caller)))
            }
        };
        if result.is_ok() {
            increment(&service.counters.answered);
        }
        render(self.family, request, mfa, result)
    }

    fn run(self, service: &Service, request: &Request, caller: &Caller) -> OperationResult {
        match self.operation.action {
            Action::Read(read) => read(&service.world(), request),
            Action::Write(write) => write(&mut service.world_mut(), request, caller),
        }
    }
}

/// Serves an endpoint of the sign-in.
#[derive(Clone, Copy)]
struct SignInHandler(&'static Route);

impl Handler<(), Arc<Service>> for SignInHandler {
    type Future = ResponseFuture;

    fn call(self, request: axum::extract::Request, service: Arc<Service>) -> ResponseFuture {
        Box::pin(async move {
            let Route { endpoint, respond, .. } = *self.0;
            let reset_handle = reset_handle(&request);
            let request = Request::from_http(request).await;
            service.counters.request(endpoint);
            let fault = inject_fault(&service, endpoint, false).await;
            let injected = match fault.as_ref() {
                Some(FaultKind::TokenError(error)) => Some(respond(&service, &request, Some(Failure::injected(error)))),
                Some(FaultKind::Status { status, code, retry_after }) => {
                    let error = ErrorResponse::injected(*status, code.as_deref(), *retry_after);
                    Some(render(Family::Framework, &request, None, Err(error)))
                }
                Some(fault) => common_response(fault, &reset_handle),
                None => None,
            };
            let mut response = injected.unwrap_or_else(|| respond(&service, &request, None));
            if let Some(id) = request.headers.get(CLIENT_REQUEST_ID) {
                response.headers_mut().insert(CLIENT_REQUEST_ID, id.clone());
            }
            send(response, fault, &reset_handle).await
        })
    }
}

/// Responds to an unknown path or method, without a check of the token.
#[derive(Clone, Copy)]
struct ErrorHandler(fn(&Request) -> ErrorResponse);

impl Handler<(), Arc<Service>> for ErrorHandler {
    type Future = ResponseFuture;

    fn call(self, request: axum::extract::Request, _: Arc<Service>) -> ResponseFuture {
        Box::pin(async move {
            let request = Request::from_http(request).await;
            render(Family::Framework, &request, None, Err((self.0)(&request)))
        })
    }
}

/// Selects the fault for a call, waits for its latency, and returns its kind.
async fn inject_fault(service: &Service, endpoint: Endpoint, is_rejected: bool) -> Option<FaultKind> {
    let fault = service.select_fault(endpoint, is_rejected);
    if !fault.latency.is_zero() {
        tokio::time::sleep(fault.latency).await;
    }
    fault.kind
}

/// The response of a fault that replaces every endpoint in the same way.
fn common_response(fault: &FaultKind, reset_handle: &ResetHandle) -> Option<Response> {
    match fault {
        FaultKind::Redirect(address) => {
            Some((StatusCode::TEMPORARY_REDIRECT, [(LOCATION, address.as_str())]).into_response())
        }
        FaultKind::Html(status) => Some((*status, Html(page(*status))).into_response()),
        FaultKind::Reset => {
            reset_handle.reset();
            Some(Response::new(Body::empty()))
        }
        _ => None,
    }
}

fn page(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or("Error");
    format!(
        "<!DOCTYPE html>\n<html><head><title>{reason}</title></head>\n\
         <body><h1>{} {reason}</h1><hr><p>The gateway answered in place of the service.</p></body></html>\n",
        status.as_u16()
    )
}

/// The response as it is sent, corrupted if the fault requires it.
async fn send(response: Response, fault: Option<FaultKind>, reset_handle: &ResetHandle) -> Response {
    match fault {
        None => response,
        Some(FaultKind::ResetAfter) => {
            reset_handle.reset();
            response
        }
        Some(fault) => corrupt(response, &fault).await,
    }
}

fn reset_handle(request: &axum::extract::Request) -> ResetHandle {
    request.extensions().get::<ConnectInfo<ResetHandle>>().map(|info| info.0.clone()).unwrap_or_default()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn authenticate(service: &Service, request: &Request) -> Result<Access, ErrorResponse> {
    if !request.headers.contains_key(AUTHORIZATION) {
        return Err(ErrorResponse::token_missing());
    }
    let token = bearer(&request.headers).ok_or_else(ErrorResponse::access_denied)?;
    service.tokens().access(token).ok_or_else(ErrorResponse::access_denied)
}
