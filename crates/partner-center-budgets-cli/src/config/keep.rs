//! Changing the file with the profiles: one process at a time, and no more of it than has to be.

use std::path::Path;
use std::time::Duration;

use durable_files::{self as files, LockError, LockedFile};
use toml_edit::{Item, Table, value};

use super::{Config, Profile, ProfileName};
use crate::failure::Told;
use crate::place::Place;

/// Another process holds the lock only while it reads and writes one small file.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// What was found when a profile was kept.
pub(crate) struct Kept {
    /// The profile of this name, as it was until then.
    pub(crate) before: Option<Profile>,
    /// The file as it is from then on.
    pub(crate) config: Config,
}

/// The byte order mark and line ends of the file, which TOML ignores. Editors on Windows need both. A file in UTF-16 becomes UTF-8 with
/// a byte order mark, which the same editors read.
pub(super) struct Style {
    has_mark: bool,
    has_crlf: bool,
}

const MARK: char = '\u{feff}';

impl Style {
    /// The style of a file with these bytes, which decode to `text`.
    pub(super) fn of(bytes: &[u8], text: &str) -> Self {
        // Decoding drops a byte order mark and nothing else.
        Self { has_mark: bytes.len() != text.len(), has_crlf: text.contains("\r\n") }
    }

    fn apply(&self, text: &str) -> String {
        let mark = if self.has_mark { MARK.to_string() } else { String::new() };
        match self.has_crlf {
            true => mark + &text.replace("\r\n", "\n").replace('\n', "\r\n"),
            false => mark + text,
        }
    }
}

impl Config {
    /// Finds out, before anybody signs in, whether a profile can be kept.
    pub(crate) fn check_writable(&self) -> Result<(), Told> {
        self.open().map(drop)
    }

    /// Keeps a profile in the file, and makes the first one the default.
    pub(crate) fn keep(&self, name: &ProfileName, profile: &Profile) -> Result<Kept, Told> {
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
        Ok(Kept { before, config })
    }

    /// Makes a profile the one that is meant where none is named.
    pub(crate) fn make_default(&self, name: &ProfileName) -> Result<Self, Told> {
        self.change(|config| match config.document.get_mut("default").and_then(Item::as_value_mut) {
            Some(there) => {
                let decor = there.decor().clone();
                *there = name.as_str().into();
                *there.decor_mut() = decor;
            }
            None => config.document["default"] = value(name.as_str()),
        })
    }

    /// Reads the file again, as another process may have changed it since, and writes it changed.
    fn change(&self, change: impl FnOnce(&mut Self)) -> Result<Self, Told> {
        let (place, _locked) = self.open()?;
        let mut config = Self::read_from(self.path.clone())?;
        let before = config.document.to_string();
        change(&mut config);
        let after = config.document.to_string();
        if after != before {
            place.write(&config.style.apply(&after)).map_err(|error| unwritable(&self.path, error))?;
        }
        Self::read_from(self.path.clone())
    }

    /// Locks the file until the lock is dropped.
    fn open(&self) -> Result<(Place, LockedFile), Told> {
        files::make_folder(files::folder_of(&self.path)).map_err(|error| unwritable(&self.path, error))?;
        files::check_folder(&self.path)
            .map_err(|exposed| super::refused(&self.path, &format!("it {}", exposed.what), &exposed.advice))?;
        let place = Place::of_file(&self.path).map_err(|why| unwritable(&self.path, why))?;
        // What is written to a device is not kept.
        let Place::File(path) = &place else { return Err(unwritable(&self.path, "it is no file")) };
        let locked = LockedFile::next_to(path, LOCK_TIMEOUT).map_err(|error| match error {
            LockError::Held => unwritable(path, "another process has been changing it for ten seconds"),
            error => unwritable(path, error),
        })?;
        Ok((place, locked))
    }
}

fn unwritable(path: &Path, why: impl std::fmt::Display) -> Told {
    let next = format!("make room or correct the permissions, or name another file with {}", super::VARIABLE);
    Told::failed(Told::lines(format_args!("{} cannot be written", path.display()), why, next))
}
