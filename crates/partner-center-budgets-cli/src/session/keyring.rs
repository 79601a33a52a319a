//! The system's keyring.

use std::time::Duration;

use keyring::{Entry, Error};
use partner_center_budgets::auth::AuthError;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;

use crate::output::notice::notice;

/// The name under which keyrings show our entries.
const SERVICE: &str = "pc-budgets";
/// A keyring that does not ask for a password answers sooner.
const PROMPT_DELAY: Duration = Duration::from_secs(5);
/// Enough time to enter the password of a keyring.
const PROMPT_TIMEOUT: Duration = Duration::from_secs(120);

/// Checks that the keyring can be used, perhaps after the user enters its password.
pub(super) async fn ensure_usable() -> Result<(), AuthError> {
    probe(PROMPT_TIMEOUT).await
}

/// Checks that the keyring can be used, and does not ask for a password.
pub(super) async fn ensure_usable_without_password() -> Result<(), AuthError> {
    probe(PROMPT_DELAY).await
}

pub(super) async fn load(account: &str) -> Result<Option<SecretString>, AuthError> {
    with_entry(account, PROMPT_TIMEOUT, |entry| match entry.get_secret() {
        Ok(bytes) => Ok(String::from_utf8(bytes).ok().map(SecretString::from)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    })
    .await
}

pub(super) async fn save(account: &str, token: &SecretString) -> Result<(), AuthError> {
    let token = token.clone();
    with_entry(account, PROMPT_TIMEOUT, move |entry| entry.set_secret(token.expose_secret().as_bytes())).await
}

/// Returns whether there was an entry.
pub(super) async fn delete(account: &str) -> Result<bool, AuthError> {
    with_entry(account, PROMPT_TIMEOUT, |entry| match entry.delete_credential() {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(error) => Err(error),
    })
    .await
}

async fn probe(timeout: Duration) -> Result<(), AuthError> {
    with_entry("probe", timeout, |entry| match entry.get_secret() {
        Ok(_) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(error),
    })
    .await
}

/// Uses an entry of the keyring in a separate thread: the program must be able to exit while the keyring waits for a
/// password.
async fn with_entry<T: Send + 'static>(
    account: &str,
    timeout: Duration,
    work: impl FnOnce(&Entry) -> keyring::Result<T> + Send + 'static,
) -> Result<T, AuthError> {
    let (account, (sender, mut receiver)) = (account.to_owned(), oneshot::channel());
    std::thread::spawn(move || {
        // After the timeout, the receiver is gone.
        drop(sender.send(Entry::new(SERVICE, &account).and_then(|entry| work(&entry))));
    });
    let silent = || AuthError::new("the system's keyring does not answer", ADVICE);
    let answer = match tokio::time::timeout(PROMPT_DELAY, &mut receiver).await {
        Err(_) if timeout > PROMPT_DELAY => {
            notice("waiting for the system's keyring, which may be asking for its password");
            tokio::time::timeout(timeout - PROMPT_DELAY, receiver).await
        }
        answer => answer,
    };
    answer.map_err(|_| silent())?.map_err(|_| silent())?.map_err(failed)
}

const ADVICE: &str = "unlock the keyring, or sign in again with --store file";

fn failed(error: Error) -> AuthError {
    let what = "the system's keyring cannot be used";
    match (&error, Entry::store_status()) {
        // Windows stores at most 2,560 bytes, so unlocking does not help.
        (Error::TooLong(..), _) => {
            let advice = "sign in again with --store file";
            AuthError::new("the token is too long for the system's keyring", advice).with_source(error)
        }
        // This error only refers to an earlier one.
        (Error::NoDefaultStore, Err(cause)) => AuthError::new(what, ADVICE).with_source(cause),
        _ => AuthError::new(what, ADVICE).with_source(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advises_a_file_for_a_token_too_long_for_the_keyring() {
        let error = failed(Error::TooLong("secret".to_owned(), 2560));
        assert_eq!(error.advice(), Some("sign in again with --store file"));
        assert!(error.what().contains("too long"), "{error}");
    }
}
