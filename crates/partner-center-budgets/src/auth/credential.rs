use std::pin::Pin;

use super::{AccessToken, AuthError, TokenEndpoint};

/// The future that [`Credential::sign_in`] returns.
pub type SignInFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, AuthError>> + Send + 'a>>;

/// The identity that a token represents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Identity {
    /// An app without a user. Most usage operations refuse its tokens.
    App,
    /// An app and a user.
    AppAndUser,
    /// Unknown until the service refuses or accepts the token.
    Unknown,
}

/// Signs in.
///
/// Implement it for another way to sign in. A client awaits at most one sign-in at a time, and does not cache failures.
///
/// ```
/// use std::time::Duration;
/// use partner_center_budgets::auth::{AccessToken, AuthError, Credential, SignInFuture, TokenEndpoint};
///
/// /// Reads the access token that another program writes to a file every 30 minutes.
/// struct TokenFile(std::path::PathBuf);
///
/// impl Credential for TokenFile {
///     fn sign_in<'a>(&'a self, _: &'a TokenEndpoint) -> SignInFuture<'a> {
///         Box::pin(async {
///             let failed = |error| AuthError::new("the token cannot be read", "start the program").with_source(error);
///             let token = std::fs::read_to_string(&self.0).map_err(failed)?;
///             Ok(AccessToken::new(token.trim(), Some(Duration::from_secs(1800))))
///         })
///     }
/// }
/// ```
pub trait Credential: Send + Sync + 'static {
    /// The identity of the tokens. The client does not send a call that requires a user with a token of [`Identity::App`].
    fn identity(&self) -> Identity {
        Identity::Unknown
    }

    /// Signs in and returns a new access token.
    ///
    /// # Errors
    ///
    /// Any failure. The client reports it as [`Error::Auth`](crate::Error::Auth).
    fn sign_in<'a>(&'a self, endpoint: &'a TokenEndpoint) -> SignInFuture<'a>;
}

/// For programs that choose the credential when they run:
///
/// ```
/// use partner_center_budgets::{Client, auth::{ClientSecret, Credential, FixedToken}};
///
/// # fn example() -> Result<(), partner_center_budgets::Error> {
/// let credential: Box<dyn Credential> = match std::env::var("PARTNER_CENTER_TOKEN") {
///     Ok(token) => Box::new(FixedToken::new(token)),
///     Err(_) => Box::new(ClientSecret::from_env()?),
/// };
/// let client = Client::builder(credential).build()?;
/// # Ok(())
/// # }
/// ```
impl Credential for Box<dyn Credential> {
    fn identity(&self) -> Identity {
        self.as_ref().identity()
    }

    fn sign_in<'a>(&'a self, endpoint: &'a TokenEndpoint) -> SignInFuture<'a> {
        self.as_ref().sign_in(endpoint)
    }
}
