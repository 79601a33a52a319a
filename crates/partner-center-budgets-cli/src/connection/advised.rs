//! What to do about a failed sign-in, for whoever uses this program.

use partner_center_budgets::auth::{AuthError, Credential, Identity, SignInFuture, TokenEndpoint};

/// A credential whose failures say more of what to do.
pub(super) struct Advised<C, F> {
    credential: C,
    further: F,
}

impl<C: Credential, F: Fn(&AuthError) -> Option<String> + Send + Sync + 'static> Advised<C, F> {
    pub(super) fn new(credential: C, further: F) -> Self {
        Self { credential, further }
    }

    fn advise(&self, error: AuthError) -> AuthError {
        let Some(further) = (self.further)(&error) else { return error };
        let advice = error.advice().map(|advice| format!("{advice}; {further}"));
        error.with_advice(advice.unwrap_or(further))
    }
}

impl<C: Credential, F: Fn(&AuthError) -> Option<String> + Send + Sync + 'static> Credential for Advised<C, F> {
    fn identity(&self) -> Identity {
        self.credential.identity()
    }

    fn sign_in<'a>(&'a self, endpoint: &'a TokenEndpoint) -> SignInFuture<'a> {
        Box::pin(async { self.credential.sign_in(endpoint).await.map_err(|error| self.advise(error)) })
    }
}
