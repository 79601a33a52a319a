//! A refresh token in a file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{AuthError, Storing, TokenStore};

/// Keeps a refresh token in a file that only its owner may read.
///
/// Saving writes a new file beside the old one, waits until it is on the disk, and gives it the name of the old one: at
/// every moment, and after a crash at any, the file holds either the token before or the new one, whole.
///
/// On Unix the file is made with mode 0600, a folder that is missing with 0700, and a file that its group or others may
/// read is refused. On Windows the file has the permissions of its folder, so choose one in the user's profile. Several
/// processes may share a file: the last to save wins, and the authority accepts either's token. The token is not
/// encrypted; where that is asked for, implement [`TokenStore`] for a vault.
#[derive(Debug, Clone)]
pub struct FileStore {
    path: PathBuf,
}

/// No refresh token has more bytes.
const LONGEST: u64 = 64 * 1024;
/// What a killed process left behind is taken away after this time.
const LEFT_BEHIND: Duration = Duration::from_secs(60);
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
        if is_readable_by_others(&metadata) {
            let advice =
                "run `chmod 600` on it, and if others may have read it, revoke the user's sessions in Entra ID";
            return Err(self.error("may be read by others", advice));
        }
        // All of it at once, so that growing leaves no copy behind that is not wiped.
        let mut text = Zeroizing::new(String::with_capacity(LONGEST as usize + 1));
        file.take(LONGEST + 1).read_to_string(&mut text).map_err(failed)?;
        if text.len() as u64 > LONGEST {
            return Err(self.error("is too long for a refresh token", "sign in again to replace it").needing_sign_in());
        }
        let token = text.trim();
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

    fn try_out(&self) -> Result<(), AuthError> {
        if fs::metadata(&self.path).is_ok_and(|there| !there.is_file()) {
            return Err(self.error(NO_FILE, "name a regular file, or one that is not there yet"));
        }
        let folder = self.folder();
        let was_there = folder.exists();
        let tried = make_folder(folder).and_then(|()| {
            let temporary = self.temporary()?;
            write_new(&temporary, b"").and_then(|()| fs::remove_file(&temporary))
        });
        if !was_there {
            // Best effort, and only where it is empty.
            drop(fs::remove_dir(folder));
        }
        tried.map_err(|error| self.unwritable(error))
    }

    fn write(&self, token: &SecretString) -> Result<(), AuthError> {
        self.replace(token.expose_secret().as_bytes()).map_err(|error| self.unwritable(error))
    }

    fn unwritable(&self, error: io::Error) -> AuthError {
        let advice = "check that its folder is writable and its disk is not full";
        self.error("cannot be written", advice).with_source(error)
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        }
    }

    /// A name of one write alone, so that two processes never write into one file.
    fn temporary(&self) -> io::Result<PathBuf> {
        Ok(self.folder().join(format!("{}{}.new", self.prefix()?, Uuid::new_v4().simple())))
    }

    fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        let folder = self.folder();
        make_folder(folder)?;
        let temporary = self.temporary()?;
        let written = write_new(&temporary, bytes).and_then(|()| fs::rename(&temporary, &self.path));
        if written.is_err() {
            // Best effort: the first error is the one to tell.
            drop(fs::remove_file(&temporary));
            return written;
        }
        sync_folder(folder)?;
        remove_left_behind(folder, &self.prefix()?);
        Ok(())
    }

    /// How the names of temporary files begin.
    fn prefix(&self) -> io::Result<String> {
        let no_name = || io::Error::new(io::ErrorKind::InvalidInput, "the path has no file name");
        Ok(format!(".{}.", self.path.file_name().ok_or_else(no_name)?.to_string_lossy()))
    }

    fn error(&self, what: &str, advice: &'static str) -> AuthError {
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

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A new name is on the disk once its folder is.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// A process that was killed while it wrote leaves a file with a token. Younger ones may be another process's work.
fn remove_left_behind(folder: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| {
            let unique = name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(".new"));
            unique.is_some_and(|unique| Uuid::try_parse(unique).is_ok())
        });
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        let age = modified.ok().and_then(|modified| SystemTime::now().duration_since(modified).ok());
        if is_ours && age.is_some_and(|age| age > LEFT_BEHIND) {
            drop(fs::remove_file(entry.path()));
        }
    }
}

#[cfg(unix)]
fn is_readable_by_others(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_readable_by_others(_: &fs::Metadata) -> bool {
    false
}
