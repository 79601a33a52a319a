//! The profiles file: the partner tenants that the user works for.

mod profile;
pub(crate) mod save;
mod style;

use std::collections::BTreeMap;
use std::env::VarError;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use durable_files::{self as files, Access};
use serde::Deserialize;
use toml_edit::DocumentMut;

use crate::error::CliError;
pub(crate) use profile::{CloudName, Profile, ProfileName, StoreKind};
use style::TextStyle;

/// Names another file than the one in the user's configuration directory.
const CONFIG_VARIABLE: &str = "PC_BUDGETS_CONFIG";
/// Selects a profile, unless --profile does.
pub(crate) const PROFILE_VARIABLE: &str = "PC_BUDGETS_PROFILE";
/// The largest profiles file, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// The profiles file, which may be missing.
pub(crate) struct Config {
    path: PathBuf,
    /// With the user's comments and order.
    document: DocumentMut,
    style: TextStyle,
    entries: Entries,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entries {
    default: Option<ProfileName>,
    #[serde(default)]
    profiles: BTreeMap<ProfileName, Profile>,
}

impl Config {
    pub(crate) fn read() -> Result<Self, CliError> {
        Self::read_from(config_path()?)
    }

    fn read_from(path: PathBuf) -> Result<Self, CliError> {
        let bytes = read_file(&path)?;
        let text = &*files::decode(&bytes).map_err(|error| unusable(&path, &error.to_string()))?;
        let style = TextStyle::of(&bytes, text);
        let invalid = |message: &str, span: Option<Range<usize>>| {
            let before = &text[..span.map_or(0, |span| span.start.min(text.len()))];
            let (line, column) =
                (before.matches('\n').count() + 1, before.chars().rev().take_while(|c| *c != '\n').count() + 1);
            unusable(&path, &format!("line {line}, column {column}: {}", message.trim()))
        };
        let entries: Entries = toml_edit::de::from_str(text).map_err(|error| invalid(error.message(), error.span()))?;
        let document = text.parse().map_err(|error: toml_edit::TomlError| invalid(error.message(), error.span()))?;
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

    /// The selected profile: the one that the option or the environment names, the default, or the only one. `None` if the
    /// file has no profiles.
    pub(crate) fn selected(&self, option: Option<&ProfileName>) -> Result<Option<ProfileName>, CliError> {
        if let Some(name) = option {
            return Ok(Some(name.clone()));
        }
        if let Some(name) = profile_from_environment()? {
            return Ok(Some(name));
        }
        self.default()
    }

    /// The default profile, or the only one.
    pub(crate) fn default(&self) -> Result<Option<ProfileName>, CliError> {
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
                Err(CliError::usage("cannot select a profile", why, next))
            }
        }
    }

    fn names(&self) -> String {
        self.entries.profiles.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }

    /// The profile of this name.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub(crate) fn require(&self, name: &ProfileName) -> Result<&Profile, CliError> {
        self.profile(name).ok_or_else(|| {
            let create = format!("create it: pc-budgets login --profile {name} --tenant TENANT --client-id ID");
            let path = self.path.display();
            let (why, next) = match self.entries.profiles.is_empty() {
                true => (format!("{path} has none"), create),
                false => (format!("{path} has {}", self.names()), format!("name one of these, or {create}")),
            };
            CliError::usage(format_args!("there is no profile `{name}`"), why, next)
        })
    }
}

/// The profile that the environment names. An empty or invalid name is an error: ignoring it would select another profile.
pub(crate) fn profile_from_environment() -> Result<Option<ProfileName>, CliError> {
    let invalid = |why: &str| {
        let what = format_args!("{PROFILE_VARIABLE} does not name a profile");
        CliError::usage(what, why, "correct it, or unset it")
    };
    match std::env::var(PROFILE_VARIABLE) {
        Ok(name) if name.is_empty() => Err(invalid("it is empty")),
        Ok(name) => name.parse().map(Some).map_err(|error: String| invalid(&error)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(invalid("it is not valid Unicode")),
    }
}

/// The bytes of the file; none if it is missing.
fn read_file(path: &Path) -> Result<Vec<u8>, CliError> {
    let failed = |error: io::Error| unusable(path, &error.to_string());
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    // The file decides where tokens are sent, so other users must not be able to change it.
    files::check_access(path, &file.metadata().map_err(failed)?, Access::Trusted)
        .map_err(|exposed| rejected(path, &format!("it {}", exposed.what), &exposed.advice))?;
    files::read(&file, MAX_BYTES).map(|bytes| bytes.to_vec()).map_err(failed)
}

fn config_path() -> Result<PathBuf, CliError> {
    if let Some(path) = std::env::var_os(CONFIG_VARIABLE).filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    // Not the roaming folder of Windows, which is copied between machines: tokens are next to the profiles.
    let folder = dirs::config_local_dir().ok_or_else(|| {
        let next = format!("set HOME, or set {CONFIG_VARIABLE} to the path of the profiles file");
        CliError::usage("cannot locate the profiles file", "this system names no home directory", next)
    })?;
    Ok(folder.join("pc-budgets").join("config.toml"))
}

fn unusable(path: &Path, why: &str) -> CliError {
    rejected(path, why, &format!("correct it, or name another file with {CONFIG_VARIABLE}"))
}

fn rejected(path: &Path, why: &str, next: &str) -> CliError {
    CliError::usage(format_args!("cannot use {}", path.display()), why, next)
}
