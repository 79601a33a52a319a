//! The sign-in: the part of Microsoft Entra ID that clients of Partner Center use.

mod assertion;
mod authority;
mod authorize;
mod claims;
mod credentials;
mod device_code;
mod device_flow;
mod discovery;
mod failure;
mod fields;
mod grant;
mod routes;
mod token_endpoint;
mod tokens;

pub(crate) use authority::{COMMON_TENANTS, origin};
pub use credentials::{CLIENT_SECRET, REFRESH_TOKEN, TOKEN};
pub use device_flow::DeviceFlow;
pub(crate) use failure::Failure;
pub(crate) use grant::Grant;
pub(crate) use routes::{CLIENT_REQUEST_ID, ROUTES, Route, no_store_json};
pub(crate) use tokens::{Access, Scope, Settings, Tokens};
