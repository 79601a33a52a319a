//! The page where a user would sign in. Here it redirects the browser at once.

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{Html, IntoResponse, Response};
use uuid::Uuid;

use super::authority::check_tenant;
use super::failure::Failure;
use super::fields::Fields;
use super::tokens::{Code, Scope};
use crate::request::Request;
use crate::service::Service;

/// How the browser returns the result to the client.
enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

/// Redirects the browser with a code or an error. Without an address to redirect to, the response is a text.
pub(crate) fn authorize(service: &Service, request: &Request, injected: Option<Failure>) -> Response {
    let query = Fields(request.query_fields());
    let Some(redirect) = query.get("redirect_uri") else {
        let text = "AADSTS900144: The request must contain the following parameter: 'redirect_uri'.";
        return (StatusCode::BAD_REQUEST, text).into_response();
    };
    let (mode, mode_error) = match mode(&query, redirect) {
        Ok(mode) => (mode, None),
        Err(failure) => (ResponseMode::Query, Some(failure)),
    };
    let outcome = match injected.or(mode_error) {
        Some(failure) => Err(failure),
        None => code(service, request, &query, redirect),
    };
    let mut fields = match outcome {
        Ok(code) => vec![("code", code)],
        Err(failure) => vec![("error", failure.error.clone()), ("error_description", failure.description())],
    };
    if let Some(state) = query.get("state") {
        fields.push(("state", state.to_owned()));
    }
    let joint = match mode {
        ResponseMode::FormPost => return Html(form(redirect, &fields)).into_response(),
        ResponseMode::Fragment => '#',
        ResponseMode::Query if redirect.contains('?') => '&',
        ResponseMode::Query => '?',
    };
    let back = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    Response::builder()
        .status(StatusCode::FOUND)
        .header(LOCATION, format!("{redirect}{joint}{back}"))
        .body(Body::empty())
        .unwrap_or_else(|_| (StatusCode::BAD_REQUEST, "The redirect_uri is invalid.").into_response())
}

fn mode(query: &Fields, redirect: &str) -> Result<ResponseMode, Failure> {
    match query.get("response_mode") {
        None | Some("query") => Ok(ResponseMode::Query),
        Some("fragment") => Ok(ResponseMode::Fragment),
        // A form with another scheme, such as javascript, would run in the page.
        Some("form_post") if redirect.starts_with("http://") || redirect.starts_with("https://") => {
            Ok(ResponseMode::FormPost)
        }
        Some("form_post") => {
            Err(Failure::oauth("invalid_request", "The redirect_uri of a form_post must be http or https."))
        }
        Some(_) => {
            Err(Failure::oauth("invalid_request", "The response_mode must be 'query', 'fragment' or 'form_post'."))
        }
    }
}

/// A page that posts the fields to the client: at once, or at a click if scripts are disabled.
fn form(redirect: &str, fields: &[(&str, String)]) -> String {
    let input =
        |(name, value): &(&str, String)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value));
    let inputs: String = fields.iter().map(input).collect();
    format!(
        "<!DOCTYPE html>\n<html><head><title>Working...</title></head><body>\
         <form method=\"POST\" name=\"hiddenform\" action=\"{}\">{inputs}\
         <noscript><p>Script is disabled. Click Submit to continue.</p><input type=\"submit\" value=\"Submit\"></noscript>\
         </form><script>document.forms[0].submit();</script></body></html>\n",
        escape(redirect)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn code(service: &Service, request: &Request, query: &Fields, redirect: &str) -> Result<String, Failure> {
    check_tenant(request.path("tenant"))?;
    if query.require("response_type")? != "code" {
        return Err(Failure::oauth("unsupported_response_type", "The only response_type supported is 'code'."));
    }
    let method = query.get("code_challenge_method");
    if query.get("code_challenge").is_some() && method != Some("S256") {
        return Err(Failure::oauth("invalid_request", "The only code_challenge_method supported is 'S256'."));
    }
    let code = format!("sandbox-code-{}", Uuid::new_v4().simple());
    let details = Code {
        client: query.require("client_id")?.to_owned(),
        redirect_uri: redirect.to_owned(),
        challenge: query.get("code_challenge").map(str::to_owned),
        nonce: query.get("nonce").map(str::to_owned),
        scope: Scope::parse(query.require("scope")?)?,
    };
    service.tokens_mut().codes.insert(code.clone(), details);
    Ok(code)
}
