//! Where the refresh token of a profile is kept: the system's keyring, or a file that only its owner may read.

use std::path::{Path, PathBuf};
use std::time::Duration;

use keyring::Entry;
use partner_center_budgets::auth::{AuthError, FileStore, StoreFuture, TokenStore};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;

use crate::config::{Config, Profile, ProfileName, StoreKind};
use crate::failure::chain;
use crate::output::notice;

/// The name under which keyrings show our entries.
const SERVICE: &str = "pc-budgets";
/// How many bytes of a hash tell entries apart.
const HASH: usize = 8;
/// A keyring that asks its owner for no password answers sooner.
const SILENCE: Duration = Duration::from_secs(5);
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
            StoreKind::Keyring => Kept::Keyring { account: entry(name, profile) },
            StoreKind::File => Kept::File(FileStore::new(folder(config).join(entry(name, profile)))),
        };
        Self { profile: name.clone(), kept }
    }

    /// Files with tokens of a profile that has changed since, by hand or by a `login` that was killed. No profile names them.
    pub(crate) fn left_behind(name: &ProfileName, config: &Config) -> Vec<Self> {
        let folder = folder(config.path());
        let in_files = config.profiles().filter(|(_, profile)| profile.store == StoreKind::File);
        let in_use: Vec<_> = in_files.map(|(name, profile)| entry(name, profile)).collect();
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let left = files.filter(|file| file.path().is_file()).filter(|file| {
            let file = file.file_name().to_string_lossy().into_owned();
            let digits = file.strip_prefix(&format!("{}-", name.as_str().to_ascii_lowercase()));
            let is_hash =
                |digits: &str| digits.len() == 2 * HASH && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            digits.is_some_and(is_hash) && !in_use.contains(&file)
        });
        left.map(|file| Self { profile: name.clone(), kept: Kept::File(FileStore::new(file.path())) }).collect()
    }

    /// Removes what killed processes left in the folder with the tokens of these profiles. Returns how many files there were.
    pub(crate) fn remove_abandoned(config: &Config) -> usize {
        durable_files::remove_abandoned(&folder(config.path()), None)
    }

    /// Whether both keep the same token.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (&self.kept, &other.kept) {
            (Kept::Keyring { account }, Kept::Keyring { account: other }) => account == other,
            (Kept::File(store), Kept::File(other)) => store.path() == other.path(),
            _ => false,
        }
    }

    /// Finds out, before anybody signs in, whether a token can be saved.
    pub(crate) async fn check_writable(&self) -> Result<(), AuthError> {
        match &self.kept {
            Kept::Keyring { .. } => probe(PATIENCE).await,
            Kept::File(store) => store.check_writable().await,
        }
    }

    /// Whether there is a keyring that answers at once.
    pub(crate) async fn keyring_answers() -> Result<(), AuthError> {
        probe(SILENCE).await
    }

    /// Takes the token away; false where there was none.
    pub(crate) async fn forget(&self) -> Result<bool, AuthError> {
        match &self.kept {
            Kept::Keyring { account } => {
                with_entry(account, PATIENCE, |entry| match entry.delete_credential() {
                    Ok(()) => Ok(true),
                    Err(keyring::Error::NoEntry) => Ok(false),
                    Err(error) => Err(error),
                })
                .await
            }
            Kept::File(store) => store.delete().await,
        }
    }

    /// Where that is, for people.
    pub(crate) fn shown(&self) -> String {
        match &self.kept {
            Kept::Keyring { .. } => "the system's keyring".to_owned(),
            Kept::File(store) => store.path().display().to_string(),
        }
    }
}

