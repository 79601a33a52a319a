//! Where the credential of a session comes from.

use super::config::{CloudName, ProfileName};

/// The credential's source, and the facts about it before sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Such as `profile contoso`.
    pub(crate) source: String,
    pub(crate) cloud: CloudName,
    pub(crate) tenant: Option<String>,
    pub(crate) client_id: Option<String>,
    /// Where the refresh token is stored.
    pub(crate) token_location: Option<String>,
    /// The profile, if the credential is that of a profile.
    pub(crate) profile: Option<ProfileName>,
    /// The address of the service; `None` for the temporary sandbox of this process, whose address changes each time.
    pub(crate) api: Option<String>,
}
