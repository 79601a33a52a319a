//! Verification of server certificates.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, OtherError, SignatureScheme};
use rustls_platform_verifier::Verifier;
use webpki::EndEntityCert;

use super::Problem;
use crate::fault::{decode_text, sanitize};

/// The platform's verifier. Its errors name an untrusted issuer.
#[derive(Debug)]
pub(super) struct IssuerNaming(pub(super) Verifier);

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
                "nothing was sent: if your company's proxy inspects TLS, add its root certificate to the system's store, name \
                 a file with it (PEM) in SSL_CERT_FILE, or pass it to ClientBuilder::root_certificate; otherwise check the \
                 address",
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
    attribute(name, 3).or_else(|| attribute(name, 10))
}

/// The value of the attribute `2.5.4.kind` (X.520). A search for its encoded identifier is enough for an error message.
fn attribute(name: &[u8], kind: u8) -> Option<String> {
    let identifier = [6, 3, 0x55, 4, kind];
    let start = name.windows(identifier.len()).position(|part| part == identifier)? + identifier.len();
    let (tag, length, rest) = match name.get(start..)? {
        [tag, length @ 0..=0x7F, rest @ ..] | [tag, 0x81, length, rest @ ..] => (*tag, usize::from(*length), rest),
        [tag, 0x82, high, low, rest @ ..] => (*tag, usize::from(u16::from_be_bytes([*high, *low])), rest),
        _ => return None,
    };
    let text = rest.get(..length)?;
    Some(match tag {
        // BMPString: UTF-16 without a byte order mark. The other types are ASCII or UTF-8.
        0x1E => decode_text(&[b"\xFE\xFF", text].concat()).into_owned(),
        _ => String::from_utf8_lossy(text).into_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A DER element.
    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        let length = match length {
            [0, short @ 0..=0x7F] => vec![short],
            [0, long] => vec![0x81, long],
            [high, low] => vec![0x82, high, low],
        };
        [&[tag], length.as_slice(), content].concat()
    }

    fn attribute_of(kind: u8, tag: u8, text: &[u8]) -> Vec<u8> {
        element(0x31, &element(0x30, &[element(6, &[0x55, 4, kind]), element(tag, text)].concat()))
    }

    #[test]
    fn reads_the_common_name_or_the_organisation() {
        let country = attribute_of(6, 0x13, b"DE");
        let organisation = attribute_of(10, 0x0C, "Müller AG".as_bytes());
        let common_name = attribute_of(3, 0x1E, b"\0R\0o\0o\0t");
        assert_eq!(readable(&country), None);
        assert_eq!(readable(&[country.as_slice(), &organisation].concat()).as_deref(), Some("Müller AG"));
        assert_eq!(readable(&[organisation, common_name].concat()).as_deref(), Some("Root"));
        for length in [1, 127, 128, 255, 256, 1000] {
            let name = attribute_of(3, 0x0C, "x".repeat(length).as_bytes());
            assert_eq!(readable(&name).map(|name| name.len()), Some(length));
            assert_eq!(readable(&name[..name.len() - 1]), None, "truncated");
        }
    }
}
