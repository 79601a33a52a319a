use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::RetryPolicy;
use crate::auth::hidden::Hidden;
use crate::auth::retry_sign_in;
use crate::auth::token_endpoint::seconds;
use crate::auth::{
    AccessToken, AuthError, Credential, Identity, RefreshToken, SignInFuture, TokenEndpoint, TokenStore,
};

/// Shows the code to the user.
type ShowPrompt = Arc<dyn Fn(&DevicePrompt) + Send + Sync>;

/// Signs a user in with a code that the user enters in a browser on any device.
///
/// Requires the feature `interactive`. The refresh token is saved in the [`TokenStore`]. While it is valid, this credential
/// behaves like [`RefreshToken`]. Otherwise, it asks the user.
///
/// # Setup
///
/// 1. Set the app up as for [`RefreshToken`].
/// 2. In Entra ID, under *Authentication*, allow *public client flows* for the app.
///
/// Some organisations block device codes by Conditional Access (`AADSTS53003`). Then use `AuthorizationCode`.
///
/// # Limits
///
/// The authority sets the time limit for the user, about 15 minutes. If a client's call starts the sign-in, the time limit
/// of the call applies too, 5 minutes by default ([`RetryPolicy`]). So sign the user in before the first call, with
/// [`sign_in_user`](Self::sign_in_user). Dropping the future cancels the sign-in.
///
/// ```no_run
/// # #[cfg(feature = "file-store")]
/// # fn example() -> Result<(), partner_center_budgets::Error> {
/// use std::sync::Arc;
/// use partner_center_budgets::{Client, auth::{DeviceCode, FileStore}};
///
/// let store = Arc::new(FileStore::new("/home/me/.config/budgets/token"));
/// let app = "22222222-2222-2222-2222-222222222222";
/// let credential = DeviceCode::new("contoso.onmicrosoft.com", app, store, |prompt| println!("{}", prompt.message));
/// let client = Client::builder(credential).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct DeviceCode {
    refresh_token: RefreshToken,
    show: Hidden<ShowPrompt>,
}

/// What to show to the user who signs in on another device. Characters that are not printable appear as their code, such as
/// U+202E.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DevicePrompt {
    /// A sentence with the address and the code.
    pub message: String,
    /// The page to open.
    pub verification_uri: String,
    /// The code to enter there.
    pub user_code: String,
    /// The lifetime of the code.
    pub lifetime: Duration,
}

#[derive(Deserialize)]
struct DeviceResponse {
    device_code: SecretString,
    user_code: String,
    #[serde(alias = "verification_url")]
    verification_uri: String,
    message: Option<String>,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<Duration>,
    #[serde(default, deserialize_with = "seconds")]
    interval: Option<Duration>,
}

impl DeviceCode {
    /// Uses the tenant's id or one of its domains, the app's id, and the store for the refresh token. `show` shows the prompt
    /// to the user, and must return at once.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use partner_center_budgets::auth::{DeviceCode, DevicePrompt, MemoryStore};
    ///
    /// let show = |prompt: &DevicePrompt| println!("{}: enter {}", prompt.verification_uri, prompt.user_code);
    /// let store = Arc::new(MemoryStore::default());
    /// let app = "22222222-2222-2222-2222-222222222222";
    /// let credential = DeviceCode::new("contoso.onmicrosoft.com", app, store, show);
    /// ```
    pub fn new(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        store: Arc<dyn TokenStore>,
        show: impl Fn(&DevicePrompt) + Send + Sync + 'static,
    ) -> Self {
        Self { refresh_token: RefreshToken::new(tenant, client_id, store), show: Hidden(Arc::new(show)) }
    }

