//! The app that signs in, for itself or for a user.

use secrecy::{ExposeSecret, SecretString};

#[cfg(feature = "certificate")]
use super::certificate::Certificate;
use super::{AccessToken, AuthError, TokenEndpoint, TokenResponse};

/// An app registration.
#[derive(Debug, Clone)]
pub(super) struct App {
    pub(super) tenant: String,
    pub(super) client_id: String,
    pub(super) authentication: ClientAuthentication,
}

/// How the app authenticates to the token endpoint.
#[derive(Debug, Clone)]
pub(super) enum ClientAuthentication {
    /// A public client, such as a program on a user's machine, cannot keep a secret.
    None,
    Secret(SecretString),
    #[cfg(feature = "certificate")]
    Certificate(Certificate),
}

impl App {
    pub(super) fn new(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        authentication: ClientAuthentication,
    ) -> Self {
        Self { tenant: tenant.into(), client_id: client_id.into(), authentication }
    }

    /// Requests tokens with the form fields of a grant. The body contains the secrets, the URL does not.
    pub(super) async fn request_token(
        &self,
        endpoint: &TokenEndpoint,
        grant: &[(&str, &str)],
    ) -> Result<TokenResponse, AuthError> {
        let url = endpoint.token_url(&self.tenant)?;
        let mut form = grant.to_vec();
        form.push(("client_id", &self.client_id));
        #[cfg(feature = "certificate")]
        let assertion;
        match &self.authentication {
            ClientAuthentication::None => {}
            ClientAuthentication::Secret(secret) => form.push(("client_secret", secret.expose_secret())),
            #[cfg(feature = "certificate")]
            ClientAuthentication::Certificate(certificate) => {
                assertion = certificate.assertion(&self.client_id, &url)?;
                form.push(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
                form.push(("client_assertion", assertion.expose_secret()));
            }
        }
        endpoint.post(&url, &form).await
    }

    /// Signs in as the app without a user.
    pub(super) async fn sign_in(&self, endpoint: &TokenEndpoint) -> Result<AccessToken, AuthError> {
        let grant = [("grant_type", "client_credentials"), ("scope", &endpoint.scope())];
        Ok(self.request_token(endpoint, &grant).await?.into_access_token())
    }
}
