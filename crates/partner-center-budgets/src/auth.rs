//! Sign-in: how a client authenticates.
//!
//! A [`Credential`] signs in and returns an [`AccessToken`]. These are built in, each with its setup in its documentation:
//!
//! | credential | identity | requires | feature |
//! |---|---|---|---|
//! | [`ClientSecret`] | an app | a secret | |
//! | `ClientCertificate` | an app | a certificate and its key | `certificate` |
//! | [`RefreshToken`] | an app and a user | a [`TokenStore`] with the token of an earlier sign-in | |
//! | `DeviceCode` | an app and a user | a user with a browser on any device | `interactive` |
//! | `AuthorizationCode` | an app and a user | a user with a browser on this machine | `interactive` |
//! | `AzureCredential` | usually an app | a managed or workload identity | `azure` |
//! | [`FixedToken`] | that of the token | an access token | |
//!
//! An app without a user has access to budgets, customers and the Azure usage records of legacy subscriptions. All other
//! usage operations require a user who passed multi-factor authentication.
//!
//! # Lifetime of a token
//!
//! The client signs in before the first call, and shares the token with its clones. However many calls wait, there is one
//! sign-in in flight. The client renews the token 5 minutes before it expires, or after half of a lifetime of less than 10
//! minutes. If the renewal fails, the client uses the token while it is valid, and tries to renew it again after 30
//! seconds. A failed sign-in fails the calls that wait for it, and the next call tries again.
//!
//! A call that is refused with status 401 renews the token once. It does not for the codes 900420 (wrong audience),
//! 900421 and 10001 (no multi-factor authentication), because the next token would be refused too.
//!
//! # Events
//!
//! Each sign-in is an event of `tracing`, with its duration and the authority's code: at the level debug if it succeeds,
//! and at warn if it fails. A renewed refresh token that cannot be saved is an event at warn. No event, `Debug` output or
//! error contains a token, a secret or a form.
//!
//! # When a sign-in is refused
//!
//! [`AuthError::code`] is the code of Entra ID. [`AuthError::advice`] follows this table, by the code or else by the
//! `error` of OAuth 2.0. [`AuthError::needs_sign_in`] is its last column.
//!
#![doc = include_str!("auth/advice.md")]

mod advice;
mod app;
#[cfg(feature = "azure")]
mod azure;
mod cache;
#[cfg(feature = "certificate")]
mod certificate;
mod claims;
mod client_secret;
mod error;
mod file_store;
mod fixed_token;
#[cfg(feature = "interactive")]
mod interactive;
mod refresh_token;
mod retry;
mod store;
mod token;
mod token_endpoint;

use std::pin::Pin;

#[cfg(feature = "azure")]
pub use azure::AzureCredential;
pub(crate) use cache::TokenCache;
#[cfg(feature = "certificate")]
pub use certificate::{Certificate, ClientCertificate, SigningAlgorithm};
pub use claims::TokenClaims;
pub use client_secret::ClientSecret;
pub use error::AuthError;
pub use file_store::FileStore;
pub use fixed_token::FixedToken;
#[cfg(feature = "interactive")]
pub use interactive::{AuthorizationCode, DeviceCode, DevicePrompt};
pub use refresh_token::RefreshToken;
pub(crate) use retry::retry_sign_in;
pub use store::{MemoryStore, StoreFuture, TokenStore};
pub use token::AccessToken;
pub use token_endpoint::{TokenEndpoint, TokenResponse};

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
