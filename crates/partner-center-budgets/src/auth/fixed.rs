use super::{AccessToken, Credential, SignIn, SigningIn};

/// An access token that was obtained elsewhere. It is never renewed: once it has expired, calls fail with status 401.
///
/// Its text appears in no `Debug` output, error or log.
#[derive(Debug, Clone)]
pub struct FixedToken(AccessToken);

impl FixedToken {
    /// Takes an access token for the audience of the cloud, without the word `Bearer`.
    pub fn new(token: impl Into<String>) -> Self {
        Self(AccessToken::new(token.into(), None))
    }
}

impl Credential for FixedToken {
    fn sign_in<'a>(&'a self, _: &'a SignIn) -> SigningIn<'a> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}
