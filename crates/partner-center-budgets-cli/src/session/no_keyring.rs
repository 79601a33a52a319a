//! In place of the system's keyring, in a build without one.

use partner_center_budgets::auth::AuthError;
use secrecy::SecretString;

pub(super) async fn ensure_usable() -> Result<(), AuthError> {
    Err(missing())
}

pub(super) async fn ensure_usable_without_password() -> Result<(), AuthError> {
    Err(missing())
}

pub(super) async fn load(_account: &str) -> Result<Option<SecretString>, AuthError> {
    Err(missing())
}

pub(super) async fn save(_account: &str, _token: &SecretString) -> Result<(), AuthError> {
    Err(missing())
}

pub(super) async fn delete(_account: &str) -> Result<bool, AuthError> {
    Err(missing())
}

fn missing() -> AuthError {
    AuthError::new(
        "this build of pc-budgets has no keyring",
        "sign in again with --store file, or build pc-budgets with the feature secret-service",
    )
}
