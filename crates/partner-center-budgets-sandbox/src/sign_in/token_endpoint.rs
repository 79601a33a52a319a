//! The token endpoint.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::assertion;
use super::authority::{check_tenant, origin};
use super::claims::Bearer;
use super::credentials::CLIENT_SECRET;
use super::failure::{Failure, REFRESH_TOKEN_EXPIRED, SECRET_WRONG, SignInResult};
use super::fields::Fields;
use super::grant::Grant;
use super::tokens::{Code, Issued, Scope, Tokens};
use crate::request::Request;
use crate::service::Service;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The version of an endpoint. Some tools for Partner Center still use the older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    V1,
    V2,
}

impl Version {
    fn of_path(path: &str) -> Self {
        if path.contains("/oauth2/v2.0/") { Self::V2 } else { Self::V1 }
    }
}

/// Issues a token.
pub(crate) fn token(service: &Service, request: &Request) -> SignInResult {
    let version = Version::of_path(request.whole_path());
    check_tenant(request.path("tenant"))?;
    let mut form = Fields(request.form());
    take_basic(request, &mut form);
    let grant = match form.require("grant_type")? {
        "client_credentials" => Grant::ClientCredentials,
        "refresh_token" => Grant::RefreshToken,
        "authorization_code" => Grant::AuthorizationCode,
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => Grant::DeviceCode,
        other => {
            return Err(Failure::new(70_003, format!("The app requested an unsupported grant type '{other}'.")));
        }
    };
    let client = form.require("client_id")?;
    authenticate(service, request, &form, client, grant)?;
    let mut tokens = service.tokens_mut();
    let mut nonce = None;
    let scope = match grant {
        Grant::ClientCredentials => app_scope(version, &form)?,
        Grant::RefreshToken => refresh_scope(&tokens, version, &form)?,
        Grant::AuthorizationCode => {
            let code = code(&mut tokens, &form, client)?;
            nonce.clone_from(&code.nonce);
            code_scope(version, &form, code)?
        }
        Grant::DeviceCode => device_scope(&mut tokens, &form, client)?,
    };
    let origin = origin(service, request);
    let bearer = Bearer { issuer: &origin, tenant: request.path("tenant"), client };
    let openid = scope.openid && grant != Grant::ClientCredentials;
    let issued = tokens.issue(grant, scope, &bearer, &service.counters);
    let mut body = answer(version, &issued);
    if openid {
        body["id_token"] = Value::from(bearer.id_token(issued.lifetime, nonce.as_deref()));
        body["client_info"] = Value::from(bearer.client_info());
    }
    Ok(body)
}

/// Copies client id and secret from a header of Basic authentication into the form.
fn take_basic(request: &Request, form: &mut Fields) {
    let header = request.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let basic = header.and_then(|value| value.strip_prefix("Basic ")).and_then(|text| STANDARD.decode(text).ok());
    let Some((client, secret)) = basic.as_deref().and_then(|bytes| {
        let colon = bytes.iter().position(|byte| *byte == b':')?;
        Some((&bytes[..colon], &bytes[colon + 1..]))
    }) else {
        return;
    };
    for (name, value) in [("client_id", client), ("client_secret", secret)] {
        // Both are form-encoded before they are joined.
        let value = form_urlencoded::parse(value).next().map_or_else(String::new, |(key, _)| key.into_owned());
        form.0.push((name.to_owned(), value));
    }
}

/// Authenticates the client. Public clients are accepted if a user signs in.
fn authenticate(
    service: &Service,
    request: &Request,
    form: &Fields,
    client: &str,
    grant: Grant,
) -> Result<(), Failure> {
    if let Some(assertion) = form.get("client_assertion") {
        if form.require("client_assertion_type")? != ASSERTION_TYPE {
            return Err(Failure::new(900_144, format!("The client_assertion_type must be '{ASSERTION_TYPE}'.")));
        }
        let path = request.whole_path();
        let host = request.header("Host").unwrap_or_default();
        let origins = [service.base_url.clone(), format!("http://{host}"), format!("https://{host}")];
        return assertion::check(assertion, client, &origins.map(|origin| format!("{origin}{path}")));
    }
    match form.get("client_secret") {
        Some(CLIENT_SECRET) => Ok(()),
        Some(_) => Err(Failure::new(7_000_215, SECRET_WRONG)),
        None if grant == Grant::ClientCredentials => {
            Err(Failure::new(7_000_216, "'client_assertion' or 'client_secret' is required for this grant."))
        }
        None => Ok(()),
    }
}

