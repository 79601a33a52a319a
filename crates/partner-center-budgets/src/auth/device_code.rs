use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::sign_in::seconds;
use super::{AccessToken, AuthError, Credential, Identity, RefreshToken, SignIn, SigningIn, TokenStore};
use crate::RetryPolicy;

/// Signs a user in with a code that the user types into a browser on any device, for a program without one.
///
/// Needs the feature `interactive`. The refresh token that it gets is kept in the [`TokenStore`]. As long as that is good
/// this credential behaves like [`RefreshToken`]; without one, or where the authority wants the user, it asks the user.
///
/// # Set-up
///
/// 1. Set the app up as for [`RefreshToken`].
/// 2. In Entra ID, under *Authentication*, allow *public client flows* for the app.
///
/// Some organisations forbid device codes by Conditional Access (`AADSTS53003`); `AuthorizationCode` is the way then.
///
/// # Limits
///
/// The user has the time that the authority gives, about 15 minutes. Dropping the call ends the wait. As the credential of a client
/// it has no longer than the call that asked, 5 minutes unless its [`RetryPolicy`] says otherwise: sign
/// the user in first, with [`sign_in_user`](Self::sign_in_user).
///
/// ```no_run
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
#[derive(Clone)]
pub struct DeviceCode {
    kept: RefreshToken,
    show: Arc<dyn Fn(&DevicePrompt) + Send + Sync>,
}

/// What a user must be shown to sign in on another device.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DevicePrompt {
    /// A whole sentence of the authority with the address and the code.
    pub message: String,
    /// The page to open.
    pub verification_uri: String,
    /// The code to type there.
    pub user_code: String,
    /// How long the code is good.
    pub lifetime: Duration,
}

#[derive(Deserialize)]
struct Granted {
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
    /// Takes the tenant's id or one of its domains, the app's id, the store for the refresh token, and what shows the
    /// prompt to the user. `show` must return at once.
    pub fn new(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        store: Arc<dyn TokenStore>,
        show: impl Fn(&DevicePrompt) + Send + Sync + 'static,
    ) -> Self {
        Self { kept: RefreshToken::new(tenant, client_id, store), show: Arc::new(show) }
    }

    /// Asks the user to sign in, whatever the store holds, and keeps the refresh token: what a command `login` does.
    ///
    /// # Errors
    ///
    /// [`AuthError`] where the user declines or lets the code expire, where the authority refuses, and where the token
    /// cannot be saved.
    pub async fn sign_in_user(&self, to: &SignIn) -> Result<AccessToken, AuthError> {
        let app = &self.kept.app;
        let address = to.checked_endpoint(&app.tenant, "oauth2/v2.0/devicecode")?;
        let scope = to.user_scope();
        let form = [("client_id", app.client_id.as_str()), ("scope", &scope)];
        let granted: Granted = RetryPolicy::default().retry_sign_in(|| to.post(&address, &form)).await?;
        let lifetime = granted.expires_in.unwrap_or(USUAL_LIFETIME).min(LONGEST_LIFETIME);
        let ends_at = Instant::now() + lifetime;
        let Granted { user_code, verification_uri, .. } = granted;
        let sentence = || format!("to sign in, open {verification_uri} in a browser and enter the code {user_code}");
        let message = granted.message.unwrap_or_else(sentence);
        (self.show)(&DevicePrompt { message, verification_uri, user_code, lifetime });

        let mut interval = first_interval(granted.interval);
        let grant = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", granted.device_code.expose_secret()),
        ];
        while Instant::now() + interval < ends_at {
            tokio::time::sleep(interval).await;
            match app.request_token(to, &grant).await {
                Ok(granted) => return self.kept.keep(granted).await,
                Err(error) => interval = next_interval(interval, &error).ok_or(error)?,
            }
        }
        Err(AuthError::new("the code was not entered in time", "sign in again").needing_sign_in())
    }
}

const USUAL_LIFETIME: Duration = Duration::from_secs(900);
const LONGEST_LIFETIME: Duration = Duration::from_secs(3600);
const USUAL_INTERVAL: Duration = Duration::from_secs(5);
/// Without a limit, an authority that asks for microseconds would be polled without a pause.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(100);
const LONGEST_INTERVAL: Duration = Duration::from_secs(60);

/// How long to wait before the first poll (RFC 8628, section 3.2). An interval of 0 would be
/// polling without a pause, so the default applies.
fn first_interval(granted: Option<Duration>) -> Duration {
    let positive = granted.filter(|interval| !interval.is_zero());
    positive.unwrap_or(USUAL_INTERVAL).clamp(SHORTEST_INTERVAL, LONGEST_INTERVAL)
}

/// How long to wait before the next poll (RFC 8628, section 3.5); `None` where the answer is final.
fn next_interval(interval: Duration, error: &AuthError) -> Option<Duration> {
    match error.refusal() {
        Some("authorization_pending") => Some(interval),
        Some("slow_down") => Some(interval + Duration::from_secs(5)),
        _ if error.is_retryable() => Some((interval * 2).min(LONGEST_INTERVAL)),
        _ => None,
    }
}

impl Credential for DeviceCode {
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

impl fmt::Debug for DeviceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceCode").field("kept", &self.kept).finish_non_exhaustive()
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
            let granted: Granted = serde_json::from_str(&body).unwrap();
            assert_eq!(first_interval(granted.interval), Duration::from_millis(milliseconds), "{body}");
        }
    }

    #[test]
    fn the_interval_follows_the_authority() {
        let five = Duration::from_secs(5);
        let after = |error: &AuthError| next_interval(five, error).map(|interval| interval.as_secs());
        assert_eq!(after(&AuthError::refused("authorization_pending", "AADSTS70016: pending")), Some(5));
        assert_eq!(after(&AuthError::refused("slow_down", "")), Some(10));
        assert_eq!(after(&AuthError::new("no answer", "").retryable()), Some(10));
        let busy = AuthError::refused("temporarily_unavailable", "");
        assert_eq!(next_interval(Duration::from_secs(59), &busy), Some(LONGEST_INTERVAL));
        for last in ["authorization_declined", "expired_token", "bad_verification_code", "invalid_grant"] {
            assert_eq!(after(&AuthError::refused(last, "")), None, "{last}");
        }
    }
}
