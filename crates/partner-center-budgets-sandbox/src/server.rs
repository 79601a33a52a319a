//! From a request on the socket to an endpoint and back.

use std::{pin::Pin, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, State},
    handler::Handler,
    http::{
        HeaderMap, StatusCode,
        header::{AUTHORIZATION, LOCATION},
    },
    middleware::map_request,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use uuid::Uuid;

use crate::{
    answer::{self, Answer, Family},
    counters::count,
    endpoint::Endpoint,
    fault::What,
    operations, path,
    refusal::Refusal,
    request::Request,
    service::Service,
    sign_in::{self, Access, Failure},
    socket::Breaker,
    spoil::spoil,
    world::World,
};

/// The service as the endpoints share it.
pub(crate) type Shared = Arc<Service>;

pub(crate) fn router(service: Shared, byte_order_mark: bool) -> Router {
    let routes = operations::routes(byte_order_mark).route("/_sandbox/counters", get(counters)).with_state(service);
    // A layer of the router itself runs after a route has been chosen, so the paths are changed one router further out.
    Router::new().fallback_service(routes).layer(map_request(path::normalize))
}

async fn counters(State(service): State<Shared>) -> Response {
    let counters = service.tally.read(&service.world());
    sign_in::json(StatusCode::OK, &counters)
}

type Reply = Pin<Box<dyn Future<Output = Response> + Send>>;

/// An operation of the service, together with the family whose manners its answers have.
#[derive(Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) endpoint: Endpoint,
    pub(crate) family: Family,
    pub(crate) run: Run,
}

/// What an operation does. They are short and never wait, so one lock around each is enough.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    Read(fn(&World, &Request) -> Answer),
    Write(fn(&mut World, &Request) -> Answer),
}

impl Handler<(), Shared> for Operation {
    type Future = Reply;

    fn call(self, request: axum::extract::Request, service: Shared) -> Reply {
        Box::pin(async move {
            let breaker = breaker(&request);
            let request = Request::read(request).await;
            service.tally.request(self.endpoint);
            let verdict = service.throttle(Uuid::parse_str(request.path("customer")).ok());
            if verdict.early {
                count(&service.tally.early);
            }
            let what = strike(&service, self.endpoint, verdict.rejection.is_some()).await;
            if let Some(rejection) = verdict.rejection {
                count(&service.tally.rejected);
                return self.refuse(&request, Refusal::throttled(rejection));
            }
            let instead = what.as_ref().and_then(|what| self.instead(&service, &request, &breaker, what));
            let response = instead.unwrap_or_else(|| self.answer(&service, &request));
            release(response, what, &breaker).await
        })
    }
}

impl Operation {
    fn refuse(self, request: &Request, refusal: Refusal) -> Response {
        // The gateway has manners of its own.
        let family = if refusal.is_of_service() { self.family } else { Family::Framework };
        answer::render(family, request, None, Err(refusal))
    }

    /// What a fault answers instead of the operation.
    fn instead(self, service: &Service, request: &Request, breaker: &Breaker, what: &What) -> Option<Response> {
        let refusal = match what {
            What::Status { status, code, .. } if code.as_deref() == Some("10001") => {
                let response = (*status, "Authentication failed. MFA required. (10001)").into_response();
                return Some(answer::with_service_headers(response, request));
            }
            What::Status { status, code, retry_after } => Refusal::on_demand(*status, code.as_deref(), *retry_after),
            What::ExpiredToken => {
                if let Some(token) = bearer(&request.headers) {
                    service.tokens_mut().expire(token);
                }
                Refusal::access_denied()
            }
            what => return replacement(what, breaker).map(|one| answer::with_service_headers(one, request)),
        };
        Some(self.refuse(request, refusal))
    }

    fn answer(self, service: &Service, request: &Request) -> Response {
        let (mfa, answer) = match authenticate(service, request) {
            Err(refusal) => (None, Err(refusal)),
            Ok(access) => {
                let allowed = access.check(self.endpoint, request, &service.base_url);
                (access.mfa(), allowed.and_then(|()| self.run(service, request)))
            }
        };
        if answer.is_ok() {
            count(&service.tally.answered);
        }
        answer::render(self.family, request, mfa, answer)
    }

