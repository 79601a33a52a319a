//! The app that signs in, for itself or for a user.

use secrecy::{ExposeSecret, SecretString};

#[cfg(feature = "certificate")]
use super::certificate::Certificate;
#[cfg(feature = "certificate")]
use super::sign_in::TOKEN_PATH;
use super::{AuthError, SignIn, TokenResponse};

/// An app registration, and how it proves that it is itself.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) tenant: String,
    pub(crate) client_id: String,
    pub(crate) proof: Proof,
}

#[derive(Debug, Clone)]
pub(crate) enum Proof {
    /// A public client, such as a program on somebody's machine, can keep no secret.
    None,
    Secret(SecretString),
    #[cfg(feature = "certificate")]
    Certificate(Certificate),
}

impl App {
    pub(crate) fn new(tenant: impl Into<String>, client_id: impl Into<String>, proof: Proof) -> Self {
        Self { tenant: tenant.into(), client_id: client_id.into(), proof }
    }

    /// Asks for tokens with the fields of a grant. All secrets go into the body, never into an address.
    pub(crate) async fn request_token(&self, to: &SignIn, grant: &[(&str, &str)]) -> Result<TokenResponse, AuthError> {
        let mut form = grant.to_vec();
        form.push(("client_id", &self.client_id));
        #[cfg(feature = "certificate")]
        let assertion;
        match &self.proof {
            Proof::None => {}
            Proof::Secret(secret) => form.push(("client_secret", secret.expose_secret())),
            #[cfg(feature = "certificate")]
            Proof::Certificate(certificate) => {
                let audience = to.checked_endpoint(&self.tenant, TOKEN_PATH)?;
                assertion = certificate.assertion(&self.client_id, &audience)?;
                form.push(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
                form.push(("client_assertion", assertion.expose_secret()));
            }
        }
        to.request_token(&self.tenant, &form).await
    }

    /// Signs in as the app alone.
    pub(crate) async fn client_credentials(&self, to: &SignIn) -> Result<super::AccessToken, AuthError> {
        let scope = to.scope();
        let granted = self.request_token(to, &[("grant_type", "client_credentials"), ("scope", &scope)]).await?;
        Ok(granted.into_access_token())
    }
}
