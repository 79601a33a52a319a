use std::time::{Duration, Instant};

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::{AuthError, TokenClaims};

/// A token is renewed this long before it expires.
const RENEWAL_MARGIN: Duration = Duration::from_secs(300);
/// The wait after a failed renewal while the token is still valid.
const RENEWAL_RETRY_INTERVAL: Duration = Duration::from_secs(30);
/// The time for a call to reach the service.
const EXPIRY_MARGIN: Duration = Duration::from_secs(5);

/// An access token and its lifetime. Its text appears in no `Debug` output.
#[derive(Debug, Clone)]
pub struct AccessToken {
    secret: SecretString,
    /// `None` if the lifetime is unknown, and so for `renew_at`.
    expires_at: Option<Instant>,
    renew_at: Option<Instant>,
}

impl AccessToken {
    /// A token, without the word `Bearer`, that expires after `lifetime`; `None` if that is unknown.
    ///
    /// ```
    /// use std::time::Duration;
    /// use partner_center_budgets::auth::AccessToken;
    ///
    /// let token = AccessToken::new("an-access-token", Some(Duration::from_secs(3599)));
    /// assert!(!format!("{token:?}").contains("an-access-token"));
    /// ```
    pub fn new(secret: impl Into<SecretString>, lifetime: Option<Duration>) -> Self {
        let now = Instant::now();
        Self {
            secret: secret.into(),
            expires_at: lifetime.and_then(|lifetime| now.checked_add(lifetime)),
            renew_at: lifetime.and_then(|lifetime| now.checked_add(lifetime - RENEWAL_MARGIN.min(lifetime / 2))),
        }
    }

    /// The claims of the token; `None` if they cannot be read.
    ///
    /// ```
    /// # use partner_center_budgets::auth::AccessToken;
    /// // A JSON Web Token of an app without a user.
    /// let token = "eyJhbGciOiJub25lIn0.eyJhcHBpZCI6ImJ1ZGdldHMifQ.";
    /// let claims = AccessToken::new(token, None).claims();
    /// assert_eq!(claims.and_then(|claims| claims.app).as_deref(), Some("budgets"));
    /// assert_eq!(AccessToken::new("a-token-of-another-form", None).claims(), None);
    /// ```
    pub fn claims(&self) -> Option<TokenClaims> {
        TokenClaims::read(self.secret.expose_secret())
    }

    /// A token that needs renewal at once.
    #[cfg(test)]
    pub(super) fn aging(secret: &str, time_left: Duration) -> Self {
        Self { renew_at: Some(Instant::now()), ..Self::new(secret, Some(time_left)) }
    }

    /// Whether to renew the token before the next call: 5 minutes before it expires, or after half of a short lifetime.
    pub(super) fn needs_renewal(&self, now: Instant) -> bool {
        self.renew_at.is_some_and(|renew_at| now >= renew_at)
    }

    /// Postpones the next renewal after a failed one. Returns false if the service would not accept a call that is sent now.
    pub(super) fn postpone_renewal(&mut self, now: Instant) -> bool {
        let Some(expires_at) = self.expires_at else { return true };
        let time_left = expires_at.saturating_duration_since(now).saturating_sub(EXPIRY_MARGIN);
        self.renew_at = Some(now + time_left.min(RENEWAL_RETRY_INTERVAL));
        !time_left.is_zero()
    }

    /// The value of the header `Authorization`.
    pub(super) fn authorization(&self) -> Result<HeaderValue, AuthError> {
        let token = self.secret.expose_secret();
        if token.is_empty() {
            return Err(AuthError::new("the access token is empty", "pass the token that the sign-in returned"));
        }
        let is_allowed = |letter: char| letter.is_ascii_graphic() && letter != '"';
        let value = HeaderValue::try_from(format!("Bearer {token}")).ok().filter(|_| token.chars().all(is_allowed));
        let mut value = value.ok_or_else(|| {
            AuthError::new(
                "the access token has spaces, line breaks or other characters that are not allowed in tokens",
                "pass the token alone, without the word Bearer and without quotes",
            )
        })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(lifetime: u64) -> AccessToken {
        AccessToken::new("token", Some(Duration::from_secs(lifetime)))
    }

    fn after(seconds: u64) -> Instant {
        Instant::now() + Duration::from_secs(seconds)
    }

    #[test]
    fn is_renewed_minutes_before_it_expires() {
        let hour = token(3600);
        assert!(!hour.needs_renewal(after(3290)) && hour.needs_renewal(after(3310)));
        let short = token(60);
        assert!(!short.needs_renewal(after(29)) && short.needs_renewal(after(31)));
        let unknown = AccessToken::new("token", None);
        assert!(!unknown.needs_renewal(after(1_000_000)) && unknown.clone().postpone_renewal(after(1_000_000)));
    }

    #[test]
    fn is_used_for_30_seconds_after_a_failed_renewal_while_it_is_valid() {
        let mut hour = token(3600);
        assert!(hour.postpone_renewal(after(3310)));
        assert!(!hour.needs_renewal(after(3335)) && hour.needs_renewal(after(3345)));
        assert!(hour.postpone_renewal(after(3580)));
        assert!(!hour.needs_renewal(after(3590)) && hour.needs_renewal(after(3597)));
        assert!(!hour.postpone_renewal(after(3597)) && !hour.postpone_renewal(after(4000)));
        assert!(!token(0).postpone_renewal(after(0)));
    }
}
