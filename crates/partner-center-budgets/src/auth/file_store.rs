//! A refresh token in a file.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use durable_files::{self as files, Access, Exposed, Mode};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::store::{LONGEST, check_token};
use super::{AuthError, Storing, TokenStore};

/// Keeps a refresh token in a file that only its owner may read.
///
/// Saving writes a new file next to the old one, waits until it is on the disk, and renames it: at every moment, and after a
/// crash at any, the file holds either the token before or the new one, whole. What a killed process leaves is removed by
/// the next save. A symbolic link stays, and the file that it leads to is replaced. A file that cannot be renamed over, such
/// as one that is mounted into a container, is overwritten in place under a lock.
///
/// On Unix the file is made with mode 0600, and a folder that is missing with 0700. A file that others may read or change is
/// refused, and so is one whose folder others may change. Both must belong to the user or to root; the group of a file of
/// root may read it. On Windows the file has the permissions of its folder, so choose one in the user's profile.
///
/// A file that was written by hand may be UTF-8 or, with a byte order mark, UTF-16. Several processes may share a file: the
/// last to save wins, and the authority accepts either's token. The token is not encrypted; where that is asked for,
/// implement [`TokenStore`] for a vault.
#[derive(Debug, Clone)]
pub struct FileStore {
    path: PathBuf,
}

/// A token as UTF-16, with a line break and a byte order mark.
const LONGEST_FILE: usize = 2 * LONGEST + 8;
/// How often a missing folder is made, while other processes remove it.
const ATTEMPTS: usize = 20;
const TOO_LONG: &str = "is too long for a refresh token";
const NO_FILE: &str = "is no regular file";

impl FileStore {
    /// A store in the file `path`, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn read(&self) -> Result<Option<SecretString>, AuthError> {
        let failed = |error: io::Error| {
            self.error("cannot be read", "check that it is a file of the user who runs this program").with_source(error)
        };
        // Before it is opened: opening a pipe would wait for somebody to write.
        match fs::metadata(&self.path) {
            Ok(there) if there.is_file() => {}
            Ok(_) => return Err(self.error(NO_FILE, "name a regular file, or one that is not there yet")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        }
        let file = match File::open(&self.path) {
            Ok(file) => file,
            // Another process took it away just now.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        // What is checked is the open file, so nobody can exchange it between the check and the reading.
        let metadata = file.metadata().map_err(failed)?;
        files::check_access(&self.path, &metadata, Access::Secret).map_err(|exposed| self.exposed(exposed))?;
        let too_long = || self.error(TOO_LONG, "sign in again to replace it").needing_sign_in();
        let bytes = files::read(&file, LONGEST_FILE).map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => too_long(),
            _ => failed(error),
        })?;
        let not_text = |error| self.error("is not text", "sign in again to replace it").with_source(error);
        let text = Zeroizing::new(files::decode(&bytes).map_err(not_text)?.into_owned());
        let token = text.trim();
        if token.len() > LONGEST {
            return Err(too_long());
        }
        Ok((!token.is_empty()).then(|| SecretString::from(token)))
    }

    /// Finds out whether a token can be saved, so that nobody signs in for nothing. A folder that is missing is made and
    /// taken away again.
    ///
    /// # Errors
    ///
    /// What [`save`](TokenStore::save) would fail with.
    pub async fn check_writable(&self) -> Result<(), AuthError> {
        let store = self.clone();
        blocking(move || store.try_out()).await
    }

    /// Deletes the token, and what killed processes left of it; false where there was none. A symbolic link stays, and the
    /// file that it leads to is deleted.
    ///
    /// # Errors
    ///
    /// Whatever hinders.
    pub async fn delete(&self) -> Result<bool, AuthError> {
        let store = self.clone();
        let failed = |store: &Self, error| store.error("cannot be removed", "remove it by hand").with_source(error);
        blocking(move || files::delete(&store.path).map_err(|error: io::Error| failed(&store, error))).await
    }

    fn try_out(&self) -> Result<(), AuthError> {
        if fs::metadata(&self.path).is_ok_and(|there| !there.is_file()) {
            return Err(self.error(NO_FILE, "name a regular file, or one that is not there yet"));
        }
        let target = files::resolve(&self.path);
        let folder = files::folder_of(&target);
        let was_there = folder.exists();
        let tried = self.in_folder(folder, || files::check_replaceable(&target));
        if !was_there {
            // Best effort, and only where it is empty.
            drop(fs::remove_dir(folder));
        }
        tried
    }

    fn write(&self, token: &SecretString) -> Result<(), AuthError> {
        check_token(token)?;
        let target = files::resolve(&self.path);
        let bytes = token.expose_secret().as_bytes();
        self.in_folder(files::folder_of(&target), || files::replace(&target, bytes, Mode::OwnerOnly))
    }

    /// Makes the folder if it is missing, and runs `work`, which needs it.
    fn in_folder(&self, folder: &Path, work: impl Fn() -> io::Result<()>) -> Result<(), AuthError> {
        let mut attempt = 1;
        loop {
            let made = files::make_folder(folder);
            if made.is_ok() {
                self.check_folder()?;
            }
            let error = match made.and_then(|()| work()) {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            // Another process may have removed the folder: `try_out` does.
            let is_removed = matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists);
            if !is_removed || attempt == ATTEMPTS {
                return Err(self.unwritable(error));
            }
            attempt += 1;
        }
    }

    fn check_folder(&self) -> Result<(), AuthError> {
        files::check_folder(&self.path).map_err(|exposed| self.exposed(exposed))
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
    fn load(&self) -> Storing<'_, Option<SecretString>> {
        let store = self.clone();
        Box::pin(blocking(move || store.read()))
    }

    fn save<'a>(&'a self, token: &'a SecretString) -> Storing<'a, ()> {
        let (store, token) = (self.clone(), token.clone());
        Box::pin(blocking(move || store.write(&token)))
    }
}

/// Waiting for a disk must not hold up the calls of other tasks.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AuthError> + Send + 'static,
) -> Result<T, AuthError> {
    let stopped = |error| AuthError::new("the token file was given up", "the runtime is ending").with_source(error);
    tokio::task::spawn_blocking(work).await.map_err(stopped)?
}