    fn run(self, service: &Service, request: &Request) -> Answer {
        match self.run {
            Run::Read(run) => run(&service.world(), request),
            Run::Write(run) => run(&mut service.world_mut(), request),
        }
    }
}

/// An endpoint of the sign-in.
#[derive(Clone, Copy)]
pub(crate) struct SignIn {
    pub(crate) endpoint: Endpoint,
    pub(crate) run: fn(&Service, &Request, Option<Failure>) -> Response,
}

impl Handler<(), Shared> for SignIn {
    type Future = Reply;

    fn call(self, request: axum::extract::Request, service: Shared) -> Reply {
        Box::pin(async move {
            let breaker = breaker(&request);
            let request = Request::read(request).await;
            service.tally.request(self.endpoint);
            let what = strike(&service, self.endpoint, false).await;
            let instead = match what.as_ref() {
                Some(What::TokenError(error)) => Some((self.run)(&service, &request, Some(Failure::on_demand(error)))),
                Some(What::Status { status, code, retry_after }) => {
                    let refusal = Refusal::on_demand(*status, code.as_deref(), *retry_after);
                    Some(answer::render(Family::Framework, &request, None, Err(refusal)))
                }
                Some(what) => replacement(what, &breaker),
                None => None,
            };
            let mut response = instead.unwrap_or_else(|| (self.run)(&service, &request, None));
            if let Some(id) = request.headers.get(sign_in::CLIENT_REQUEST_ID) {
                response.headers_mut().insert(sign_in::CLIENT_REQUEST_ID, id.clone());
            }
            release(response, what, &breaker).await
        })
    }
}

/// Refuses a path or method that does not exist, before anybody looks at the token.
#[derive(Clone, Copy)]
pub(crate) struct Refuse(pub(crate) fn(&Request) -> Refusal);

impl Handler<(), Shared> for Refuse {
    type Future = Reply;

    fn call(self, request: axum::extract::Request, _: Shared) -> Reply {
        Box::pin(async move {
            let request = Request::read(request).await;
            answer::render(Family::Framework, &request, None, Err((self.0)(&request)))
        })
    }
}

/// Waits as long as the faults say, and tells what else they want.
async fn strike(service: &Service, endpoint: Endpoint, rejected: bool) -> Option<What> {
    let strike = service.strike(endpoint, rejected);
    if !strike.latency.is_zero() {
        tokio::time::sleep(strike.latency).await;
    }
    strike.what
}

/// What a fault answers instead of any endpoint, where it is the same for all of them.
fn replacement(what: &What, breaker: &Breaker) -> Option<Response> {
    match what {
        What::Redirect(address) => {
            Some((StatusCode::TEMPORARY_REDIRECT, [(LOCATION, address.as_str())]).into_response())
        }
        What::Html(status) => Some((*status, Html(page(*status))).into_response()),
        What::Reset => {
            breaker.reset();
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

/// Lets an answer out, spoiled where a fault says so.
async fn release(response: Response, what: Option<What>, breaker: &Breaker) -> Response {
    match what {
        None => response,
        Some(What::ResetAfter) => {
            breaker.reset();
            response
        }
        Some(what) => spoil(response, &what).await,
    }
}

fn breaker(request: &axum::extract::Request) -> Breaker {
    request.extensions().get::<ConnectInfo<Breaker>>().map(|info| info.0.clone()).unwrap_or_default()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn authenticate(service: &Service, request: &Request) -> Result<Access, Refusal> {
    if !request.headers.contains_key(AUTHORIZATION) {
        return Err(Refusal::token_missing());
    }
    let token = bearer(&request.headers).ok_or_else(Refusal::access_denied)?;
    service.tokens().access(token).ok_or_else(Refusal::access_denied)
}
