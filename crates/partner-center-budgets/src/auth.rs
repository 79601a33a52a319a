//! How a client proves who it is.

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::Error;

/// An access token that was obtained elsewhere. It is never renewed: once it has expired, calls fail with status 401.
///
/// Its text appears in no `Debug` output, error or log.
#[derive(Debug, Clone)]
pub struct FixedToken(SecretString);

impl FixedToken {
    /// Takes an access token for the audience `https://api.partnercenter.microsoft.com`, without the word `Bearer`.
    pub fn new(token: impl Into<String>) -> Self {
        Self(SecretString::from(token.into()))
    }

    /// The value of the header `Authorization`.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, Error> {
        let token = self.0.expose_secret();
        if token.is_empty() {
            return Err(Error::input("the access token is empty", "pass the token that the sign-in returned"));
        }
        let refused = || {
            Error::input(
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
