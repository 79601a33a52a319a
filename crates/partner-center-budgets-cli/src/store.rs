//! Where the refresh token of a profile is kept: the system's keyring, or a file that only its owner may read.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use keyring::Entry;
use partner_center_budgets::auth::{AuthError, FileStore, Storing, TokenStore};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;

use crate::config::{Profile, ProfileName, StoreKind};

/// The name under which keyrings show our entries.
const SERVICE: &str = "pc-budgets";
/// A keyring may ask its owner for a password first.
const PATIENCE: Duration = Duration::from_secs(120);

/// The refresh token of a profile.
#[derive(Clone)]
pub(crate) struct Store {
    profile: ProfileName,
    kept: Kept,
}

#[derive(Clone)]
enum Kept {
    Keyring { account: String },
    File(FileStore),
}

impl Store {
    /// `config` is the file with the profiles; files with tokens are in a folder beside it.
    pub(crate) fn of(name: &ProfileName, profile: &Profile, config: &Path) -> Self {
        let kept = match profile.store {
            // A profile that stands for another tenant or app from now on must not take the token of the one before.
            StoreKind::Keyring => Kept::Keyring { account: format!("{name} {} {}", profile.tenant, profile.client_id) },
            StoreKind::File => {
                let folder = config.with_file_name("tokens");
                let file = format!("{name}.{}.{}", profile.tenant, profile.client_id);
                Kept::File(FileStore::new(folder.join(file.replace(|letter: char| !is_plain(letter), "_"))))
            }
        };
        Self { profile: name.clone(), kept }
    }

    /// Whether there is a keyring that answers.
    pub(crate) async fn keyring_answers() -> Result<(), AuthError> {
        with_entry("probe", |entry| match entry.get_secret() {
            Ok(_) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
        .await
    }

    /// Takes the token away; false where there was none.
    pub(crate) async fn forget(&self) -> Result<bool, AuthError> {
        match &self.kept {
            Kept::Keyring { account } => {
                with_entry(account, |entry| match entry.delete_credential() {
                    Ok(()) => Ok(true),
                    Err(keyring::Error::NoEntry) => Ok(false),
                    Err(error) => Err(error),
                })
                .await
            }
            Kept::File(store) => match std::fs::remove_file(store.path()) {
                Ok(()) => Ok(true),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
                Err(error) => {
                    let what = format!("the token file {} cannot be removed", store.path().display());
                    Err(AuthError::new(what, "remove it by hand").with_source(error))
                }
            },
        }
    }

    /// Where that is, for people.
    pub(crate) fn shown(&self) -> String {
        match &self.kept {
            Kept::Keyring { .. } => "the system's keyring".to_owned(),
            Kept::File(store) => store.path().display().to_string(),
        }
    }

    pub(crate) fn shared(self) -> Arc<dyn TokenStore> {
        Arc::new(self)
    }
}

impl TokenStore for Store {
    fn load(&self) -> Storing<'_, Option<SecretString>> {
        Box::pin(async {
            let found = match &self.kept {
                Kept::File(store) => store.load().await?,
                Kept::Keyring { account } => {
                    let read = |entry: &Entry| match entry.get_secret() {
                        Ok(bytes) => Ok(String::from_utf8(bytes).ok().map(SecretString::from)),
                        Err(keyring::Error::NoEntry) => Ok(None),
                        Err(error) => Err(error),
                    };
                    with_entry(account, read).await?
                }
            };
            let Self { profile, .. } = self;
            let missing = || {
                AuthError::new(
                    format!("profile {profile} is not signed in"),
                    format!("run `pc-budgets login --profile {profile}`"),
                )
            };
            found.map(Some).ok_or_else(missing)
        })
    }

    fn save<'a>(&'a self, token: &'a SecretString) -> Storing<'a, ()> {
        match &self.kept {
            Kept::File(store) => store.save(token),
            Kept::Keyring { account } => {
                let token = token.clone();
                Box::pin(with_entry(account, move |entry| entry.set_secret(token.expose_secret().as_bytes())))
            }
        }
    }
}

fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-_.".contains(letter)
}

/// Works with an entry of the keyring, in a thread of its own: one that waits for a password which nobody enters must not
/// keep this program from ending.
async fn with_entry<T: Send + 'static>(
    account: &str,
    work: impl FnOnce(&Entry) -> keyring::Result<T> + Send + 'static,
) -> Result<T, AuthError> {
    const ADVICE: &str = "unlock the keyring, or sign in again with --store file";
    let (account, (tell, told)) = (account.to_owned(), oneshot::channel());
    std::thread::spawn(move || {
        // Nobody listens any more where the patience was at its end.
        drop(tell.send(Entry::new(SERVICE, &account).and_then(|entry| work(&entry))));
    });
    let failed =
        |error: keyring::Error| AuthError::new("the system's keyring cannot be used", ADVICE).with_source(error);
    let silent = || AuthError::new("the system's keyring gives no answer", ADVICE);
    let answer = tokio::time::timeout(PATIENCE, told).await;
    answer.map_err(|_| silent())?.map_err(|_| silent())?.map_err(failed)
}
