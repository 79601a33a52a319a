//! The profiles: for which partner tenants the user works, in a file.

mod profile;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml_edit::{DocumentMut, Item, Table, value};

use crate::failure::Told;
use crate::place::Place;
pub(crate) use profile::{CloudName, Profile, ProfileName, StoreKind};

/// Names another file than the platform's place for it.
const VARIABLE: &str = "PC_BUDGETS_CONFIG";
/// Which profile is meant, where no argument says so.
const PROFILE_VARIABLE: &str = "PC_BUDGETS_PROFILE";

/// The file with the profiles, which need not exist.
pub(crate) struct Config {
    path: PathBuf,
    /// As the user wrote it, comments and all.
    document: DocumentMut,
    entries: Entries,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entries {
    /// The profile that is meant where none is named.
    default: Option<ProfileName>,
    #[serde(default)]
    profiles: BTreeMap<ProfileName, Profile>,
}

impl Config {
    pub(crate) fn read() -> Result<Self, Told> {
        let path = place()?;
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(unusable(&path, &error.to_string())),
        };
        let wrong = |message: &str, span: Option<std::ops::Range<usize>>| {
            let before = &text[..span.map_or(0, |span| span.start.min(text.len()))];
            let (line, column) =
                (before.matches('\n').count() + 1, before.chars().rev().take_while(|c| *c != '\n').count() + 1);
            unusable(&path, &format!("line {line}, column {column}: {}", message.trim()))
        };
        let entries: Entries = toml_edit::de::from_str(&text).map_err(|error| wrong(error.message(), error.span()))?;
        let document = text.parse().map_err(|error: toml_edit::TomlError| wrong(error.message(), error.span()))?;
        Ok(Self { path, document, entries })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn profile(&self, name: &ProfileName) -> Option<&Profile> {
        self.entries.profiles.get(name)
    }

    /// The profile that is meant: the one that was named, or that the environment names, or the default one, or the only
    /// one.
    pub(crate) fn meant(&self, named: Option<&ProfileName>) -> Result<Option<ProfileName>, Told> {
        let of_environment = match std::env::var(PROFILE_VARIABLE) {
            Ok(name) if !name.is_empty() => Some(name.parse::<ProfileName>().map_err(|error| {
                Told::usage(Told::lines(format_args!("{PROFILE_VARIABLE} names no profile"), error, "correct it"))
            })?),
            _ => None,
        };
        let mut names = self.entries.profiles.keys();
        let only = names.next().filter(|_| names.next().is_none());
        Ok(named.cloned().or(of_environment).or_else(|| self.entries.default.clone()).or_else(|| only.cloned()))
    }

    /// A profile that has to be there.
    pub(crate) fn known(&self, name: &ProfileName) -> Result<&Profile, Told> {
        self.profile(name).ok_or_else(|| {
            let names: Vec<_> = self.entries.profiles.keys().map(ToString::to_string).collect();
            let why = match names.is_empty() {
                true => format!("{} has none", self.path.display()),
                false => format!("{} has {}", self.path.display(), names.join(", ")),
            };
            let next = format!(
                "name one of these, or make it: pc-budgets login --profile {name} --tenant TENANT --client-id ID"
            );
            Told::usage(Told::lines(format_args!("there is no profile `{name}`"), why, next))
        })
    }

    /// Keeps a profile in the file, and makes the first one the default.
    pub(crate) fn keep(mut self, name: &ProfileName, profile: &Profile) -> Result<(), Told> {
        let failed = |path: &Path, error: io::Error| {
            let what = format!("the profile cannot be kept in {}", path.display());
            Told::failed(Told::lines(&what, error, "make room or correct the permissions, and sign in again"))
        };
        if self.entries.default.is_none() && self.entries.profiles.is_empty() {
            self.document["default"] = value(name.to_string());
        }
        let profiles = self.document.entry("profiles").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let table = profiles.as_table_like_mut().map(|profiles| profiles.entry(name.as_str()));
        let table = table.map(|entry| entry.or_insert_with(|| Item::Table(Table::new())));
        if let Some(table) = table.and_then(Item::as_table_like_mut) {
            profile.write(table);
        }
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| failed(&self.path, error))?;
        let place = Place::find(&self.path)?;
        place.write(&self.document.to_string()).map_err(|error| failed(&self.path, error))
    }
}

fn place() -> Result<PathBuf, Told> {
    if let Some(path) = std::env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    let folder = dirs::config_dir().ok_or_else(|| {
        let next = format!("set HOME, or {VARIABLE} to the file for the profiles");
        Told::usage(Told::lines("there is no place for profiles", "this system names no home directory", &next))
    })?;
    Ok(folder.join("pc-budgets").join("config.toml"))
}

fn unusable(path: &Path, why: &str) -> Told {
    let next = format!("correct it, or name another file with {VARIABLE}");
    Told::usage(Told::lines(format_args!("{} cannot be used", path.display()), why, &next))
}
