//! Where refresh tokens are kept.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use secrecy::{ExposeSecret, SecretString};

use super::AuthError;

/// What loading or saving is while it is under way.
pub type Storing<'a, T> = Pin<Box<dyn Future<Output = Result<T, AuthError>> + Send + 'a>>;

/// Keeps the refresh token of one app and user.
///
/// Implement it for a vault. Whoever can read the token can act as the user for 90 days, so a store shows it to nobody
/// else and writes it into no log.
///
/// ```
/// use partner_center_budgets::auth::{AuthError, Storing, TokenStore};
/// use secrecy::SecretString;
/// # struct Vault;
/// # impl Vault {
/// #     async fn get(&self, _: &str) -> Result<Option<String>, std::io::Error> { Ok(None) }
/// #     async fn put(&self, _: &str, _: &SecretString) -> Result<(), std::io::Error> { Ok(()) }
/// # }
///
/// impl TokenStore for Vault {
///     fn load(&self) -> Storing<'_, Option<SecretString>> {
///         Box::pin(async {
///             let found = self.get("partner-center").await;
///             let failed = |error| AuthError::new("the vault cannot be read", "check its policy").with_source(error);
///             Ok(found.map_err(failed)?.map(SecretString::from))
///         })
///     }
///
///     fn save<'a>(&'a self, token: &'a SecretString) -> Storing<'a, ()> {
///         Box::pin(async {
///             let failed = |error| AuthError::new("the vault refuses", "check its policy").with_source(error);
///             self.put("partner-center", token).await.map_err(failed)
///         })
///     }
/// }
/// ```
pub trait TokenStore: Send + Sync + 'static {
    /// The token that was saved last; `None` where none was.
    ///
    /// # Errors
    ///
    /// Whatever hinders. The sign-in fails with it.
    fn load(&self) -> Storing<'_, Option<SecretString>>;

    /// Keeps `token` in place of what was kept before. Once it returns, the token must outlive a crash of the process and
    /// of the machine; while it runs, the one before must.
    ///
    /// # Errors
    ///
    /// Whatever hinders. A user who signs in must do so again. A renewal continues with its access token and reports the
    /// error as an event, because the token before is still stored and good.
    fn save<'a>(&'a self, token: &'a SecretString) -> Storing<'a, ()>;
}

/// No refresh token has more bytes.
pub(super) const LONGEST: usize = 64 * 1024;

/// Checks that a text can be a refresh token, so that nothing else replaces one. RFC 6749 allows visible ASCII and spaces.
pub(super) fn check_token(token: &SecretString) -> Result<(), AuthError> {
    let token = token.expose_secret();
    let is_token = |letter: char| letter == ' ' || letter.is_ascii_graphic();
    let why = match token {
        _ if token.trim().is_empty() => "is blank",
        _ if token.len() > LONGEST => "is too long",
        _ if !token.chars().all(is_token) => "has characters that no token has",
        _ => return Ok(()),
    };
    Err(AuthError::new(format!("the refresh token {why}"), "check that the cloud's authority is right"))
}

/// Keeps a refresh token as long as the process runs: for tests, and for programs that sign a user in each time.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Option<SecretString>>);

impl MemoryStore {
    /// A store with a refresh token. [`MemoryStore::default`] is one without.
    pub fn new(token: impl Into<SecretString>) -> Self {
        Self(Mutex::new(Some(token.into())))
    }
}

impl TokenStore for MemoryStore {
    fn load(&self) -> Storing<'_, Option<SecretString>> {
        Box::pin(async { Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()) })
    }

    fn save<'a>(&'a self, token: &'a SecretString) -> Storing<'a, ()> {
        Box::pin(async {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
            Ok(())
        })
    }
}
