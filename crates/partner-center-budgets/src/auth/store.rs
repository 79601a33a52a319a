//! Storage of refresh tokens.

use std::pin::Pin;
use std::sync::Mutex;

use secrecy::{ExposeSecret, SecretString};

use super::AuthError;
use crate::lock;

/// The future that [`TokenStore`] returns.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, AuthError>> + Send + 'a>>;

/// Stores the refresh token of one app and user.
///
/// Implement it for a vault. Anyone with the token can act as the user for 90 days, so a store must not show or log it.
///
/// ```
/// use partner_center_budgets::auth::{AuthError, StoreFuture, TokenStore};
/// use secrecy::SecretString;
/// # struct Vault;
/// # impl Vault {
/// #     async fn get(&self, _: &str) -> Result<Option<String>, std::io::Error> { Ok(None) }
/// #     async fn put(&self, _: &str, _: &SecretString) -> Result<(), std::io::Error> { Ok(()) }
/// # }
///
/// impl TokenStore for Vault {
///     fn load(&self) -> StoreFuture<'_, Option<SecretString>> {
///         Box::pin(async {
///             let found = self.get("partner-center").await;
///             let failed = |error| AuthError::new("the vault cannot be read", "check its policy").with_source(error);
///             Ok(found.map_err(failed)?.map(SecretString::from))
///         })
///     }
///
///     fn save<'a>(&'a self, token: &'a SecretString) -> StoreFuture<'a, ()> {
///         Box::pin(async {
///             let failed = |error| AuthError::new("the vault cannot be written", "check its policy").with_source(error);
///             self.put("partner-center", token).await.map_err(failed)
///         })
///     }
/// }
/// ```
pub trait TokenStore: Send + Sync + 'static {
    /// Returns the saved token, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// Any failure. The sign-in fails with it.
    fn load(&self) -> StoreFuture<'_, Option<SecretString>>;

    /// Replaces the saved token. When it returns, the new token must survive a crash of the process and of the machine;
    /// until then, the old one must.
    ///
    /// # Errors
    ///
    /// Any failure. A sign-in by the user fails with it. A renewal continues with its access token and reports the error as
    /// an event, because the old token is still stored and valid.
    fn save<'a>(&'a self, token: &'a SecretString) -> StoreFuture<'a, ()>;
}

/// The largest refresh token, in bytes.
pub(super) const MAX_TOKEN_BYTES: usize = 64 * 1024;

/// Checks that a text can be a refresh token before it replaces one. RFC 6749 allows visible ASCII and spaces.
pub(super) fn check_token(token: &SecretString) -> Result<(), AuthError> {
    let token = token.expose_secret();
    let is_allowed = |letter: char| letter == ' ' || letter.is_ascii_graphic();
    let why = match token {
        _ if token.trim().is_empty() => "is blank",
        _ if token.len() > MAX_TOKEN_BYTES => "is too long",
        _ if !token.chars().all(is_allowed) => "has characters that are not allowed in tokens",
        _ => return Ok(()),
    };
    Err(AuthError::new(format!("the refresh token {why}"), "check that the cloud's authority is right"))
}

/// Stores a refresh token in memory: for tests, and for programs that sign the user in at each start.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Option<SecretString>>);

impl MemoryStore {
    /// A store with a refresh token. [`MemoryStore::default`] creates an empty one.
    ///
    /// ```
    /// use partner_center_budgets::auth::{MemoryStore, TokenStore};
    /// use secrecy::ExposeSecret;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), partner_center_budgets::auth::AuthError> {
    /// let store = MemoryStore::new("a-refresh-token");
    /// let saved = store.load().await?;
    /// assert_eq!(saved.as_ref().map(|token| token.expose_secret()), Some("a-refresh-token"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(token: impl Into<SecretString>) -> Self {
        Self(Mutex::new(Some(token.into())))
    }
}

impl TokenStore for MemoryStore {
    fn load(&self) -> StoreFuture<'_, Option<SecretString>> {
        Box::pin(async { Ok(lock(&self.0).clone()) })
    }

    fn save<'a>(&'a self, token: &'a SecretString) -> StoreFuture<'a, ()> {
        Box::pin(async {
            *lock(&self.0) = Some(token.clone());
            Ok(())
        })
    }
}
