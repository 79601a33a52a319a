//! Storage of a refresh token in a file.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use durable_files::{Access, Exposed, Mode};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::store::{MAX_TOKEN_BYTES, check_token};
use super::{AuthError, StoreFuture, TokenStore};

/// Stores a refresh token in a file that only its owner can read.
///
/// Saving replaces the file atomically: after a crash at any moment it holds either the old or the new token. The next save
/// removes the temporary files of killed processes. A symbolic link stays, and its target is replaced. A file that cannot
/// be renamed over, such as one that is mounted into a container, is overwritten in place under a lock.
///
/// On Unix, the file is created with mode 0600, and a missing folder with 0700. A file that others can read or change is
/// refused, and so is one in a folder that others can change. Both must belong to the user or to root. If root owns the
/// file, its group may read it. On Windows the file has the permissions of its folder, so choose one in the user's profile.
///
/// A file that was written by hand may be UTF-8 or, with a byte order mark, UTF-16. Several processes may share a file: the
/// last save wins, and the authority accepts the tokens of all. The token is not encrypted; if you need encryption,
/// implement [`TokenStore`] for a vault.
#[derive(Debug, Clone)]
pub struct FileStore {
    path: PathBuf,
}

/// A token as UTF-16, with a line break and a byte order mark.
const MAX_FILE_BYTES: usize = 2 * MAX_TOKEN_BYTES + 8;

impl FileStore {
    /// A store in the file `path`, which need not exist yet.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use partner_center_budgets::auth::{FileStore, RefreshToken};
    ///
    /// let store = Arc::new(FileStore::new("/var/lib/budgets/token"));
    /// let credential = RefreshToken::new("contoso.onmicrosoft.com", "22222222-2222-2222-2222-222222222222", store);
    /// ```
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The file.
    ///
    /// ```
    /// # use partner_center_budgets::auth::FileStore;
    /// let store = FileStore::new("/var/lib/budgets/token");
    /// assert_eq!(store.path(), std::path::Path::new("/var/lib/budgets/token"));
    /// ```
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Checks that a token can be saved, so that no user signs in for nothing. Changes nothing.
    ///
    /// ```no_run
    /// # #[cfg(feature = "interactive")]
    /// # use partner_center_budgets::{Error, auth::{DeviceCode, FileStore, TokenEndpoint}};
    /// # #[cfg(feature = "interactive")]
    /// # async fn example(store: FileStore, device_code: DeviceCode, endpoint: TokenEndpoint) -> Result<(), Error> {
    /// store.check_writable().await?;
    /// device_code.sign_in_user(&endpoint).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The error that [`save`](TokenStore::save) would return.
    pub async fn check_writable(&self) -> Result<(), AuthError> {
        self.blocking(Self::check).await
    }

    /// Deletes the token and the temporary files of killed processes. Returns false if there was neither. A symbolic
    /// link stays, and its target is deleted.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Error, auth::FileStore};
    /// # async fn example(store: FileStore) -> Result<(), Error> {
    /// match store.delete().await? {
    ///     true => println!("signed out"),
    ///     false => println!("there was no token"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Failures of the file system.
    pub async fn delete(&self) -> Result<bool, AuthError> {
        self.blocking(|store| {
            let failed = |error| store.error("cannot be removed", "remove it by hand").with_source(error);
            durable_files::delete(&store.path).map_err(failed)
        })
        .await
    }

    /// Runs `work` in a thread of its own: disk access must not block the tasks of the runtime.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, AuthError> + Send + 'static,
    ) -> Result<T, AuthError> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || work(&store)).await.map_err(AuthError::cancelled)?
    }

    fn read(&self) -> Result<Option<SecretString>, AuthError> {
        let failed = |error: io::Error| {
            self.error("cannot be read", "check that it is a file of the user who runs this program").with_source(error)
        };
        // Check before opening: to open a pipe blocks until a writer opens it.
        self.check_regular()?;
        let file = match File::open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(failed)?,
        };
        // Check the open file, so that it cannot be replaced between the check and the read.
        let metadata = file.metadata().map_err(failed)?;
        durable_files::check_access(&self.path, &metadata, Access::Secret).map_err(|exposed| self.exposed(exposed))?;
        let sign_in = "sign in again to replace it";
        let too_long = || self.error("is too long for a refresh token", sign_in).needing_sign_in();
        let bytes = durable_files::read(&file, MAX_FILE_BYTES).map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => too_long(),
            _ => failed(error),
        })?;
        let not_text = |error| self.error("is not text", sign_in).with_source(error);
        let text = Zeroizing::new(durable_files::decode(&bytes).map_err(not_text)?.into_owned());
        match text.trim() {
            "" => Ok(None),
            token if token.len() > MAX_TOKEN_BYTES => Err(too_long()),
            token => Ok(Some(token.into())),
        }
    }

    fn write(&self, token: &SecretString) -> Result<(), AuthError> {
        check_token(token)?;
        let target = durable_files::resolve(&self.path);
        let unwritable = |error| self.unwritable(error);
        durable_files::make_folder(durable_files::folder_of(&target)).map_err(unwritable)?;
        self.check_folder()?;
        durable_files::replace(&target, token.expose_secret().as_bytes(), Mode::OwnerOnly).map_err(unwritable)
    }

    fn check(&self) -> Result<(), AuthError> {
        self.check_regular()?;
        self.check_folder()?;
        let target = durable_files::resolve(&self.path);
        // Saving creates a missing folder in the nearest one that exists.
        let folder = durable_files::folder_of(&target).ancestors().find(|folder| folder.exists());
        let probe = folder.unwrap_or(Path::new(".")).join(target.file_name().unwrap_or_default());
        durable_files::check_replaceable(&probe).map_err(|error| self.unwritable(error))
    }

    fn check_regular(&self) -> Result<(), AuthError> {
        match fs::metadata(&self.path) {
            Ok(found) if !found.is_file() => {
                Err(self.error("is not a regular file", "name a regular file, or one that does not exist yet"))
            }
            _ => Ok(()),
        }
    }

    fn check_folder(&self) -> Result<(), AuthError> {
        durable_files::check_folder(&self.path).map_err(|exposed| self.exposed(exposed))
    }

    fn exposed(&self, exposed: Exposed) -> AuthError {
        let revoke = if exposed.is_disclosed { ", and revoke the user's sessions in Entra ID" } else { "" };
        self.error(&exposed.what, exposed.advice + revoke)
    }

    fn unwritable(&self, error: io::Error) -> AuthError {
        let advice = "check that its folder is writable and its disk is not full";
        self.error("cannot be written", advice).with_source(error)
    }

    fn error(&self, what: &str, advice: impl Into<Cow<'static, str>>) -> AuthError {
        AuthError::new(format!("the token file {} {what}", self.path.display()), advice)
    }
}

impl TokenStore for FileStore {
    fn load(&self) -> StoreFuture<'_, Option<SecretString>> {
        Box::pin(self.blocking(Self::read))
    }

    fn save<'a>(&'a self, token: &'a SecretString) -> StoreFuture<'a, ()> {
        let token = token.clone();
        Box::pin(self.blocking(move |store| store.write(&token)))
    }
}
