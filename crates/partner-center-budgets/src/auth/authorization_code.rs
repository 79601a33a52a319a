use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope};
use secrecy::{ExposeSecret, SecretString};

use super::redirect::Redirect;
use super::{AccessToken, AuthError, Credential, Identity, RefreshToken, SignIn, SigningIn, TokenStore};
use crate::RetryPolicy;

/// Signs a user in with the browser of this machine: authorization code with PKCE, and a redirect to this program.
///
/// Needs the feature `interactive`. The refresh token that it gets is kept in the [`TokenStore`]. As long as that is good
/// this credential behaves like [`RefreshToken`]; without one, or where the authority wants the user, it asks the user.
///
/// # Set-up
///
/// 1. Set the app up as for [`RefreshToken`].
/// 2. In Entra ID, under *Authentication*, add the platform *Mobile and desktop applications* with the redirect URI
///    `http://localhost`. Any port of it is accepted then, and the program listens on a free one of
///    127.0.0.1 and ::1.
/// 3. An app that is registered as a web app has the redirect URI under *Web*, and needs its
///    [`client_secret`](Self::client_secret).
///
/// # Limits
///
/// The user has 5 minutes, see [`timeout`](Self::timeout). The program accepts one redirect, whose state must be the one
/// that it sent; others are refused, and it goes on waiting. Dropping the call ends the wait and closes the port. As the credential of a client
/// it has no longer than the call that asked, 5 minutes unless its [`RetryPolicy`] says otherwise: sign
/// the user in first, with [`sign_in_user`](Self::sign_in_user).
///
/// ```no_run
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
#[derive(Clone)]
pub struct AuthorizationCode {
    kept: RefreshToken,
    open: Arc<dyn Fn(&str) + Send + Sync>,
    timeout: Duration,
}

impl AuthorizationCode {
    /// Takes the tenant's id or one of its domains, the app's id, the store for the refresh token, and what opens the URL
    /// in a browser or shows it to the user. `open` must return at once.
    pub fn new(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        store: Arc<dyn TokenStore>,
        open: impl Fn(&str) + Send + Sync + 'static,
    ) -> Self {
        let kept = RefreshToken::new(tenant, client_id, store);
        Self { kept, open: Arc::new(open), timeout: Duration::from_secs(300) }
    }

    /// The value of the app's client secret, for an app that is registered as a web app.
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.kept = self.kept.client_secret(secret);
        self
    }

    /// How long the user may take. The default is 5 minutes.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Asks the user to sign in, whatever the store holds, and keeps the refresh token: what a command `login` does.
    ///
    /// # Errors
    ///
    /// [`AuthError`] where the user declines or takes too long, where the authority refuses, and where the token cannot be
    /// saved.
    pub async fn sign_in_user(&self, to: &SignIn) -> Result<AccessToken, AuthError> {
        let app = &self.kept.app;
        let redirect = Redirect::bind().await?;
        let (redirect_uri, scope) = (redirect.uri(), to.user_scope());
        let invalid = |error| {
            AuthError::new("the address to sign in at is not a URL", "check the cloud's authority").with_source(error)
        };
        let authorize = AuthUrl::new(to.checked_endpoint(&app.tenant, "oauth2/v2.0/authorize")?).map_err(invalid)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state) = BasicClient::new(ClientId::new(app.client_id.clone()))
            .set_auth_uri(authorize)
            .set_redirect_uri(RedirectUrl::new(redirect_uri.clone()).map_err(invalid)?)
            .authorize_url(CsrfToken::new_random)
            .add_scope(Scope::new(scope.clone()))
            .set_pkce_challenge(challenge)
            .add_extra_param("response_mode", "query")
            .url();
        (self.open)(url.as_str());
        let late = |_| AuthError::new("the user did not sign in in time", "sign in again").needing_sign_in();
        let code = tokio::time::timeout(self.timeout, redirect.code(state.secret())).await.map_err(late)??;
        let grant = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", &redirect_uri),
            ("code_verifier", verifier.secret()),
            ("scope", &scope),
        ];
        let granted = RetryPolicy::default().retry_sign_in(|| app.request_token(to, &grant)).await?;
        self.kept.keep(granted).await
    }
}

impl Credential for AuthorizationCode {
    fn identity(&self) -> Identity {
        Identity::AppAndUser
    }

    fn sign_in<'a>(&'a self, to: &'a SignIn) -> SigningIn<'a> {
        Box::pin(async {
            match self.kept.redeem(to).await {
                Err(error) if error.needs_sign_in() => self.sign_in_user(to).await,
                redeemed => redeemed,
            }
        })
    }
}

impl fmt::Debug for AuthorizationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationCode")
            .field("kept", &self.kept)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
