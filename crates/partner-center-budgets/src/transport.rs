//! HTTP clients: TLS by rustls with ring and the platform's root certificates, the proxy, and loopback for plain http.

mod loopback;
mod problem;
#[cfg(feature = "rustls")]
mod proxy;
#[cfg(feature = "rustls")]
mod roots;
#[cfg(feature = "rustls")]
mod verifier;

use crate::Error;
use crate::base_url::BaseUrl;
pub(crate) use problem::Problem;

/// An HTTP client for requests with secrets to one server.
pub(crate) fn http(server: &BaseUrl) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
        // A redirect would send the secrets to another server.
        .redirect(reqwest::redirect::Policy::none());
    let builder = match server.is_https() {
        true => configure_tls(builder)?,
        // A proxy could read the secrets, and so could another machine that `localhost` resolves to.
        false => without_roots(builder.no_proxy().dns_resolver(loopback::LoopbackOnly))?,
    };
    builder.build().map_err(|error| Error::Setup { source: error.into() })
}

/// Sets up the proxy and TLS.
///
/// The provider is passed explicitly, because a library must not choose one for the whole process.
#[cfg(feature = "rustls")]
fn configure_tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    use std::sync::Arc;

    proxy::check()?;
    let config = tls_config()?;
    let verifier = verifier::IssuerNaming::new(roots::from_environment()?, Arc::clone(config.crypto_provider()))?;
    let config = config.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

/// A client for plain http gets an empty set of roots: loading the platform's takes longer than a call to loopback.
#[cfg(feature = "rustls")]
fn without_roots(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    let config = tls_config()?.with_root_certificates(rustls::RootCertStore::empty());
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

#[cfg(feature = "rustls")]
fn tls_config() -> Result<rustls::ConfigBuilder<rustls::ClientConfig, rustls::WantsVerifier>, Error> {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    config.map_err(|error| Error::Setup { source: error.into() })
}

/// Without TLS there is nothing to set up: only loopback addresses are accepted.
#[cfg(not(feature = "rustls"))]
fn configure_tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder)
}

#[cfg(not(feature = "rustls"))]
fn without_roots(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder)
}
