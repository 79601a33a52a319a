//! Microsoft's national clouds.

use std::str::FromStr;

use crate::Error;

/// A cloud: the addresses of the service and of the authority, and the audience of tokens.
///
/// It parses from `global`, `us-government` and `china`, in upper or lower case.
///
/// ```
/// use partner_center_budgets::Cloud;
///
/// let cloud: Cloud = "us-government".parse()?;
/// assert_eq!(cloud.authority(), "https://login.microsoftonline.us");
/// # Ok::<(), partner_center_budgets::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Cloud {
    /// The global cloud.
    #[default]
    Global,
    /// US Government: the service of the global cloud with its own authority.
    UsGovernment,
    /// China, operated by 21Vianet. Microsoft's documentation does not list the usage operations for it.
    China,
    /// Other addresses, such as those of a sandbox.
    #[non_exhaustive]
    Custom {
        /// The address of the service, such as `https://api.partnercenter.microsoft.com`.
        api: String,
        /// The address of the authority, such as `https://login.microsoftonline.com`.
        authority: String,
        /// The audience of tokens, such as `https://api.partnercenter.microsoft.com`.
        audience: String,
    },
}

impl Cloud {
    /// A stand-in with other addresses than Microsoft's: the service, the authority and the audience of tokens. A sandbox has
    /// one address for all three, also behind a TLS proxy that forwards the header `Host`.
    ///
    /// [`ClientBuilder::build`](crate::ClientBuilder::build) checks that the addresses are https, or plain http to loopback.
    ///
    /// ```
    /// use partner_center_budgets::Cloud;
    ///
    /// let sandbox = "http://127.0.0.1:7780";
    /// let cloud = Cloud::custom(sandbox, sandbox, sandbox);
    /// assert_eq!(cloud.authority(), sandbox);
    /// ```
    pub fn custom(api: impl Into<String>, authority: impl Into<String>, audience: impl Into<String>) -> Self {
        Self::Custom { api: api.into(), authority: authority.into(), audience: audience.into() }
    }

    /// The address of the service.
    ///
    /// ```
    /// # use partner_center_budgets::Cloud;
    /// assert_eq!(Cloud::UsGovernment.api(), Cloud::Global.api());
    /// assert_eq!(Cloud::China.api(), "https://partner.partnercenterapi.microsoftonline.cn");
    /// ```
    pub fn api(&self) -> &str {
        match self {
            Self::Global | Self::UsGovernment => "https://api.partnercenter.microsoft.com",
            Self::China => "https://partner.partnercenterapi.microsoftonline.cn",
            Self::Custom { api, .. } => api,
        }
    }

    /// The address of the authority, which issues tokens.
    ///
    /// ```
    /// # use partner_center_budgets::Cloud;
    /// assert_eq!(Cloud::Global.authority(), "https://login.microsoftonline.com");
    /// assert_eq!(Cloud::UsGovernment.authority(), "https://login.microsoftonline.us");
    /// ```
    pub fn authority(&self) -> &str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGovernment => "https://login.microsoftonline.us",
            Self::China => "https://login.partner.microsoftonline.cn",
            Self::Custom { authority, .. } => authority,
        }
    }

    /// The audience of tokens. In Microsoft's clouds it is the address of the service.
    ///
    /// ```
    /// # use partner_center_budgets::Cloud;
    /// assert_eq!(Cloud::Global.audience(), "https://api.partnercenter.microsoft.com");
    /// ```
    pub fn audience(&self) -> &str {
        match self {
            Self::Custom { audience, .. } => audience,
            microsoft => microsoft.api(),
        }
    }
}

impl FromStr for Cloud {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name.to_ascii_lowercase().as_str() {
            "global" => Ok(Self::Global),
            "us-government" => Ok(Self::UsGovernment),
            "china" => Ok(Self::China),
            "germany" => Err(Error::input(
                "the cloud `germany` was closed",
                "its tenants moved to the global cloud, so write global",
            )),
            _ => Err(Error::input(format!("`{name}` is not a cloud"), "write global, us-government or china")),
        }
    }
}
