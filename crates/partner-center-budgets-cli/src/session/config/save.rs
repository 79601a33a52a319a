//! Changes the profiles file: one process at a time, and only the changed values.

use std::path::Path;
use std::time::Duration;

use durable_files::{self as files, LockError, LockedFile};
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
    fn lock(&self) -> Result<(OutputFile, LockedFile), CliError> {
        files::make_folder(files::folder_of(&self.path)).map_err(|error| unwritable(&self.path, error))?;
        files::check_folder(&self.path)
            .map_err(|exposed| rejected(&self.path, &format!("it {}", exposed.what), &exposed.advice))?;
        let file = OutputFile::at(&self.path).map_err(|why| unwritable(&self.path, why))?;
        // A device would not store the profiles.
        let OutputFile::File(path) = &file else { return Err(unwritable(&self.path, "it is not a regular file")) };
        let lock = LockedFile::next_to(path, LOCK_TIMEOUT).map_err(|error| match error {
            LockError::Held => unwritable(path, "another process has been changing it for ten seconds"),
            error => unwritable(path, error),
        })?;
        Ok((file, lock))
    }
}

fn unwritable(path: &Path, why: impl std::fmt::Display) -> CliError {
    let next = format!("make room or correct the permissions, or name another file with {CONFIG_VARIABLE}");
    CliError::failed(format_args!("cannot write {}", path.display()), why, next)
}
