//! Which service to call, for which partner, and with which credential.

pub(crate) mod config;
pub(crate) mod connection;
mod credential_hint;
pub(crate) mod environment;
mod history;
#[cfg_attr(not(any(windows, target_os = "macos", feature = "secret-service")), path = "session/no_keyring.rs")]
mod keyring;
pub(crate) mod origin;
pub(crate) mod partner;
pub(crate) mod token_store;
