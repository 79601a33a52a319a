use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use reqwest::Url;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use secrecy::{ExposeSecret, SecretString};

use super::redirect::Redirect;
use crate::RetryPolicy;
use crate::auth::hidden::Hidden;
use crate::auth::retry_sign_in;
use crate::auth::{
    AccessToken, AuthError, Credential, Identity, RefreshToken, SignInFuture, TokenEndpoint, TokenStore,
};

/// Opens a URL in a browser.
type OpenBrowser = Arc<dyn Fn(&str) + Send + Sync>;

/// Signs a user in with the browser of this machine: authorization code with PKCE, and a redirect to this program.
///
/// Requires the feature `interactive`. The refresh token is saved in the [`TokenStore`]. While it is valid, this credential
/// behaves like [`RefreshToken`]. Otherwise, it asks the user.
///
/// # Setup
///
/// 1. Set the app up as for [`RefreshToken`].
/// 2. In Entra ID, under *Authentication*, add the platform *Mobile and desktop applications* with the redirect URI
///    `http://localhost`. Entra ID then accepts any port. The program listens on a free port of 127.0.0.1 and ::1.
/// 3. For an app that is registered as a web app, add the redirect URI under *Web*, and set its
///    [`client_secret`](Self::client_secret).
///
/// # Limits
///
/// The user has 5 minutes, see [`timeout`](Self::timeout). The program accepts one redirect with the state that it sent. It
/// refuses other redirects, and continues to wait. If a client's call starts the sign-in, the time limit of the call applies
/// too, 5 minutes by default ([`RetryPolicy`]). So sign the user in before the first call, with
/// [`sign_in_user`](Self::sign_in_user). Dropping the future cancels the sign-in and closes the port.
///
/// ```no_run
/// # #[cfg(feature = "file-store")]
/// # fn example() -> Result<(), partner_center_budgets::Error> {
/// use std::sync::Arc;
/// use partner_center_budgets::{Client, auth::{AuthorizationCode, FileStore}};
///
/// let store = Arc::new(FileStore::new("/home/me/.config/budgets/token"));
/// let app = "22222222-2222-2222-2222-222222222222";
/// let credential = AuthorizationCode::new("contoso.onmicrosoft.com", app, store, |url| println!("open {url}"));
/// let client = Client::builder(credential).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct AuthorizationCode {
    refresh_token: RefreshToken,
    open: Hidden<OpenBrowser>,
    timeout: Duration,
}

impl AuthorizationCode {
    /// Uses the tenant's id or one of its domains, the app's id, and the store for the refresh token. `open` opens the URL in
    /// a browser or shows it to the user, and must return at once.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use partner_center_budgets::auth::{AuthorizationCode, MemoryStore};
    ///
    /// let open = |url: &str| {
    ///     if std::process::Command::new("xdg-open").arg(url).spawn().is_err() {
    ///         println!("open {url}");
    ///     }
    /// };
    /// let store = Arc::new(MemoryStore::default());
    /// let app = "22222222-2222-2222-2222-222222222222";
    /// let credential = AuthorizationCode::new("contoso.onmicrosoft.com", app, store, open);
    /// ```
    pub fn new(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        store: Arc<dyn TokenStore>,
        open: impl Fn(&str) + Send + Sync + 'static,
    ) -> Self {
        let refresh_token = RefreshToken::new(tenant, client_id, store);
        Self { refresh_token, open: Hidden(Arc::new(open)), timeout: Duration::from_secs(300) }
    }

    /// Sets the value of the app's client secret, for an app that is registered as a web app.
    ///
    /// ```
    /// # use partner_center_budgets::auth::AuthorizationCode;
    /// # fn example(credential: AuthorizationCode) -> Result<AuthorizationCode, std::env::VarError> {
    /// let credential = credential.client_secret(std::env::var("BUDGETS_CLIENT_SECRET")?);
    /// # Ok(credential)
    /// # }
    /// ```
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.refresh_token = self.refresh_token.client_secret(secret);
        self
    }

    /// Sets the time limit for the user. The default is 5 minutes.
    ///
    /// ```
    /// # use partner_center_budgets::auth::AuthorizationCode;
    /// # fn example(credential: AuthorizationCode) -> AuthorizationCode {
    /// let credential = credential.timeout(std::time::Duration::from_secs(900));
    /// # credential
    /// # }
    /// ```
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Asks the user to sign in, even if the store has a token, and saves the refresh token.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Cloud, Error, auth::{AuthorizationCode, TokenEndpoint}};
    /// # async fn example(credential: AuthorizationCode) -> Result<Client, Error> {
    /// credential.sign_in_user(&TokenEndpoint::for_cloud(Cloud::Global)?).await?;
    /// let client = Client::builder(credential).build()?;
    /// # Ok(client)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthError`] if the user declines or takes too long, if the authority refuses, and if the token cannot be saved.
    pub async fn sign_in_user(&self, endpoint: &TokenEndpoint) -> Result<AccessToken, AuthError> {
        let app = &self.refresh_token.app;
        let redirect = Redirect::bind().await?;
        let (redirect_uri, scope) = (redirect.uri(), endpoint.user_scope());
        let (state, verifier) = (random_text()?, random_text()?);
        let authorize = [
            ("client_id", app.client_id.as_str()),
            ("response_type", "code"),
            ("response_mode", "query"),
            ("redirect_uri", &redirect_uri),
            ("scope", &scope),
            ("state", &state),
            ("code_challenge", &BASE64.encode(digest(&SHA256, verifier.as_bytes()))),
            ("code_challenge_method", "S256"),
        ];
        let url = endpoint.url(&app.tenant, "oauth2/v2.0/authorize")?;
        let url = Url::parse_with_params(&url, authorize).map_err(|error| {
            AuthError::new("the address of the sign-in is not a URL", "check the cloud's authority").with_source(error)
        })?;
        (self.open.0)(url.as_str());
        let late = |_| AuthError::new("the user did not sign in in time", "sign in again").needing_sign_in();
        let code = tokio::time::timeout(self.timeout, redirect.code(state)).await.map_err(late)??;
        let grant = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", &redirect_uri),
            ("code_verifier", &verifier),
            ("scope", &scope),
        ];
        let response = retry_sign_in(&RetryPolicy::default(), || app.request_token(endpoint, &grant)).await?;
        self.refresh_token.save_sign_in(response).await
    }
}

/// 256 random bits in characters that a code verifier may have (RFC 7636, section 4.1).
fn random_text() -> Result<String, AuthError> {
    let mut bytes = [0; 32];
    let failed = |_| AuthError::new("the system has no random numbers", "sign in with a device code");
    SystemRandom::new().fill(&mut bytes).map_err(failed)?;
    Ok(BASE64.encode(bytes))
}

impl Credential for AuthorizationCode {
    fn identity(&self) -> Identity {
        Identity::AppAndUser
    }

    fn sign_in<'a>(&'a self, endpoint: &'a TokenEndpoint) -> SignInFuture<'a> {
        Box::pin(self.refresh_token.redeem_or(endpoint, self.sign_in_user(endpoint)))
    }
}