    /// Asks the user to sign in, even if the store has a token, and saves the refresh token.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Cloud, Error, auth::{DeviceCode, TokenEndpoint}};
    /// # async fn example(credential: DeviceCode) -> Result<(), Error> {
    /// let token = credential.sign_in_user(&TokenEndpoint::for_cloud(Cloud::Global)?).await?;
    /// println!("signed in as {:?}", token.claims().and_then(|claims| claims.user));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthError`] if the user declines or the code expires, if the authority refuses, and if the token cannot be saved.
    pub async fn sign_in_user(&self, endpoint: &TokenEndpoint) -> Result<AccessToken, AuthError> {
        let app = &self.refresh_token.app;
        let url = endpoint.url(&app.tenant, "oauth2/v2.0/devicecode")?;
        let scope = endpoint.user_scope();
        let form = [("client_id", app.client_id.as_str()), ("scope", &scope)];
        let response: DeviceResponse = retry_sign_in(&RetryPolicy::default(), || endpoint.post(&url, &form)).await?;
        let lifetime = response.expires_in.unwrap_or(DEFAULT_LIFETIME).min(MAX_LIFETIME);
        let expires_at = Instant::now() + lifetime;
        let printable = |text: &str| printable_text::lines(text).into_owned();
        let (user_code, verification_uri) = (printable(&response.user_code), printable(&response.verification_uri));
        let sentence = || format!("to sign in, open {verification_uri} in a browser and enter the code {user_code}");
        let message = response.message.as_deref().map_or_else(sentence, printable);
        (self.show.0)(&DevicePrompt { message, verification_uri, user_code, lifetime });

        let mut interval = first_interval(response.interval);
        let grant = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", response.device_code.expose_secret()),
        ];
        while Instant::now() + interval < expires_at {
            tokio::time::sleep(interval).await;
            match app.request_token(endpoint, &grant).await {
                Ok(response) => return self.refresh_token.save_sign_in(response).await,
                Err(error) => interval = next_interval(interval, &error).ok_or(error)?,
            }
        }
        Err(AuthError::new("the code was not entered in time", "sign in again").needing_sign_in())
    }
}

const DEFAULT_LIFETIME: Duration = Duration::from_secs(900);
const MAX_LIFETIME: Duration = Duration::from_secs(3600);
const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);
/// Without a minimum, an authority that returns microseconds would be polled without a pause.
const MIN_INTERVAL: Duration = Duration::from_millis(100);
const MAX_INTERVAL: Duration = Duration::from_secs(60);

/// The wait before the first poll (RFC 8628, section 3.2). An interval of 0 means the default.
fn first_interval(granted: Option<Duration>) -> Duration {
    granted.filter(|interval| !interval.is_zero()).unwrap_or(DEFAULT_INTERVAL).clamp(MIN_INTERVAL, MAX_INTERVAL)
}

/// The wait before the next poll (RFC 8628, section 3.5), or `None` if the error is final.
fn next_interval(interval: Duration, error: &AuthError) -> Option<Duration> {
    match error.oauth_error() {
        Some("authorization_pending") => Some(interval),
        Some("slow_down") => Some(interval + Duration::from_secs(5)),
        _ if error.is_retryable() => Some((interval * 2).min(MAX_INTERVAL)),
        _ => None,
    }
}

impl Credential for DeviceCode {
    fn identity(&self) -> Identity {
        Identity::AppAndUser
    }

    fn sign_in<'a>(&'a self, endpoint: &'a TokenEndpoint) -> SignInFuture<'a> {
        Box::pin(self.refresh_token.redeem_or(endpoint, self.sign_in_user(endpoint)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polls_every_five_seconds_unless_the_authority_gives_a_positive_interval() {
        for (body, milliseconds) in [
            ("", 5000),
            (r#","interval":null"#, 5000),
            (r#","interval":0"#, 5000),
            (r#","interval":"0""#, 5000),
            (r#","interval":-1"#, 5000),
            (r#","interval":1"#, 1000),
            (r#","interval":0.25"#, 250),
            (r#","interval":1e-9"#, 100),
            (r#","interval":7"#, 7000),
            (r#","interval":3600"#, 60_000),
        ] {
            let body = format!(r#"{{"device_code":"d","user_code":"u","verification_uri":"v"{body}}}"#);
            let response: DeviceResponse = serde_json::from_str(&body).unwrap();
            assert_eq!(first_interval(response.interval), Duration::from_millis(milliseconds), "{body}");
        }
    }

    #[test]
    fn adapts_the_interval_to_the_authority() {
        let five = Duration::from_secs(5);
        let after = |error: &AuthError| next_interval(five, error).map(|interval| interval.as_secs());
        assert_eq!(after(&AuthError::refused("authorization_pending", "AADSTS70016: pending")), Some(5));
        assert_eq!(after(&AuthError::refused("slow_down", "")), Some(10));
        assert_eq!(after(&AuthError::new("no answer", "").retryable()), Some(10));
        let busy = AuthError::refused("temporarily_unavailable", "");
        assert_eq!(next_interval(Duration::from_secs(59), &busy), Some(MAX_INTERVAL));
        for last in ["authorization_declined", "expired_token", "bad_verification_code", "invalid_grant"] {
            assert_eq!(after(&AuthError::refused(last, "")), None, "{last}");
        }
    }
}
