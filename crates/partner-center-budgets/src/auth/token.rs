use std::time::{Duration, Instant};

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::{AuthError, TokenClaims};

/// An access token and how long it is good for. Its text appears in no `Debug` output.
#[derive(Debug, Clone)]
pub struct AccessToken {
    secret: SecretString,
    expires_at: Option<Instant>,
    lifetime: Duration,
}

impl AccessToken {
    /// How long before its end a token is renewed.
    const RENEWED_BEFORE: Duration = Duration::from_secs(300);

    /// How long a call may take to arrive.
    const ON_THE_WAY: Duration = Duration::from_secs(5);

    /// A token, without the word `Bearer`, that is good for `lifetime` from now; `None` where that is not known.
    pub fn new(secret: impl Into<SecretString>, lifetime: Option<Duration>) -> Self {
        let expires_at = lifetime.and_then(|lifetime| Instant::now().checked_add(lifetime));
        Self { secret: secret.into(), expires_at, lifetime: lifetime.unwrap_or_default() }
    }

    /// What the token says of itself; `None` where it says nothing that can be read.
    pub fn claims(&self) -> Option<TokenClaims> {
        TokenClaims::read(self.secret.expose_secret())
    }

    /// A token that was granted some time ago.
    #[cfg(test)]
    pub(crate) fn aged(secret: &str, lifetime: Duration, age: Duration) -> Self {
        let left = lifetime.saturating_sub(age);
        Self { secret: secret.into(), expires_at: Some(Instant::now() + left), lifetime }
    }

    /// Whether the token should be used, and not renewed first: 5 minutes before its end, or at half of a short life.
    pub(crate) fn is_fresh(&self, now: Instant) -> bool {
        let before = Self::RENEWED_BEFORE.min(self.lifetime / 2);
        self.expires_at.is_none_or(|expires_at| now + before < expires_at)
    }

    /// Whether a call with the token would still be accepted, with some time for it to arrive.
    pub(crate) fn is_good(&self, now: Instant) -> bool {
        self.expires_at.is_none_or(|expires_at| now + Self::ON_THE_WAY < expires_at)
    }

    /// The value of the header `Authorization`.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, AuthError> {
        let token = self.secret.expose_secret();
        if token.is_empty() {
            return Err(AuthError::new("the access token is empty", "pass the token that the sign-in returned"));
        }
        let refused = || {
            AuthError::new(
                "the access token has spaces, line breaks or other characters that no token has",
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
    fn a_token_is_renewed_minutes_before_its_end() {
        let token = AccessToken::new("token", Some(Duration::from_secs(3600)));
        let after = |seconds| Instant::now() + Duration::from_secs(seconds);
        assert!(token.is_fresh(after(3290)) && !token.is_fresh(after(3310)));
        assert!(token.is_good(after(3590)) && !token.is_good(after(3600)));
        let short = AccessToken::new("token", Some(Duration::from_secs(60)));
        assert!(short.is_fresh(after(29)) && !short.is_fresh(after(31)));
        let unknown = AccessToken::new("token", None);
        assert!(unknown.is_fresh(after(1_000_000)) && unknown.is_good(after(1_000_000)));
        assert!(!AccessToken::new("token", Some(Duration::ZERO)).is_good(after(0)));
    }
}
