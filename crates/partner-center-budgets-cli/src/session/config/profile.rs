//! A profile: a partner tenant, and the app that a user signs in with.

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;
use partner_center_budgets::Cloud;
use serde::{Deserialize, Serialize};
use toml_edit::{Item, TableLike, value};

/// The values of a sign-in in the profiles file. The refresh token is stored elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Profile {
    /// Id of the partner's tenant, or one of its domains.
    pub(crate) tenant: String,
    /// Id of the app.
    pub(crate) client_id: String,
    #[serde(default)]
    pub(crate) cloud: CloudName,
    /// Where the refresh token is stored.
    pub(crate) store: StoreKind,
    /// The address of the service, if it is not the cloud's.
    pub(crate) base_url: Option<String>,
    /// The address of the authority, if it is not the cloud's.
    pub(crate) authority: Option<String>,
}

impl Profile {
    /// Writes the values that differ from `before`. All other values and all comments stay as the user wrote them.
    pub(super) fn write(&self, before: Option<&Self>, table: &mut dyn TableLike) {
        let before = before.map(Self::texts);
        for (at, (key, text)) in self.texts().into_iter().enumerate() {
            if before.as_ref().is_some_and(|before| before[at].1 == text) {
                continue;
            }
            let Some(text) = text else {
                table.remove(key);
                continue;
            };
            match table.get_mut(key).and_then(Item::as_value_mut) {
                Some(current) => {
                    let decor = current.decor().clone();
                    *current = text.into();
                    *current.decor_mut() = decor;
                }
                None => drop(table.insert(key, value(text))),
            }
        }
    }

    fn texts(&self) -> [(&'static str, Option<&str>); 6] {
        [
            ("tenant", Some(self.tenant.as_str())),
            ("client-id", Some(self.client_id.as_str())),
            ("cloud", Some(self.cloud.name())),
            ("store", Some(self.store.name())),
            ("base-url", self.base_url.as_deref()),
            ("authority", self.authority.as_deref()),
        ]
    }

    /// The cloud, with the addresses of the profile.
    pub(crate) fn cloud(&self) -> Cloud {
        self.cloud.with(self.base_url.as_deref(), self.authority.as_deref())
    }
}

/// The name of a profile, which is also part of file names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct ProfileName(String);

impl ProfileName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProfileName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        let begins_well = name.starts_with(|letter: char| letter.is_ascii_alphanumeric());
        match begins_well && name.len() <= 64 && name.chars().all(is_plain) {
            true => Ok(Self(name.to_owned())),
            false => Err(format!(
                "`{}` is not a profile name; use up to 64 letters, digits, -, _ and ., starting with a letter or digit",
                name.escape_debug()
            )),
        }
    }
}

impl TryFrom<String> for ProfileName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One of Microsoft's clouds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CloudName {
    #[default]
    Global,
    UsGovernment,
    China,
}

impl CloudName {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGovernment => "us-government",
            Self::China => "china",
        }
    }

    /// The cloud, with the given addresses instead of its own.
    pub(crate) fn with(self, base_url: Option<&str>, authority: Option<&str>) -> Cloud {
        let cloud = match self {
            Self::Global => Cloud::Global,
            Self::UsGovernment => Cloud::UsGovernment,
            Self::China => Cloud::China,
        };
        match (base_url, authority) {
            (None, None) => cloud,
            _ => {
                Cloud::custom(base_url.unwrap_or(cloud.api()), authority.unwrap_or(cloud.authority()), cloud.audience())
            }
        }
    }
}

/// Where a refresh token is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StoreKind {
    /// In the keyring of the system
    Keyring,
    /// In a file next to the profiles file, readable for you only
    File,
}

impl StoreKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::File => "file",
        }
    }
}
