//! The profiles: for which partner tenants the user works, in a file.

mod keep;
mod profile;

use std::collections::BTreeMap;
use std::env::VarError;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use durable_files::{self as files, Access};
use serde::Deserialize;
use toml_edit::DocumentMut;

use crate::failure::Told;
use keep::Style;
pub(crate) use profile::{CloudName, Profile, ProfileName, StoreKind};

/// Names another file than the platform's place for it.
const VARIABLE: &str = "PC_BUDGETS_CONFIG";
/// No file with profiles has more bytes.
const LONGEST: usize = 1024 * 1024;
/// Which profile is meant, where no argument says so.
pub(crate) const PROFILE_VARIABLE: &str = "PC_BUDGETS_PROFILE";

/// The file with the profiles, which need not exist.
pub(crate) struct Config {
    path: PathBuf,
    /// As the user wrote it, comments and all.
    document: DocumentMut,
    style: Style,
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
        Self::read_from(place()?)
    }

    fn read_from(path: PathBuf) -> Result<Self, Told> {
        let bytes = read_file(&path)?;
        let text = &*files::decode(&bytes).map_err(|error| unusable(&path, &error.to_string()))?;
        let style = Style::of(&bytes, text);
        let wrong = |message: &str, span: Option<std::ops::Range<usize>>| {
            let before = &text[..span.map_or(0, |span| span.start.min(text.len()))];
            let (line, column) =
                (before.matches('\n').count() + 1, before.chars().rev().take_while(|c| *c != '\n').count() + 1);
            unusable(&path, &format!("line {line}, column {column}: {}", message.trim()))
        };
        let entries: Entries = toml_edit::de::from_str(text).map_err(|error| wrong(error.message(), error.span()))?;
        let document = text.parse().map_err(|error: toml_edit::TomlError| wrong(error.message(), error.span()))?;
        Ok(Self { path, document, style, entries })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn profile(&self, name: &ProfileName) -> Option<&Profile> {
        self.entries.profiles.get(name)
    }

    pub(crate) fn profiles(&self) -> impl Iterator<Item = (&ProfileName, &Profile)> {
        self.entries.profiles.iter()
    }

    /// The profile that is meant: the one that was named, or that the environment names, or the default one, or the only
    /// one. `None` where there is none at all.
    pub(crate) fn meant(&self, named: Option<&ProfileName>) -> Result<Option<ProfileName>, Told> {
        if let Some(name) = named {
            return Ok(Some(name.clone()));
        }
        if let Some(name) = named_by_environment()? {
            return Ok(Some(name));
        }
        self.usual()
    }

    /// The profile that is meant where none is named.
    pub(crate) fn usual(&self) -> Result<Option<ProfileName>, Told> {
        if let Some(name) = &self.entries.default {
            return Ok(Some(name.clone()));
        }
        let names: Vec<_> = self.entries.profiles.keys().collect();
        match names.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some((*only).clone())),
            _ => {
                let why = format!("{} has {} and no default", self.path.display(), self.names());
                let next = format!(
                    "name one with --profile or {PROFILE_VARIABLE}, or make one the default: pc-budgets profiles --default \
                     NAME"
                );
                Err(Told::usage(Told::lines("several profiles may be meant", why, next)))
            }
        }
    }

    fn names(&self) -> String {
        self.entries.profiles.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }

    /// A profile that has to be there.
    pub(crate) fn known(&self, name: &ProfileName) -> Result<&Profile, Told> {
        self.profile(name).ok_or_else(|| {
            let why = match self.entries.profiles.is_empty() {
                true => format!("{} has none", self.path.display()),
                false => format!("{} has {}", self.path.display(), self.names()),
            };
            let next = format!(
                "name one of these, or make it: pc-budgets login --profile {name} --tenant TENANT --client-id ID"
            );
            Told::usage(Told::lines(format_args!("there is no profile `{name}`"), why, next))
        })
    }
}

/// The profile that the environment names. A name that was meant to be there and is not would mean another profile.
pub(crate) fn named_by_environment() -> Result<Option<ProfileName>, Told> {
    let wrong = |why: &str| {
        let what = format_args!("{PROFILE_VARIABLE} names no profile");
        Told::usage(Told::lines(what, why, "correct it, or take it out of the environment"))
    };
    match std::env::var(PROFILE_VARIABLE) {
        Ok(name) if name.is_empty() => Err(wrong("it is empty")),
        Ok(name) => name.parse().map(Some).map_err(|error: String| wrong(&error)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(wrong("it is not a text")),
    }
}

/// The bytes of the file. A file that is missing has none.
fn read_file(path: &Path) -> Result<Vec<u8>, Told> {
    let failed = |error: io::Error| unusable(path, &error.to_string());
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    // The file says where tokens go, so other users must not be able to change it.
    files::check_access(path, &file.metadata().map_err(failed)?, Access::Trusted)
        .map_err(|exposed| refused(path, &format!("it {}", exposed.what), &exposed.advice))?;
    files::read(&file, LONGEST).map(|bytes| bytes.to_vec()).map_err(failed)
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
    refused(path, why, &format!("correct it, or name another file with {VARIABLE}"))
}

fn refused(path: &Path, why: &str, next: &str) -> Told {
    Told::usage(Told::lines(format_args!("{} cannot be used", path.display()), why, next))
}
