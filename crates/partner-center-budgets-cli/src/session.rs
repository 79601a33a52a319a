//! Which service to call, for which partner, and with which credential.

pub(crate) mod config;
pub(crate) mod connection;
mod credential_hint;
pub(crate) mod environment;
mod history;
pub(crate) mod origin;
pub(crate) mod partner;
pub(crate) mod token_store;
