use std::sync::Arc;
use std::time::{Duration, SystemTime};

use azure_core::credentials::TokenCredential;
use azure_core::error::ErrorKind;

use super::hidden::Hidden;
use super::{AccessToken, AuthError, Credential, Identity, SignInFuture, TokenEndpoint};
use crate::retry_after;

/// Signs in with a credential of the Azure SDK, such as `ManagedIdentityCredential` or `WorkloadIdentityCredential` of the
/// crate `azure_identity`.
///
/// Requires the feature `azure`, and a credential of version 1 of `azure_core`.
///
/// # Setup
///
/// 1. Assign an identity to the virtual machine, the container or the cluster in Azure.
/// 2. Partner Center only accepts apps that were added to it. If it refuses the token of the identity, add a federated
///    credential for the identity to the app's registration in Entra ID, and use `WorkloadIdentityCredential` or
///    `ClientAssertionCredential`.
///
/// # Limits
///
/// Such an identity is an app without a user, which most usage operations refuse. For a credential with a user, such as
/// that of developer tools, set [`identity`](Self::identity).
///
/// ```
/// use std::sync::Arc;
/// use azure_core::credentials::TokenCredential;
/// use partner_center_budgets::{Client, Error, auth::AzureCredential};
///
/// /// The credential is, for example, `ManagedIdentityCredential::new(None)?` of `azure_identity`.
/// fn client(credential: Arc<dyn TokenCredential>) -> Result<Client, Error> {
///     Client::builder(AzureCredential::new(credential)).build()
/// }
/// ```
#[derive(Debug, Clone)]
pub struct AzureCredential {
    credential: Hidden<Arc<dyn TokenCredential>>,
    identity: Identity,
}

impl AzureCredential {
    /// Uses a credential of an app without a user.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use azure_core::credentials::TokenCredential;
    /// use partner_center_budgets::{Client, Cloud, Error, auth::AzureCredential};
    ///
    /// # fn example(managed_identity: Arc<dyn TokenCredential>) -> Result<Client, Error> {
    /// let client = Client::builder(AzureCredential::new(managed_identity)).cloud(Cloud::UsGovernment).build()?;
    /// # Ok(client)
    /// # }
    /// ```
    pub fn new(credential: Arc<dyn TokenCredential>) -> Self {
        Self { credential: Hidden(credential), identity: Identity::App }
    }

    /// Sets the identity of the credential. The default is [`Identity::App`].
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use azure_core::credentials::TokenCredential;
    /// use partner_center_budgets::auth::{AzureCredential, Identity};
    ///
    /// # fn example(developer_tools: Arc<dyn TokenCredential>) -> AzureCredential {
    /// let credential = AzureCredential::new(developer_tools).identity(Identity::AppAndUser);
    /// # credential
    /// # }
    /// ```
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

    fn sign_in<'a>(&'a self, endpoint: &'a TokenEndpoint) -> SignInFuture<'a> {
        Box::pin(async {
            let token = self.credential.0.get_token(&[&endpoint.scope()], None).await.map_err(convert)?;
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            let expires_at = Duration::from_secs(token.expires_on.unix_timestamp().try_into().unwrap_or_default());
            Ok(AccessToken::new(token.token.secret(), Some(expires_at.saturating_sub(now))))
        })
    }
}

/// Returns only the text of the error as the source: the error itself may contain the whole response.
fn convert(error: azure_core::Error) -> AuthError {
    let is_transient = match error.kind() {
        ErrorKind::HttpResponse { status, .. } => retry_after::is_transient((*status).into()),
        kind => matches!(kind, ErrorKind::Connection | ErrorKind::Io),
    };
    let text = error.to_string();
    let converted = match text.find("AADSTS") {
        Some(start) => AuthError::refused("", &text[start..]),
        None => AuthError::new("the Azure credential gave no token", "check the identity's setup in Azure")
            .with_source(text),
    };
    converted.retryable_if(is_transient)
}
