use super::{AccessToken, Credential, SignInFuture, TokenEndpoint};

/// An access token from another source. The client does not renew it: after it expires, calls fail with status 401.
///
/// Its text appears in no `Debug` output, error or log.
#[derive(Debug, Clone)]
pub struct FixedToken(AccessToken);

impl FixedToken {
    /// Uses an access token for the audience of the cloud, without the word `Bearer`.
    ///
    /// ```no_run
    /// use partner_center_budgets::{Client, auth::FixedToken};
    ///
    /// let client = Client::builder(FixedToken::new(std::env::var("PARTNER_CENTER_TOKEN")?)).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(token: impl Into<String>) -> Self {
        Self(AccessToken::new(token.into(), None))
    }
}

impl Credential for FixedToken {
    fn sign_in<'a>(&'a self, _: &'a TokenEndpoint) -> SignInFuture<'a> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}