/// The scope of the form, if any; refresh tokens and codes also have one.
fn requested_scope(version: Version, form: &Fields) -> Result<Option<Scope>, Failure> {
    match version {
        Version::V1 => Ok(form.get("resource").map(|resource| Scope::resource(resource, form.get("scope")))),
        Version::V2 => form.get("scope").map(Scope::parse).transpose(),
    }
}

fn missing(version: Version) -> Failure {
    let field = if version == Version::V1 { "resource" } else { "scope" };
    Failure::new(90_014, format!("The required field '{field}' is missing from the credential."))
}

fn app_scope(version: Version, form: &Fields) -> Result<Scope, Failure> {
    let scope = requested_scope(version, form)?.ok_or_else(|| missing(version))?;
    if version == Version::V2 && !scope.text.ends_with("/.default") {
        let description = format!(
            "The provided value for scope {} is not valid. Client credential flows must have a scope value with \
             /.default suffixed to the resource identifier (application ID URI).",
            scope.text
        );
        return Err(Failure::new(1_002_012, description));
    }
    Ok(scope)
}

fn refresh_scope(tokens: &Tokens, version: Version, form: &Fields) -> Result<Scope, Failure> {
    let granted = tokens.redeem(form.require("refresh_token")?);
    let granted = granted.ok_or_else(|| Failure::new(700_082, REFRESH_TOKEN_EXPIRED))?;
    requested_scope(version, form)?.or(granted).ok_or_else(|| missing(version))
}

fn code(tokens: &mut Tokens, form: &Fields, client: &str) -> Result<Code, Failure> {
    // Removed at once: a code can be redeemed once.
    let code = tokens.codes.remove(form.require("code")?).ok_or_else(|| {
        Failure::new(54_005, "OAuth2 Authorization code was already redeemed, please retry with a new valid code.")
    })?;
    if code.client != client {
        return Err(Failure::new(70_000, "The provided grant was issued to another application."));
    }
    if form.get("redirect_uri") != Some(&*code.redirect_uri) {
        return Err(Failure::new(
            50_011,
            "The redirect URI specified in the request does not match the one of the code.",
        ));
    }
    let answered = form.get("code_verifier").map(|verifier| URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)));
    if answered != code.challenge {
        let description = "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
        return Err(Failure::new(501_481, description));
    }
    Ok(code)
}

fn code_scope(version: Version, form: &Fields, code: Code) -> Result<Scope, Failure> {
    let requested = requested_scope(version, form)?;
    // The consent of a refresh token dates from its first sign-in, whatever the request.
    Ok(Scope { offline: code.scope.offline || version == Version::V1, ..requested.unwrap_or(code.scope) })
}

fn device_scope(tokens: &mut Tokens, form: &Fields, client: &str) -> Result<Scope, Failure> {
    let code = form.get("device_code").or_else(|| form.get("code"));
    let code = code.map_or_else(|| form.require("device_code"), Ok)?;
    let device = tokens.devices.get_mut(code).filter(|device| device.client == client);
    let device = device.ok_or_else(|| {
        Failure::new(70_020, "The provided value for the input parameter 'device_code' is not valid.")
    })?;
    if device.pending > 0 {
        device.pending -= 1;
        return Err(Failure::new(70_016, "OAuth 2.0 device flow error. Authorization is pending. Continue polling."));
    }
    if device.slow_down > 0 {
        device.slow_down -= 1;
        return Err(Failure::oauth("slow_down", "The device polls too fast."));
    }
    let scope = device.scope.clone();
    tokens.devices.remove(code);
    Ok(scope)
}

fn answer(version: Version, issued: &Issued) -> Value {
    let seconds = issued.lifetime.as_secs();
    let mut body = match version {
        Version::V2 => json!({
            "token_type": "Bearer",
            "scope": issued.scope.text,
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": issued.access,
        }),
        Version::V1 => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            json!({
                "token_type": "Bearer",
                "scope": issued.scope.text,
                "expires_in": seconds.to_string(),
                "ext_expires_in": seconds.to_string(),
                "expires_on": now.saturating_add(seconds).to_string(),
                "not_before": now.to_string(),
                "resource": issued.scope.audience,
                "access_token": issued.access,
            })
        }
    };
    if let Some(refresh) = &issued.refresh {
        body["refresh_token"] = Value::from(refresh.as_str());
    }
    body
}
