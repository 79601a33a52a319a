use std::time::{Duration, Instant};

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::{AuthError, TokenClaims};

/// An access token and its lifetime. Its text appears in no `Debug` output.
#[derive(Debug, Clone)]
pub struct AccessToken {
    secret: SecretString,
    expires_at: Option<Instant>,
    lifetime: Duration,
}

impl AccessToken {
    /// A token is renewed this long before it expires.
    const RENEWAL_MARGIN: Duration = Duration::from_secs(300);

    /// The time for a call to reach the service.
    const EXPIRY_MARGIN: Duration = Duration::from_secs(5);

    /// A token, without the word `Bearer`, that expires after `lifetime`; `None` if that is unknown.
    pub fn new(secret: impl Into<SecretString>, lifetime: Option<Duration>) -> Self {
        let expires_at = lifetime.and_then(|lifetime| Instant::now().checked_add(lifetime));
        Self { secret: secret.into(), expires_at, lifetime: lifetime.unwrap_or_default() }
    }

    /// The claims of the token; `None` if they cannot be read.
    pub fn claims(&self) -> Option<TokenClaims> {
        TokenClaims::read(self.secret.expose_secret())
    }

    /// A token that was granted `age` ago.
    #[cfg(test)]
    pub(super) fn aged(secret: &str, lifetime: Duration, age: Duration) -> Self {
        let left = lifetime.saturating_sub(age);
        Self { secret: secret.into(), expires_at: Some(Instant::now() + left), lifetime }
    }

    /// Whether to renew the token before the next call: 5 minutes before it expires, or after half of a short lifetime.
    pub(super) fn needs_renewal(&self, now: Instant) -> bool {
        let margin = Self::RENEWAL_MARGIN.min(self.lifetime / 2);
        self.expires_at.is_some_and(|expires_at| now + margin >= expires_at)
    }

    /// Whether the service would still accept a call that is sent now.
    pub(super) fn is_valid(&self, now: Instant) -> bool {
        self.expires_at.is_none_or(|expires_at| now + Self::EXPIRY_MARGIN < expires_at)
    }

    /// The value of the header `Authorization`.
    pub(super) fn authorization(&self) -> Result<HeaderValue, AuthError> {
        let token = self.secret.expose_secret();
        if token.is_empty() {
            return Err(AuthError::new("the access token is empty", "pass the token that the sign-in returned"));
        }
        let refused = || {
            AuthError::new(
                "the access token has spaces, line breaks or other characters that are not allowed in tokens",
                "pass the token alone, without the word Bearer and without quotes",
            )
        };
        if token.contains(|letter: char| !letter.is_ascii_graphic() || letter == '"') {
            return Err(refused());
        }
        let mut value = HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| refused())?;
        value.set_sensitive(true);
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_minutes_before_it_expires() {
        let token = AccessToken::new("token", Some(Duration::from_secs(3600)));
        let after = |seconds| Instant::now() + Duration::from_secs(seconds);
        assert!(!token.needs_renewal(after(3290)) && token.needs_renewal(after(3310)));
        assert!(token.is_valid(after(3590)) && !token.is_valid(after(3600)));
        let short = AccessToken::new("token", Some(Duration::from_secs(60)));
        assert!(!short.needs_renewal(after(29)) && short.needs_renewal(after(31)));
        let unknown = AccessToken::new("token", None);
        assert!(!unknown.needs_renewal(after(1_000_000)) && unknown.is_valid(after(1_000_000)));
        assert!(!AccessToken::new("token", Some(Duration::ZERO)).is_valid(after(0)));
    }
}
