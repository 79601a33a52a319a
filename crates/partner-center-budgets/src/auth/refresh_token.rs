use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::app::{App, ClientAuthentication};
use super::hidden::Hidden;
use super::store::check_token;
use super::{AccessToken, AuthError, Credential, Identity, SignInFuture, TokenEndpoint, TokenStore};

/// Signs in as an app and a user, with the refresh token of an earlier sign-in in a [`TokenStore`]: the Secure Application
/// Model.
///
/// Each sign-in redeems the stored token for an access token and the next refresh token. The next refresh token is saved
/// **before** the access token is used, so that the store has a valid token after a crash at any moment. If saving fails,
/// the sign-in continues and logs a warning: the old token is still stored, and Entra ID accepts it until its 90 days are
/// over. A next token that is blank, longer than 64 KiB or has characters that are not allowed in tokens is not saved.
///
/// # Setup
///
/// 1. Add the app in Partner Center, as for [`ClientSecret`](super::ClientSecret), and let an admin consent to its
///    delegated permission *Partner Center*, `user_impersonation`.
/// 2. Let a user with the role Admin agent sign in once **with multi-factor authentication**: with `DeviceCode` or
///    `AuthorizationCode` of the feature `interactive`, or with any other tool that returns a refresh token. Without
///    multi-factor authentication, the service refuses calls with code 900421.
/// 3. Save the token in the store. Pass the same tenant, client id and (for a web app) secret as in that sign-in.
///
/// # Limits
///
/// A refresh token expires 90 days after its last redemption. A new password, a revoked session or a Conditional Access
/// policy ends it earlier. Then [`AuthError::needs_sign_in`] is true, and the user has to sign in again.
///
/// # Cancellation
///
/// Dropping a call ends its wait at once. A redemption in flight continues in the background, because its new token would
/// be lost otherwise. Like all calls, it needs a Tokio runtime.
///
/// ```no_run
/// # #[cfg(feature = "file-store")]
/// # fn example() -> Result<(), partner_center_budgets::Error> {
/// use std::sync::Arc;
/// use partner_center_budgets::{Client, auth::{FileStore, RefreshToken}};
///
/// let store = Arc::new(FileStore::new("/var/lib/budgets/token"));
/// let app = "22222222-2222-2222-2222-222222222222";
/// let client = Client::builder(RefreshToken::new("contoso.onmicrosoft.com", app, store)).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct RefreshToken {
    pub(super) app: App,
    store: Hidden<Arc<dyn TokenStore>>,
    /// Locked from loading a token until the next one is saved.
    redemption: Arc<Mutex<()>>,
}

impl RefreshToken {
    /// Uses the tenant's id or one of its domains, the app's id, and the store with the refresh token.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use partner_center_budgets::auth::{MemoryStore, RefreshToken};
    ///
    /// # fn example(token_of_the_vault: String) -> RefreshToken {
    /// let store = Arc::new(MemoryStore::new(token_of_the_vault));
    /// let credential = RefreshToken::new("contoso.onmicrosoft.com", "22222222-2222-2222-2222-222222222222", store);
    /// # credential
    /// # }
    /// ```
    pub fn new(tenant: impl Into<String>, client_id: impl Into<String>, store: Arc<dyn TokenStore>) -> Self {
        let app = App::new(tenant, client_id, ClientAuthentication::None);
        Self { app, store: Hidden(store), redemption: Arc::default() }
    }

