//! The page where a user would sign in. Here nobody is asked, and the browser is sent back at once.

use axum::{
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use uuid::Uuid;

use super::{
    Failure, Fields, check_tenant,
    tokens::{Code, Scope},
};
use crate::{request::Request, service::Service};

/// Sends the browser back with a code, or with an error where the client can be told one. A page is all there is
/// when the client's address is not known.
pub(crate) fn authorize(service: &Service, request: &Request, told: Option<Failure>) -> Response {
    let query = Fields(request.query_fields());
    let Some(redirect) = query.get("redirect_uri") else {
        let text = "AADSTS900144: The request must contain the following parameter: 'redirect_uri'.";
        return (StatusCode::BAD_REQUEST, text).into_response();
    };
    let outcome = match told {
        Some(failure) => Err(failure),
        None => code(service, request, &query, redirect),
    };
    let fields = match outcome {
        Ok(code) => vec![("code", code)],
        Err(failure) => vec![("error", failure.error.clone()), ("error_description", failure.description())],
    };
    let mut back = form_urlencoded::Serializer::new(String::new());
    back.extend_pairs(fields);
    if let Some(state) = query.get("state") {
        back.append_pair("state", state);
    }
    let joint = if redirect.contains('?') { '&' } else { '?' };
    let location = format!("{redirect}{joint}{}", back.finish());
    Response::builder()
        .status(StatusCode::FOUND)
        .header(LOCATION, location)
        .body(axum::body::Body::empty())
        .unwrap_or_else(|_| (StatusCode::BAD_REQUEST, "The redirect_uri is invalid.").into_response())
}

fn code(service: &Service, request: &Request, query: &Fields, redirect: &str) -> Result<String, Failure> {
    check_tenant(request.path("tenant"))?;
    if query.need("response_type")? != "code" {
        return Err(Failure::word("unsupported_response_type", "The only response_type supported is 'code'."));
    }
    let method = query.get("code_challenge_method");
    if query.get("code_challenge").is_some() && method != Some("S256") {
        return Err(Failure::word("invalid_request", "The only code_challenge_method supported is 'S256'."));
    }
    let code = format!("sandbox-code-{}", Uuid::new_v4().simple());
    let details = Code {
        client: query.need("client_id")?.to_owned(),
        redirect_uri: redirect.to_owned(),
        challenge: query.get("code_challenge").map(str::to_owned),
        scope: Scope::read(query.need("scope")?)?,
    };
    service.tokens_mut().codes.insert(code.clone(), details);
    Ok(code)
}
