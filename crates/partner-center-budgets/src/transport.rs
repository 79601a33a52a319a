//! The way to a server: connections, and TLS by rustls with ring and the root certificates that the platform trusts.

use crate::Error;
use crate::base_url::BaseUrl;

/// An HTTP client for calls of one server that carry secrets.
pub(crate) fn http(server: &BaseUrl) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
        // What goes to this server is for no other.
        .redirect(reqwest::redirect::Policy::none());
    // Over plain http a proxy would read the secrets; https goes through it unread.
    let builder = if server.is_https() { builder } else { builder.no_proxy() };
    configure_tls(builder, server.is_https())?.build().map_err(|error| Error::Setup { source: error.into() })
}

/// Sets up TLS, where `is_needed` for real.
///
/// The provider is handed over explicitly, since a library must not choose one for the whole process. A client for plain
/// http gets an empty set of roots, because reading the platform's takes longer than a call to loopback.
#[cfg(feature = "rustls")]
fn configure_tls(builder: reqwest::ClientBuilder, is_needed: bool) -> Result<reqwest::ClientBuilder, Error> {
    use std::sync::Arc;

    use rustls::crypto::ring;
    use rustls::{ClientConfig, RootCertStore};
    use rustls_platform_verifier::BuilderVerifierExt;

    let setup = |error: rustls::Error| Error::Setup { source: error.into() };
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(setup)?;
    let config = match is_needed {
        true => config.with_platform_verifier().map_err(setup)?,
        false => config.with_root_certificates(RootCertStore::empty()),
    };
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

/// Without TLS there is nothing to set up: only loopback addresses are accepted.
#[cfg(not(feature = "rustls"))]
fn configure_tls(builder: reqwest::ClientBuilder, _: bool) -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder)
}