    /// Sets the value of the app's client secret. A web app needs it, and a native app must not send one.
    ///
    /// ```
    /// # use partner_center_budgets::auth::RefreshToken;
    /// # fn example(credential: RefreshToken) -> Result<RefreshToken, std::env::VarError> {
    /// let credential = credential.client_secret(std::env::var("BUDGETS_CLIENT_SECRET")?);
    /// # Ok(credential)
    /// # }
    /// ```
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.app.authentication = ClientAuthentication::Secret(secret.into());
        self
    }

    /// Sets the app's certificate, instead of a client secret.
    ///
    /// ```
    /// # use partner_center_budgets::auth::{Certificate, RefreshToken};
    /// # fn example(credential: RefreshToken) -> Result<RefreshToken, Box<dyn std::error::Error>> {
    /// let credential = credential.client_certificate(Certificate::from_pem(std::fs::read("app.pem")?)?);
    /// # Ok(credential)
    /// # }
    /// ```
    #[cfg(feature = "certificate")]
    #[must_use]
    pub fn client_certificate(mut self, certificate: super::Certificate) -> Self {
        self.app.authentication = ClientAuthentication::Certificate(certificate);
        self
    }

    async fn redeem(&self, endpoint: &TokenEndpoint) -> Result<AccessToken, AuthError> {
        let (this, endpoint) = (self.clone(), endpoint.clone());
        self.run_alone(async move {
            let missing = || {
                AuthError::new("there is no refresh token", "let the user sign in and save the token in the store")
                    .needing_sign_in()
            };
            let token = this.store.0.load().await?.ok_or_else(missing)?;
            let scope = endpoint.user_scope();
            let grant = [("grant_type", "refresh_token"), ("refresh_token", token.expose_secret()), ("scope", &scope)];
            let response = this.app.request_token(&endpoint, &grant).await?;
            // Without a new token, the old one stays valid.
            if let Some(next) = &response.refresh_token {
                // The stored token is still valid, so failing here would only waste the access token.
                if let Err(error) = this.save(next).await {
                    tracing::warn!(target: crate::TRACING_TARGET, ?error, "the new refresh token could not be saved");
                }
            }
            Ok(response.into_access_token())
        })
        .await
    }

    async fn save(&self, token: &SecretString) -> Result<(), AuthError> {
        check_token(token)?;
        self.store.0.save(token).await
    }

    /// Runs `work` while no other work of this credential runs. If the caller drops this future, `work` continues: a task of
    /// its own completes it.
    async fn run_alone<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, AuthError>> + Send + 'static,
    ) -> Result<T, AuthError> {
        let redemption = Arc::clone(&self.redemption);
        let task = async move {
            let _guard = redemption.lock().await;
            work.await
        };
        tokio::spawn(task).await.map_err(AuthError::cancelled)?
    }
}

#[cfg(feature = "interactive")]
impl RefreshToken {
    /// Redeems the stored token. If the user has to sign in, awaits `sign_in_user` instead.
    pub(super) async fn redeem_or(
        &self,
        endpoint: &TokenEndpoint,
        sign_in_user: impl Future<Output = Result<AccessToken, AuthError>>,
    ) -> Result<AccessToken, AuthError> {
        match self.redeem(endpoint).await {
            Err(error) if error.needs_sign_in() => sign_in_user.await,
            redeemed => redeemed,
        }
    }

    /// Saves the refresh token of a sign-in by the user.
    pub(super) async fn save_sign_in(&self, response: super::TokenResponse) -> Result<AccessToken, AuthError> {
        let this = self.clone();
        self.run_alone(async move {
            let missing = || {
                let what = "the authority granted no refresh token";
                AuthError::new(what, "let an admin consent to the permission offline_access of the app")
            };
            let saved = this.save(response.refresh_token.as_ref().ok_or_else(missing)?).await;
            saved.map_err(|error| {
                let advice = error.advice().unwrap_or("repair the store and sign in again").to_owned();
                AuthError::new("the refresh token could not be saved, so the sign-in failed", advice).with_source(error)
            })?;
            Ok(response.into_access_token())
        })
        .await
    }
}

impl Credential for RefreshToken {
    fn identity(&self) -> Identity {
        Identity::AppAndUser
    }

    fn sign_in<'a>(&'a self, endpoint: &'a TokenEndpoint) -> SignInFuture<'a> {
        Box::pin(self.redeem(endpoint))
    }
}
