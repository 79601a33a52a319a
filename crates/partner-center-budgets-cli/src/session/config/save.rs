//! Changing the profiles file: one process at a time, and nothing but the changed values.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use partner_center_budgets::files;
use toml_edit::{Item, Table, value};

use super::{CONFIG_VARIABLE, Config, Profile, ProfileName, rejected};
use crate::error::CliError;
use crate::output::file::OutputFile;

/// How long to wait for a process that holds the lock: it reads and writes one small file.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// The result of saving a profile.
pub(crate) struct SavedProfile {
    /// The profile of this name until now.
    pub(crate) before: Option<Profile>,
    /// The file from now on.
    pub(crate) config: Config,
}

impl Config {
    /// Checks that a profile can be saved, before the user signs in.
    pub(crate) fn ensure_writable(&self) -> Result<(), CliError> {
        self.lock().map(drop)
    }

    /// Saves a profile, and makes the first one the default.
    pub(crate) fn save(&self, name: &ProfileName, profile: &Profile) -> Result<SavedProfile, CliError> {
        let mut before = None;
        let config = self.change(|config| {
            before = config.profile(name).cloned();
            if config.entries.default.is_none() && config.entries.profiles.is_empty() {
                config.document["default"] = value(name.to_string());
            }
            let profiles = config.document.entry("profiles").or_insert_with(|| {
                let mut table = Table::new();
                table.set_implicit(true);
                Item::Table(table)
            });
            let table = profiles.as_table_like_mut().map(|profiles| profiles.entry(name.as_str()));
            let table = table.map(|entry| entry.or_insert_with(|| Item::Table(Table::new())));
            if let Some(table) = table.and_then(Item::as_table_like_mut) {
                profile.write(before.as_ref(), table);
            }
        })?;
        Ok(SavedProfile { before, config })
    }

    /// Makes a profile the default.
    pub(crate) fn make_default(&self, name: &ProfileName) -> Result<Self, CliError> {
        self.change(|config| match config.document.get_mut("default").and_then(Item::as_value_mut) {
            Some(default) => {
                let decor = default.decor().clone();
                *default = name.as_str().into();
                *default.decor_mut() = decor;
            }
            None => config.document["default"] = value(name.as_str()),
        })
    }

    /// Reads the file again, because another process may have changed it, and writes it with the change.
    fn change(&self, change: impl FnOnce(&mut Self)) -> Result<Self, CliError> {
        let (file, _lock) = self.lock()?;
        let mut config = Self::read_from(self.path.clone())?;
        let before = config.document.to_string();
        change(&mut config);
        let after = config.document.to_string();
        if after != before {
            file.write(&config.style.apply(&after)).map_err(|error| unwritable(&self.path, error))?;
        }
        Self::read_from(self.path.clone())
    }

    /// The file, which no other process changes until the lock is dropped.
    fn lock(&self) -> Result<(OutputFile, LockFile), CliError> {
        files::make_folder(files::folder_of(&self.path)).map_err(|error| unwritable(&self.path, error))?;
        files::check_folder(&self.path)
            .map_err(|exposed| rejected(&self.path, &format!("it {}", exposed.what), &exposed.advice))?;
        let file = OutputFile::at(&self.path).map_err(|why| unwritable(&self.path, why))?;
        // A device would not keep the profiles.
        let OutputFile::File(path) = &file else { return Err(unwritable(&self.path, "it is not a regular file")) };
        let lock = LockFile::next_to(path)?;
        Ok((file, lock))
    }
}

/// A lock file. It is never removed: that would take it from a process which waits for it.
struct LockFile(File);

impl LockFile {
    fn next_to(path: &Path) -> Result<Self, CliError> {
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(".lock");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path.with_file_name(name)).map_err(|error| unwritable(path, error))?;
        let begin = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::Error(error)) => return Err(unwritable(path, error)),
                Err(TryLockError::WouldBlock) if begin.elapsed() > LOCK_TIMEOUT => {
                    return Err(unwritable(path, "another process has been changing it for ten seconds"));
                }
                Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(20)),
            }
        }
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        // Unlock explicitly: a child between fork and exec still holds the descriptor.
        drop(self.0.unlock());
    }
}

fn unwritable(path: &Path, why: impl std::fmt::Display) -> CliError {
    let next = format!("make room or correct the permissions, or name another file with {CONFIG_VARIABLE}");
    CliError::failed(format_args!("cannot write {}", path.display()), why, next)
}
