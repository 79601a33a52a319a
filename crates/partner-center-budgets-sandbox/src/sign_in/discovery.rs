//! The documents that sign-in libraries read before they request a token.

use serde_json::{Value, json};

use super::authority::{COMMON_TENANTS, check_tenant, origin};
use super::claims::tenant_id;
use super::failure::{Failure, SignInResult};
use super::fields::Fields;
use crate::request::Request;
use crate::service::Service;

/// The hosts of the authority by cloud, the preferred one first.
const CLOUDS: [&[&str]; 3] = [
    &["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    &["login.microsoftonline.us", "login.usgovcloudapi.net"],
    &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
];

/// The OpenID configuration of a tenant.
pub(crate) fn openid_configuration(service: &Service, request: &Request) -> SignInResult {
    let tenant = request.path("tenant");
    check_tenant(tenant)?;
    let origin = origin(service, request);
    // Tenants share these endpoints, so the issuer has a placeholder.
    let shared = COMMON_TENANTS.contains(&tenant);
    let tenant = if shared { tenant.to_owned() } else { tenant_id(tenant).to_string() };
    let issuer = if shared { "{tenantid}" } else { &*tenant };
    Ok(json!({
        "issuer": format!("{origin}/{issuer}/v2.0"),
        "authorization_endpoint": format!("{origin}/{tenant}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{origin}/{tenant}/oauth2/v2.0/token"),
        "device_authorization_endpoint": format!("{origin}/{tenant}/oauth2/v2.0/devicecode"),
        "jwks_uri": format!("{origin}/{tenant}/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["none"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver"],
    }))
}

/// The signing keys: none, because tokens of the sandbox are not signed.
pub(crate) fn keys(_: &Service, _: &Request) -> SignInResult {
    Ok(json!({ "keys": [] }))
}

/// The hosts of the authority, and the URL of its OpenID configuration.
pub(crate) fn instance(service: &Service, request: &Request) -> SignInResult {
    let query = Fields(request.query_fields());
    let authority = query.require("authorization_endpoint")?.split_once("/oauth2/").map(|(authority, _)| authority);
    let authority = authority
        .filter(|authority| authority.starts_with("http"))
        .ok_or_else(|| Failure::oauth("invalid_instance", "AADSTS50049: Unknown or invalid instance."))?;
    let own = origin(service, request);
    let own = own.split_once("://").map_or(&*own, |(_, host)| host);
    let mut metadata: Vec<Value> = CLOUDS.iter().map(|hosts| cloud(hosts)).collect();
    if !CLOUDS.iter().any(|hosts| hosts.contains(&own)) {
        metadata.push(cloud(&[own]));
    }
    Ok(json!({
        "tenant_discovery_endpoint": format!("{authority}/v2.0/.well-known/openid-configuration"),
        "api-version": query.get("api-version").unwrap_or("1.1"),
        "metadata": metadata,
    }))
}

fn cloud(hosts: &[&str]) -> Value {
    json!({ "preferred_network": hosts[0], "preferred_cache": hosts.get(1).unwrap_or(&hosts[0]), "aliases": hosts })
}
