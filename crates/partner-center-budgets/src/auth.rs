//! Sign-in: how a client authenticates.
//!
//! A [`Credential`] signs in and returns an [`AccessToken`]. The documentation of each built-in credential describes its
//! setup:
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
//! The feature `certificate` enables `rustls`. Neither it nor `interactive` adds a crate to those that `rustls` brings. The
//! feature `file-store` adds `FileStore`, a [`TokenStore`] in a file that only its owner can read. The feature `azure` adds the
//! crate `azure_core`, whose types are in the signature of `AzureCredential`.
//!
//! An app without a user has access to budgets, customers and the Azure usage records of legacy subscriptions. All other
//! usage operations require a user who passed multi-factor authentication.
//!
//! # Lifetime of a token
//!
//! The client signs in before the first call, and shares the token with its clones. At most one sign-in is in flight. The
//! client renews the token 5 minutes before it expires, or after half of a lifetime of less than 10 minutes. If the renewal
//! fails, the client uses the token while it is valid, and tries to renew it again after 30 seconds. A failed sign-in fails
//! the calls that wait for it, and the next call tries again.
//!
//! A call that is refused with status 401 renews the token once. The codes 900420 (wrong audience), 900421 and 10001 (no
//! multi-factor authentication) are exceptions, because the service would refuse the next token too.
//!
//! # Events
//!
//! Each sign-in is an event of `tracing`, with its duration and the authority's code: at the level info if it succeeds,
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
#[cfg(feature = "certificate")]
mod client_certificate;
mod client_secret;
mod credential;
mod error;
#[cfg(feature = "file-store")]
mod file_store;
mod fixed_token;
mod hidden;
#[cfg(feature = "interactive")]
mod interactive;
mod refresh_token;
mod retry;
mod store;
mod token;
mod token_endpoint;

#[cfg(feature = "azure")]
pub use azure::AzureCredential;
pub(crate) use cache::TokenCache;
#[cfg(feature = "certificate")]
pub use certificate::{Certificate, SigningAlgorithm};
pub use claims::TokenClaims;
#[cfg(feature = "certificate")]
pub use client_certificate::ClientCertificate;
pub use client_secret::ClientSecret;
pub use credential::{Credential, Identity, SignInFuture};
pub use error::AuthError;
#[cfg(feature = "file-store")]
pub use file_store::FileStore;
pub use fixed_token::FixedToken;
#[cfg(feature = "interactive")]
pub use interactive::{AuthorizationCode, DeviceCode, DevicePrompt};
pub use refresh_token::RefreshToken;
pub(crate) use retry::retry_sign_in;
pub use store::{MemoryStore, StoreFuture, TokenStore};
pub use token::AccessToken;
pub use token_endpoint::{TokenEndpoint, TokenResponse};
