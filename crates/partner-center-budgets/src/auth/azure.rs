use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use azure_core::credentials::TokenCredential;
use azure_core::error::ErrorKind;

use super::{AccessToken, AuthError, Credential, Identity, SignIn, SigningIn};

/// Signs in with a credential of the Azure SDK, such as `ManagedIdentityCredential` and `WorkloadIdentityCredential` of
/// the crate `azure_identity`.
///
/// Needs the feature `azure`, and the version 1 of `azure_core` that the credential is of.
///
/// # Set-up
///
/// 1. Give the virtual machine, the container or the cluster its identity in Azure.
/// 2. Partner Center knows apps that were added to it. Where it refuses the identity's own token, let the identity speak
///    for the app by a federated credential in the app's registration in Entra ID, with `WorkloadIdentityCredential` or
///    `ClientAssertionCredential`.
///
/// # Limits
///
/// Such identities are apps alone, and most usage operations want a user. For a credential that speaks for a user, such
/// as that of a developer's tools, say so with [`identity`](Self::identity).
#[derive(Clone)]
pub struct AzureCredential {
    credential: Arc<dyn TokenCredential>,
    identity: Identity,
}

impl AzureCredential {
    /// Takes a credential that speaks for an app alone.
    pub fn new(credential: Arc<dyn TokenCredential>) -> Self {
        Self { credential, identity: Identity::App }
    }

    /// For whom the credential speaks. The default is [`Identity::App`].
    #[must_use]
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identity = identity;
        self
    }
}

impl Credential for AzureCredential {
    fn identity(&self) -> Identity {
        self.identity
    }

    fn sign_in<'a>(&'a self, to: &'a SignIn) -> SigningIn<'a> {
        Box::pin(async {
            let granted = self.credential.get_token(&[&to.scope()], None).await.map_err(|error| failed(&error))?;
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            let ends_at = Duration::from_secs(granted.expires_on.unix_timestamp().try_into().unwrap_or_default());
            Ok(AccessToken::new(granted.token.secret(), Some(ends_at.saturating_sub(now))))
        })
    }
}

/// Leaves out the credential, whose `Debug` is not ours.
impl fmt::Debug for AzureCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AzureCredential").field("identity", &self.identity).finish_non_exhaustive()
    }
}

/// Only the text of the error is kept: the error itself may hold the whole response.
fn failed(error: &azure_core::Error) -> AuthError {
    let may_pass = match error.kind() {
        ErrorKind::HttpResponse { status, .. } => matches!(u16::from(*status), 408 | 429 | 500 | 502..=504),
        kind => matches!(kind, ErrorKind::Connection | ErrorKind::Io),
    };
    let text = error.to_string();
    let failure = match text.find("AADSTS") {
        Some(begin) => AuthError::refused("", &text[begin..]),
        None => AuthError::new("the Azure credential gave no token", "check the identity's set-up in Azure")
            .with_source(text),
    };
    if may_pass { failure.retryable() } else { failure }
}
