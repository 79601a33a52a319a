//! The authority and its tenants.

use super::failure::Failure;
use crate::request::Request;
use crate::service::Service;

/// Placeholders for a tenant.
pub(crate) const COMMON_TENANTS: [&str; 3] = ["common", "organizations", "consumers"];

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
