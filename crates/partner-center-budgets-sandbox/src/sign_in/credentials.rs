//! The credentials that are always valid.

/// A bearer token that is valid without a sign-in and does not expire. It represents an app and a user who passed
/// multi-factor authentication.
pub const TOKEN: &str = "sandbox";

/// The client secret of every client id.
pub const CLIENT_SECRET: &str = "sandbox-secret";

/// A refresh token that is valid without an earlier sign-in and does not expire.
pub const REFRESH_TOKEN: &str = "sandbox-refresh-token";
