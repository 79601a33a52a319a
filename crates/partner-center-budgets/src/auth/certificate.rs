//! The certificate of an app, and the assertions that it signs.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ring::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use ring::rand::SystemRandom;
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::SecretString;

use super::AuthError;
use super::hidden::Hidden;
use crate::Error;
use crate::call_ids::random_id;
use crate::transport::pem::pem_text;

/// The algorithm that signs assertions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SigningAlgorithm {
    /// RSA-PSS with SHA-256, which Microsoft recommends.
    #[default]
    Ps256,
    /// RSA PKCS #1 v1.5 with SHA-256, which every authority supports.
    Rs256,
}

/// A certificate and its private key, which sign the assertions that authenticate an app.
///
/// Clones share the key, which appears in no `Debug` output, error or log.
#[derive(Debug, Clone)]
pub struct Certificate {
    key: Hidden<Arc<RsaKeyPair>>,
    algorithm: SigningAlgorithm,
    /// The thumbprint by SHA-1, which Entra ID shows too. The authority finds the certificate by the thumbprints.
    x5t: String,
    /// The thumbprint by SHA-256.
    x5t_s256: String,
}

/// The lifetime of an assertion. Each is used at once, but the clocks may differ.
const LIFETIME: Duration = Duration::from_secs(300);

impl Certificate {
    /// Reads a certificate and its RSA private key (PKCS #8 or PKCS #1) from PEM text, in any order. The text may contain
    /// the certificates of the chain. It is UTF-8 or, with a byte order mark, UTF-16.
    ///
    /// ```no_run
    /// use partner_center_budgets::auth::Certificate;
    ///
    /// let pem = [std::fs::read("certificate.pem")?, std::fs::read("key.pem")?].concat();
    /// let certificate = Certificate::from_pem(pem)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Input`] if the certificate or the key is missing, if they do not belong together, or if the key is encrypted
    /// or not an RSA key of 2048 to 4096 bits.
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, Error> {
        let text = pem_text(pem.as_ref());
        let pem = text.trim_ascii();
        let no_key = |_| Error::input("the PEM text has no private key", NO_KEY);
        let key = PrivateKeyDer::from_pem_slice(pem).map_err(no_key)?;
        let key = match &key {
            PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
            _ => return Err(Error::input("the private key is not an RSA key", NOT_RSA)),
        };
        let key = key.map_err(|_| Error::input("the private key cannot be used", NOT_RSA))?;
        let public = key.public_key().as_ref();
        // A certificate contains its public key in the same encoding as ring returns, so it need not be parsed.
        let is_of_key = |certificate: &CertificateDer<'_>| certificate.windows(public.len()).any(|part| part == public);
        let certificate = CertificateDer::pem_slice_iter(pem).filter_map(Result::ok).find(is_of_key);
        let no_certificate = || Error::input("the PEM text has no certificate of the private key", NO_CERTIFICATE);
        let certificate = certificate.ok_or_else(no_certificate)?;
        let thumbprint = |algorithm| BASE64.encode(digest::digest(algorithm, &certificate));
        Ok(Self {
            algorithm: SigningAlgorithm::default(),
            x5t: thumbprint(&SHA1_FOR_LEGACY_USE_ONLY),
            x5t_s256: thumbprint(&SHA256),
            key: Hidden(Arc::new(key)),
        })
    }

    /// Sets the algorithm that signs assertions. The default is [`SigningAlgorithm::Ps256`].
    ///
    /// ```no_run
    /// use partner_center_budgets::auth::{Certificate, SigningAlgorithm};
    ///
    /// // For an authority that does not know PS256.
    /// let certificate = Certificate::from_pem(std::fs::read("app.pem")?)?.algorithm(SigningAlgorithm::Rs256);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn algorithm(mut self, algorithm: SigningAlgorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// A signed JSON Web Token that authenticates the app to `audience` (RFC 7523).
    pub(super) fn assertion(&self, client_id: &str, audience: &str) -> Result<SecretString, AuthError> {
        let Self { key: Hidden(key), algorithm, x5t, x5t_s256 } = self;
        let (name, encoding): (_, &'static dyn ring::signature::RsaEncoding) = match algorithm {
            SigningAlgorithm::Ps256 => ("PS256", &RSA_PSS_SHA256),
            SigningAlgorithm::Rs256 => ("RS256", &RSA_PKCS1_SHA256),
        };
        let header = serde_json::json!({ "alg": name, "typ": "JWT", "x5t": x5t, "x5t#S256": x5t_s256 });
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let claims = serde_json::json!({
            "aud": audience,
            "iss": client_id,
            "sub": client_id,
            "jti": random_id(),
            "iat": now.as_secs(),
            "nbf": now.as_secs(),
            "exp": (now + LIFETIME).as_secs(),
        });
        let mut assertion = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(encoding, &SystemRandom::new(), assertion.as_bytes(), &mut signature)
            .map_err(|_| AuthError::new("the certificate's key failed to sign", "check the key"))?;
        assertion.push('.');
        assertion.push_str(&BASE64.encode(signature));
        Ok(assertion.into())
    }
}

const NO_KEY: &str = "put the certificate and its unencrypted private key into one PEM text; \
    `openssl pkcs8 -topk8 -nodes` decrypts a key, `openssl pkcs12 -nodes` converts a PFX file";
const NO_CERTIFICATE: &str = "put the certificate and its own private key into one PEM text";
const NOT_RSA: &str = "use an RSA key of 2048 to 4096 bits, which is what Entra ID accepts";
