//! How a client proves who it is.
//!
//! A [`Credential`] signs in and gives an [`AccessToken`]. These are built in; each says how to set it up.
//!
//! | credential | speaks for | needs | feature |
//! |---|---|---|---|
//! | [`ClientSecret`] | an app | a secret | |
//! | `ClientCertificate` | an app | a certificate and its key | `certificate` |
//! | [`RefreshToken`] | an app and a user | a [`TokenStore`] with the token of an earlier sign-in | |
//! | `DeviceCode` | an app and a user | a user with a browser on any device | `interactive` |
//! | `AuthorizationCode` | an app and a user | a user with a browser on this machine | `interactive` |
//! | `AzureCredential` | mostly an app | a managed or workload identity | `azure` |
//! | [`FixedToken`] | whoever it was made for | an access token | |
//!
//! Budgets, customers and the Azure usage records of a legacy subscription can be read and set for an app alone. All other
//! usage operations want a user, who has passed multi-factor authentication.
//!
//! # The life of a token
//!
//! The client signs in when the first call needs it, once however many calls wait, and shares the token between its
//! clones. It renews it 5 minutes before its end, or at half of a life that is shorter than 10 minutes. Where that fails
//! the token is used while it is good, and renewing is tried again after 30 seconds. A failed sign-in fails the calls that
//! waited for it, and the next call tries again.
//!
//! A call that is refused with status 401 renews the token once. It does not for the codes 900420 (wrong audience),
//! 900421 and 10001 (no multi-factor authentication), because the next token would be refused too.
//!
//! # What is logged
//!
//! Each sign-in is an event of `tracing` at the level debug, and at warn where it fails, with its duration and the
//! authority's code. A renewed refresh token that cannot be saved is an event at warn. Tokens, secrets and forms are in no
//! event, `Debug` output or error.

mod app;
#[cfg(feature = "interactive")]
mod authorization_code;
#[cfg(feature = "azure")]
mod azure;
mod cache;
#[cfg(feature = "certificate")]
mod certificate;
mod claims;
#[cfg(feature = "certificate")]
mod client_certificate;
mod client_secret;
#[cfg(feature = "interactive")]
mod device_code;
mod error;
mod file_store;
mod fixed;
#[cfg(feature = "interactive")]
mod redirect;
mod refresh_token;
mod sign_in;
mod store;
mod token;

use std::pin::Pin;

#[cfg(feature = "interactive")]
pub use authorization_code::AuthorizationCode;
#[cfg(feature = "azure")]
pub use azure::AzureCredential;
pub(crate) use cache::TokenCache;
#[cfg(feature = "certificate")]
pub use certificate::{Certificate, SigningAlgorithm};
pub use claims::TokenClaims;
#[cfg(feature = "certificate")]
pub use client_certificate::ClientCertificate;
pub use client_secret::ClientSecret;
#[cfg(feature = "interactive")]
pub use device_code::{DeviceCode, DevicePrompt};
pub use error::AuthError;
pub use file_store::FileStore;
pub use fixed::FixedToken;
pub use refresh_token::RefreshToken;
pub use sign_in::{SignIn, TokenResponse};
pub use store::{MemoryStore, Storing, TokenStore};
pub use token::AccessToken;

/// What a sign-in is while it is under way.
pub type SigningIn<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, AuthError>> + Send + 'a>>;

/// For whom a credential's tokens speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Identity {
    /// For an app alone. Most usage operations refuse such tokens.
    App,
    /// For an app and a user.
    AppAndUser,
    /// Not known before the service says so.
    Unknown,
}

/// Signs in.
///
/// Implement it for a way to sign in that is not among ours. A client calls it once at a time, however many calls wait
/// for the token, and keeps no failure.
pub trait Credential: Send + Sync + 'static {
    /// For whom the tokens speak. A call that needs a user is not sent with a token of an app alone.
    fn identity(&self) -> Identity {
        Identity::Unknown
    }

    /// Signs in to `to` and returns a fresh access token.
    ///
    /// # Errors
    ///
    /// Whatever hinders; the client reports it as [`Error::Auth`](crate::Error::Auth).
    fn sign_in<'a>(&'a self, to: &'a SignIn) -> SigningIn<'a>;
}
