//! Microsoft's national clouds.

use std::str::FromStr;

use crate::Error;

/// A cloud: where the service is, who signs users and apps in, and for whom tokens are made.
///
/// It parses from `global`, `us-government` and `china`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Cloud {
    /// The global cloud.
    #[default]
    Global,
    /// US Government: the same service as global, with an authority of its own.
    UsGovernment,
    /// China, operated by 21Vianet. The usage family is not listed as served there.
    China,
    /// Another set of addresses, such as those of a sandbox.
    #[non_exhaustive]
    Custom {
        /// Where the service is, such as `https://api.partnercenter.microsoft.com`.
        api: String,
        /// Who signs users and apps in, such as `https://login.microsoftonline.com`.
        authority: String,
        /// For whom tokens are made, such as `https://api.partnercenter.microsoft.com`.
        audience: String,
    },
}

impl Cloud {
    /// A cloud with other addresses than Microsoft's. They are checked when a client is built.
    pub fn custom(api: impl Into<String>, authority: impl Into<String>, audience: impl Into<String>) -> Self {
        Self::Custom { api: api.into(), authority: authority.into(), audience: audience.into() }
    }

    /// Where the service is.
    pub fn api(&self) -> &str {
        match self {
            Self::Global | Self::UsGovernment => "https://api.partnercenter.microsoft.com",
            Self::China => "https://partner.partnercenterapi.microsoftonline.cn",
            Self::Custom { api, .. } => api,
        }
    }

    /// Who signs users and apps in.
    pub fn authority(&self) -> &str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGovernment => "https://login.microsoftonline.us",
            Self::China => "https://login.partner.microsoftonline.cn",
            Self::Custom { authority, .. } => authority,
        }
    }

    /// For whom tokens are made.
    pub fn audience(&self) -> &str {
        match self {
            Self::Global | Self::UsGovernment => "https://api.partnercenter.microsoft.com",
            Self::China => "https://partner.partnercenterapi.microsoftonline.cn",
            Self::Custom { audience, .. } => audience,
        }
    }
}

impl FromStr for Cloud {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        const NAMES: &str = "write global, us-government or china";
        match name.to_ascii_lowercase().as_str() {
            "global" => Ok(Self::Global),
            "us-government" => Ok(Self::UsGovernment),
            "china" => Ok(Self::China),
            "germany" => Err(Error::input(
                "the cloud `germany` was closed",
                "its tenants moved to the global cloud, so write global",
            )),
            _ => Err(Error::input(format!("`{name}` is not a cloud"), NAMES)),
        }
    }
}
