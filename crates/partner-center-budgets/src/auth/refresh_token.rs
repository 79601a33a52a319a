use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::app::{App, Proof};
use super::store::check_token;
use super::{AccessToken, AuthError, Credential, Identity, SignIn, SigningIn, TokenStore};

/// Signs in as an app and a user, with the refresh token that the user's sign-in left in a [`TokenStore`]: the Secure
/// Application Model.
///
/// Each sign-in redeems the token and gets the next one. That is saved **before** the access token is handed out, so that
/// the store holds a good token whenever the process dies. If saving fails, the sign-in continues and an event at the level
/// warn says so: the token before is still stored, and Entra ID accepts it until its 90 days are over. A next token that is
/// blank, longer than 64 KiB or has characters that no token has is not saved either.
///
/// # Set-up
///
/// 1. Add the app in Partner Center, as for [`ClientSecret`](super::ClientSecret), and let an admin consent to its
///    delegated permission *Partner Center*, `user_impersonation`.
/// 2. Let a user with the role Admin agent sign in once **with multi-factor authentication**: with `DeviceCode` or
///    `AuthorizationCode` of the feature `interactive`, or any other tool that returns a refresh token. Without it the
///    service refuses with code 900421.
/// 3. Save the token in the store, and pass the same tenant, client id and (for a web app) secret as in that sign-in.
///
/// # Limits
///
/// A refresh token lives for 90 days after its last redemption. A new password, a revoked session or a Conditional Access
/// policy ends it earlier. Then [`AuthError::needs_sign_in`] is true, and the user has to sign in again.
///
/// # Cancellation
///
/// Dropping a call ends the wait at once. A redemption that has begun goes on to its end in the background, because its
/// new token would be lost otherwise. It needs the runtime of tokio, as all calls do.
#[derive(Clone)]
pub struct RefreshToken {
    pub(super) app: App,
    store: Arc<dyn TokenStore>,
    /// Held from loading a token until the next one is saved.
    redeeming: Arc<Mutex<()>>,
}

impl RefreshToken {
    /// Takes the tenant's id or one of its domains, the app's id, and the store that holds the refresh token.
    pub fn new(tenant: impl Into<String>, client_id: impl Into<String>, store: Arc<dyn TokenStore>) -> Self {
        Self { app: App::new(tenant, client_id, Proof::None), store, redeeming: Arc::default() }
    }

    /// The value of the app's client secret. An app registered as a web app needs it, and a native one must not send it.
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.app.proof = Proof::Secret(secret.into());
        self
    }

    /// The app's certificate, in place of a client secret.
    #[cfg(feature = "certificate")]
    #[must_use]
    pub fn client_certificate(mut self, certificate: super::Certificate) -> Self {
        self.app.proof = Proof::Certificate(certificate);
        self
    }

    pub(super) async fn redeem(&self, to: &SignIn) -> Result<AccessToken, AuthError> {
        let (this, to) = (self.clone(), to.clone());
        to_its_end(async move {
            let _one_at_a_time = this.redeeming.lock().await;
            let missing = || {
                AuthError::new("there is no refresh token", "let the user sign in and save the token in the store")
                    .needing_sign_in()
            };
            let token = this.store.load().await?.ok_or_else(missing)?;
            let scope = to.user_scope();
            let grant = [("grant_type", "refresh_token"), ("refresh_token", token.expose_secret()), ("scope", &scope)];
            let granted = this.app.request_token(&to, &grant).await?;
            // An authority that grants no new token leaves the old one in force.
            if let Some(next) = &granted.refresh_token {
                // The stored token is still valid, so failing here would only waste the access token.
                if let Err(error) = this.save(next).await {
                    tracing::warn!(error = %with_causes(&error), "the new refresh token could not be saved");
                }
            }
            Ok(granted.into_access_token())
        })
        .await
    }

    async fn save(&self, token: &SecretString) -> Result<(), AuthError> {
        check_token(token)?;
        self.store.save(token).await
    }

    /// Keeps what a sign-in of the user granted.
    #[cfg(feature = "interactive")]
    pub(super) async fn keep(&self, granted: super::TokenResponse) -> Result<AccessToken, AuthError> {
        let this = self.clone();
        to_its_end(async move {
            let _one_at_a_time = this.redeeming.lock().await;
            let missing = || {
                let what = "the authority granted no refresh token";
                AuthError::new(what, "let an admin consent to the permission offline_access of the app")
            };
            let saved = this.save(granted.refresh_token.as_ref().ok_or_else(missing)?).await;
            saved.map_err(|error| {
                // The store knows what is wrong with it.
                let advice = error.advice().unwrap_or("repair the store and sign in again").to_owned();
                AuthError::new("the refresh token could not be saved, so the sign-in was given up", advice)
                    .with_source(error)
            })?;
            Ok(granted.into_access_token())
        })
        .await
    }
}

/// An error and its causes. None of them holds a secret.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Runs work that must not stop in the middle when the caller goes away.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, AuthError>> + Send + 'static,
) -> Result<T, AuthError> {
    let stopped = |error| AuthError::new("the sign-in was given up", "the runtime is ending").with_source(error);
    tokio::spawn(work).await.map_err(stopped)?
}

impl Credential for RefreshToken {
    fn identity(&self) -> Identity {
        Identity::AppAndUser
    }

    fn sign_in<'a>(&'a self, to: &'a SignIn) -> SigningIn<'a> {
        Box::pin(self.redeem(to))
    }
}

/// Leaves out the store, whose `Debug` is not ours.
impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshToken").field("app", &self.app).finish_non_exhaustive()
    }
}
