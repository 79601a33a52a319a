//! TLS by rustls with ring and the platform's root certificates.

use std::sync::Arc;

use rustls::crypto::ring::default_provider;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use super::verifier::IssuerNaming;
use super::{proxy, roots};
use crate::Error;

/// The settings for https, or those of a client that uses plain http only.
pub(super) fn config(is_https: bool) -> Result<ClientConfig, Error> {
    let setup = |error: rustls::Error| Error::Setup { source: error.into() };
    // Passed explicitly, because a library must not choose a provider for the whole process.
    let provider = Arc::new(default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
    let builder = builder.with_safe_default_protocol_versions().map_err(setup)?;
    let builder = if is_https {
        proxy::check()?;
        let verifier = Verifier::new_with_extra_roots(roots::from_environment()?, provider).map_err(setup)?;
        builder.dangerous().with_custom_certificate_verifier(Arc::new(IssuerNaming(verifier)))
    } else {
        // To load the platform's roots takes longer than a call to loopback.
        builder.with_root_certificates(RootCertStore::empty())
    };
    Ok(builder.with_no_client_auth())
}
