//! TLS by rustls with ring, the platform's root certificates and those of the program.

use std::sync::Arc;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use super::pem::pem_text;
use super::roots;
use super::verifier::IssuerNaming;
use crate::Error;

/// The certificates that a program sets: roots to trust besides those of the platform, and its own.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) roots: Vec<CertificateDer<'static>>,
    pub(crate) identity: Option<Arc<SingleCertAndKey>>,
}

impl Settings {
    /// The settings for https, or those of a client that uses plain http only.
    pub(super) fn config(&self, is_https: bool) -> Result<ClientConfig, Error> {
        let setup = |error: rustls::Error| Error::Setup { source: error.into() };
        // Passed explicitly, because a library must not choose a provider for the whole process.
        let provider = Arc::new(default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().map_err(setup)?;
        let builder = if is_https {
            let roots = roots::from_environment()?.into_iter().chain(self.roots.iter().cloned());
            let verifier = Verifier::new_with_extra_roots(roots, provider).map_err(setup)?;
            builder.dangerous().with_custom_certificate_verifier(Arc::new(IssuerNaming(verifier)))
        } else {
            // To load the platform's roots takes longer than a call to loopback.
            builder.with_root_certificates(RootCertStore::empty())
        };
        Ok(match &self.identity {
            Some(identity) => builder.with_client_cert_resolver(Arc::<SingleCertAndKey>::clone(identity)),
            None => builder.with_no_client_auth(),
        })
    }
}

/// A client certificate with its chain and key. No error repeats the text, which has the key.
pub(crate) fn identity(pem: &[u8]) -> Result<Arc<SingleCertAndKey>, Error> {
    let refused = |why: &str| {
        Error::input(
            format!("the client certificate cannot be used: {why}"),
            "pass PEM text with the certificate first, then its chain, and its private key, not encrypted (openssl pkcs8 -in \
             FILE decrypts a key)",
        )
    };
    let pem = pem_text(pem);
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok).collect();
    if certificates.is_empty() {
        return Err(refused("the text has no certificate"));
    }
    let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| refused("the text has no private key"))?;
    let key = CertifiedKey::from_der(certificates, key, &default_provider())
        .map_err(|_| refused("the key is not that of the first certificate, or of an unknown kind"))?;
    Ok(Arc::new(key.into()))
}
