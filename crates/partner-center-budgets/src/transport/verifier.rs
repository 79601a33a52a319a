//! Verification of server certificates.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, OtherError, SignatureScheme};
use rustls_platform_verifier::Verifier;
use webpki::EndEntityCert;

use super::Problem;
use crate::Error;
use crate::fault::sanitize;

/// The platform's verifier, with errors that name an untrusted issuer.
#[derive(Debug)]
pub(super) struct IssuerNaming(Verifier);

impl IssuerNaming {
    /// Trusts the platform's roots and `roots`.
    pub(super) fn new(roots: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Result<Self, Error> {
        let verifier = Verifier::new_with_extra_roots(roots, provider);
        verifier.map(Self).map_err(|error| Error::Setup { source: error.into() })
    }
}

impl ServerCertVerifier for IssuerNaming {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now).map_err(|error| {
            if error != rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) {
                return error;
            }
            let issuer = issuer(intermediates.last().unwrap_or(end_entity));
            let problem = Problem::new(
                format!("invalid peer certificate: its issuer {issuer} is not trusted"),
                "nothing was sent: if your company's proxy inspects TLS, add its root certificate to the system's store, or \
                 name a file with it (PEM) in SSL_CERT_FILE; otherwise check the address",
            );
            rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(problem))))
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

/// The name of a certificate's issuer, in backticks, or `unknown`.
fn issuer(certificate: &CertificateDer<'_>) -> String {
    let name = EndEntityCert::try_from(certificate).ok().and_then(|certificate| readable(certificate.issuer()));
    name.map_or_else(|| "unknown".to_owned(), |name| format!("`{}`", sanitize(&name)))
}

/// The common name in a DER-encoded name, or else its organisation.
fn readable(name: &[u8]) -> Option<String> {
    const COMMON_NAME: &[u8] = &[0x55, 4, 3];
    const ORGANISATION: &[u8] = &[0x55, 4, 10];
    let mut organisation = None;
    let mut rest = name;
    while let Some((set, after)) = element(rest) {
        rest = after;
        let (attribute, _) = element(set)?;
        let (kind, value) = element(attribute)?;
        let (text, _) = element(value)?;
        let text = || match value.first() {
            // BMPString; the other types are ASCII or UTF-8.
            Some(0x1E) => {
                let units: Vec<u16> = text.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
                String::from_utf16_lossy(&units)
            }
            _ => String::from_utf8_lossy(text).into_owned(),
        };
        match kind {
            COMMON_NAME => return Some(text()),
            ORGANISATION => organisation = Some(text()),
            _ => {}
        }
    }
    organisation
}

/// The content of the first DER element, and what follows it.
fn element(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&length, rest) = der.get(1..)?.split_first()?;
    let (length, rest) = match length {
        0..=0x7F => (usize::from(length), rest),
        0x81 => (usize::from(*rest.first()?), &rest[1..]),
        0x82 => (usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?])), &rest[2..]),
        _ => return None,
    };
    rest.split_at_checked(length)
}