impl TokenStore for Store {
    fn load(&self) -> StoreFuture<'_, Option<SecretString>> {
        Box::pin(async {
            let found = match &self.kept {
                Kept::File(store) => store.load().await?,
                Kept::Keyring { account } => {
                    let read = |entry: &Entry| match entry.get_secret() {
                        Ok(bytes) => Ok(String::from_utf8(bytes).ok().map(SecretString::from)),
                        Err(keyring::Error::NoEntry) => Ok(None),
                        Err(error) => Err(error),
                    };
                    with_entry(account, PATIENCE, read).await?
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

    fn save<'a>(&'a self, token: &'a SecretString) -> StoreFuture<'a, ()> {
        match &self.kept {
            Kept::File(store) => store.save(token),
            Kept::Keyring { account } => {
                let token = token.clone();
                let save = move |entry: &Entry| entry.set_secret(token.expose_secret().as_bytes());
                Box::pin(with_entry(account, PATIENCE, save))
            }
        }
    }
}

/// A store that warns the user if the next token cannot be saved: the sign-in continues without.
pub(crate) struct WarningStore<S>(pub(crate) S);

impl<S: TokenStore> TokenStore for WarningStore<S> {
    fn load(&self) -> StoreFuture<'_, Option<SecretString>> {
        self.0.load()
    }

    fn save<'a>(&'a self, token: &'a SecretString) -> StoreFuture<'a, ()> {
        Box::pin(async {
            let saved = self.0.save(token).await;
            if let Err(error) = &saved {
                let why = chain(error);
                notice(format_args!(
                    "warning: the next refresh token could not be saved ({why}); the stored one is still good"
                ));
            }
            saved
        })
    }
}

/// The name of a token. A profile that stands for another tenant, app or address from now on must not take the token of the
/// one before, and a disk may not tell `A` from `a`: so all of it is hashed, and the name in front is for people.
fn entry(name: &ProfileName, profile: &Profile) -> String {
    let cloud = profile.cloud();
    let mut parts = vec![name.as_str(), &profile.tenant, &profile.client_id, profile.cloud.name(), cloud.authority()];
    // The cloud's own address is left out, because names of earlier versions have none.
    let address = cloud.api().trim_end_matches('/');
    if address != profile.cloud.with(None, None).api().trim_end_matches('/') {
        parts.push(address);
    }
    let mut hash = Sha256::new();
    for part in parts {
        // With its length, so that no part can go over into the next.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digits = hash.finalize().iter().take(HASH).map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("{}-{digits}", name.as_str().to_ascii_lowercase())
}

/// Where the tokens of a file with profiles are. Another file beside it has a folder of its own: one of the same name there
/// is another profile.
fn folder(config: &Path) -> PathBuf {
    match config.file_name().and_then(|name| name.to_str()) {
        None | Some("config.toml") => config.with_file_name("tokens"),
        Some(name) => config.with_file_name(format!("{name}.tokens")),
    }
}

async fn probe(patience: Duration) -> Result<(), AuthError> {
    with_entry("probe", patience, |entry| match entry.get_secret() {
        Ok(_) | Err(keyring::Error::NoEntry) => Ok(()),
        Err(error) => Err(error),
    })
    .await
}

/// Works with an entry of the keyring, in a thread of its own: one that waits for a password which nobody enters must not
/// keep this program from ending.
async fn with_entry<T: Send + 'static>(
    account: &str,
    patience: Duration,
    work: impl FnOnce(&Entry) -> keyring::Result<T> + Send + 'static,
) -> Result<T, AuthError> {
    let (account, (tell, mut told)) = (account.to_owned(), oneshot::channel());
    std::thread::spawn(move || {
        // Nobody listens any more where the patience was at its end.
        drop(tell.send(Entry::new(SERVICE, &account).and_then(|entry| work(&entry))));
    });
    let silent = || AuthError::new("the system's keyring gives no answer", ADVICE);
    let answer = match tokio::time::timeout(SILENCE, &mut told).await {
        Err(_) if patience > SILENCE => {
            notice("waiting for the system's keyring, which may be asking for its password");
            tokio::time::timeout(patience - SILENCE, told).await
        }
        answer => answer,
    };
    answer.map_err(|_| silent())?.map_err(|_| silent())?.map_err(failed)
}

const ADVICE: &str = "unlock the keyring, or sign in again with --store file";

fn failed(error: keyring::Error) -> AuthError {
    let what = "the system's keyring cannot be used";
    match (&error, Entry::store_status()) {
        // Windows keeps no more than 2,560 bytes, and no unlocking helps.
        (keyring::Error::TooLong(..), _) => {
            let advice = "sign in again with --store file";
            AuthError::new("the token is too long for the system's keyring", advice).with_source(error)
        }
        // This says only that there was a failure before, which is the one to tell.
        (keyring::Error::NoDefaultStore, Err(cause)) => AuthError::new(what, ADVICE).with_source(cause),
        _ => AuthError::new(what, ADVICE).with_source(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(tenant: &str, client_id: &str, authority: Option<&str>) -> Profile {
        let (tenant, client_id) = (tenant.to_owned(), client_id.to_owned());
        let authority = authority.map(str::to_owned);
        Profile { tenant, client_id, cloud: Default::default(), store: StoreKind::File, base_url: None, authority }
    }

    #[test]
    fn no_two_sign_ins_share_an_entry() {
        let cases = [
            ("a", profile("b.c", "d", None)),
            ("a.b", profile("c", "d", None)),
            ("A", profile("b.c", "d", None)),
            ("a", profile("b", "c.d", None)),
            ("a", profile("b c", "d", None)),
            ("a", profile("b_c", "d", None)),
            ("a", profile("b.c", "d", Some("https://login.example"))),
            ("a", Profile { base_url: Some("https://api.example".to_owned()), ..profile("b.c", "d", None) }),
            ("a", Profile { base_url: Some("https://api2.example".to_owned()), ..profile("b.c", "d", None) }),
            ("a", Profile { cloud: crate::config::CloudName::UsGovernment, ..profile("b.c", "d", None) }),
        ];
        let names: std::collections::BTreeSet<_> =
            cases.iter().map(|(name, profile)| entry(&name.parse().unwrap(), profile).to_ascii_lowercase()).collect();
        assert_eq!(names.len(), cases.len(), "{names:?}");
        assert!(names.iter().all(|name| name.starts_with("a-") || name.starts_with("a.b-")), "{names:?}");
    }

    #[test]
    fn a_sign_in_of_an_earlier_version_is_still_found() {
        let api = Some("https://api.partnercenter.microsoft.com/".to_owned());
        for profile in [profile("b.c", "d", None), Profile { base_url: api, ..profile("b.c", "d", None) }] {
            assert_eq!(entry(&"a".parse().unwrap(), &profile), "a-02cb19889fca624e");
        }
    }

    #[test]
    fn a_token_that_is_too_long_for_a_keyring_goes_into_a_file() {
        let error = failed(keyring::Error::TooLong("secret".to_owned(), 2560));
        assert_eq!(error.advice(), Some("sign in again with --store file"));
        assert!(error.what().contains("too long"), "{error}");
    }
}
