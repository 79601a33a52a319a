//! The refresh token of a profile, in the system's keyring or in a file that only its owner may read.

use std::path::{Path, PathBuf};

use durable_files as files;
use partner_center_budgets::auth::{AuthError, FileStore, StoreFuture, TokenStore};
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use super::config::{Config, Profile, ProfileName, StoreKind};
use super::keyring;
use crate::output::notice::notice;

/// Bytes of the hash in the name of an entry.
const HASH_BYTES: usize = 8;

/// The refresh token of a profile.
#[derive(Clone)]
pub(crate) struct Store {
    profile: ProfileName,
    location: Location,
}

#[derive(Clone)]
enum Location {
    Keyring { account: String },
    File(FileStore),
}

impl Store {
    /// `config` is the profiles file; token files are in a folder next to it.
    pub(crate) fn of(name: &ProfileName, profile: &Profile, config: &Path) -> Self {
        let location = match profile.store {
            StoreKind::Keyring => Location::Keyring { account: entry(name, profile) },
            StoreKind::File => Location::File(FileStore::new(folder(config).join(entry(name, profile)))),
        };
        Self { profile: name.clone(), location }
    }

    /// Token files that no profile uses any more, because it was edited or its `login` was killed.
    pub(crate) fn left_behind(name: &ProfileName, config: &Config) -> Vec<Self> {
        let folder = folder(config.path());
        let in_files = config.profiles().filter(|(_, profile)| profile.store == StoreKind::File);
        let in_use: Vec<_> = in_files.map(|(name, profile)| entry(name, profile)).collect();
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let left = files.filter(|file| file.path().is_file()).filter(|file| {
            let file = file.file_name().to_string_lossy().into_owned();
            let digits = file.strip_prefix(&format!("{}-", name.as_str().to_ascii_lowercase()));
            let is_hash =
                |digits: &str| digits.len() == 2 * HASH_BYTES && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            digits.is_some_and(is_hash) && !in_use.contains(&file)
        });
        left.map(|file| Self { profile: name.clone(), location: Location::File(FileStore::new(file.path())) }).collect()
    }

    /// Removes the temporary files that killed processes left in the folder of the tokens. Returns their number.
    pub(crate) fn remove_abandoned(config: &Config) -> usize {
        files::remove_abandoned(&folder(config.path()), None)
    }

    /// Whether both are the same entry.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (&self.location, &other.location) {
            (Location::Keyring { account }, Location::Keyring { account: other }) => account == other,
            (Location::File(store), Location::File(other)) => store.path() == other.path(),
            _ => false,
        }
    }

    /// Checks that a token can be saved, before the user signs in.
    pub(crate) async fn ensure_writable(&self) -> Result<(), AuthError> {
        match &self.location {
            Location::Keyring { .. } => keyring::ensure_usable().await,
            Location::File(store) => store.check_writable().await,
        }
    }

    /// Checks that there is a keyring, and that it does not ask for a password.
    pub(crate) async fn ensure_keyring() -> Result<(), AuthError> {
        keyring::ensure_usable_without_password().await
    }

    /// Deletes the token. Returns whether there was one.
    pub(crate) async fn delete(&self) -> Result<bool, AuthError> {
        match &self.location {
            Location::Keyring { account } => keyring::delete(account).await,
            Location::File(store) => store.delete().await,
        }
    }

    /// Where the token is stored, for people.
    pub(crate) fn location(&self) -> String {
        match &self.location {
            Location::Keyring { .. } => "the system's keyring".to_owned(),
            Location::File(store) => store.path().display().to_string(),
        }
    }
}

impl TokenStore for Store {
    fn load(&self) -> StoreFuture<'_, Option<SecretString>> {
        Box::pin(async {
            let found = match &self.location {
                Location::File(store) => store.load().await?,
                Location::Keyring { account } => keyring::load(account).await?,
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
        match &self.location {
            Location::File(store) => store.save(token),
            Location::Keyring { account } => Box::pin(keyring::save(account, token)),
        }
    }
}

/// A store that warns the user if the next token cannot be saved. The sign-in still succeeds.
pub(crate) struct WarningStore<S>(pub(crate) S);

impl<S: TokenStore> TokenStore for WarningStore<S> {
    fn load(&self) -> StoreFuture<'_, Option<SecretString>> {
        self.0.load()
    }

    fn save<'a>(&'a self, token: &'a SecretString) -> StoreFuture<'a, ()> {
        Box::pin(async {
            let saved = self.0.save(token).await;
            if let Err(error) = &saved {
                let why = printable_text::error_chain(error);
                notice(format_args!(
                    "warning: the next refresh token could not be saved ({why}); the stored one is still good"
                ));
            }
            saved
        })
    }
}

/// The name of a token's entry: the profile's name, for people, and a hash of all that identifies the sign-in. A profile that
/// was changed to another tenant, app or address must not use the earlier token, and file names may ignore case.
fn entry(name: &ProfileName, profile: &Profile) -> String {
    let cloud = profile.cloud();
    let mut parts = vec![name.as_str(), &profile.tenant, &profile.client_id, profile.cloud.name(), cloud.authority()];
    // Names of earlier versions have no address, so leave out the cloud's own.
    let address = cloud.api().trim_end_matches('/');
    if address != profile.cloud.with(None, None).api().trim_end_matches('/') {
        parts.push(address);
    }
    let mut hash = Sha256::new();
    for part in parts {
        // The length separates the parts.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digits = hash.finalize().iter().take(HASH_BYTES).map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("{}-{digits}", name.as_str().to_ascii_lowercase())
}

/// The folder of the token files. Each profiles file in a folder has its own, because profiles in two files may have the same
/// name.
fn folder(config: &Path) -> PathBuf {
    match config.file_name().and_then(|name| name.to_str()) {
        None | Some("config.toml") => config.with_file_name("tokens"),
        Some(name) => config.with_file_name(format!("{name}.tokens")),
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
    fn different_sign_ins_have_different_entries() {
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
            ("a", Profile { cloud: super::super::config::CloudName::UsGovernment, ..profile("b.c", "d", None) }),
        ];
        let names: std::collections::BTreeSet<_> =
            cases.iter().map(|(name, profile)| entry(&name.parse().unwrap(), profile).to_ascii_lowercase()).collect();
        assert_eq!(names.len(), cases.len(), "{names:?}");
        assert!(names.iter().all(|name| name.starts_with("a-") || name.starts_with("a.b-")), "{names:?}");
    }

    #[test]
    fn entry_name_is_that_of_earlier_versions() {
        let api = Some("https://api.partnercenter.microsoft.com/".to_owned());
        for profile in [profile("b.c", "d", None), Profile { base_url: api, ..profile("b.c", "d", None) }] {
            assert_eq!(entry(&"a".parse().unwrap(), &profile), "a-02cb19889fca624e");
        }
    }
}
