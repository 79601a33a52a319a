//! Advice of this program for a failed sign-in.

use partner_center_budgets::auth::{AuthError, Credential, Identity, SignInFuture, TokenEndpoint};

/// A credential that adds a hint to the advice of its failures.
pub(super) struct WithHint<C, F> {
    credential: C,
    hint: F,
}

impl<C: Credential, F: Fn(&AuthError) -> Option<String> + Send + Sync + 'static> WithHint<C, F> {
    pub(super) fn new(credential: C, hint: F) -> Self {
        Self { credential, hint }
    }

    fn add_hint(&self, error: AuthError) -> AuthError {
        let Some(hint) = (self.hint)(&error) else { return error };
        let advice = error.advice().map(|advice| format!("{advice}; {hint}"));
        error.with_advice(advice.unwrap_or(hint))
    }
}

impl<C: Credential, F: Fn(&AuthError) -> Option<String> + Send + Sync + 'static> Credential for WithHint<C, F> {
    fn identity(&self) -> Identity {
        self.credential.identity()
    }

    fn sign_in<'a>(&'a self, endpoint: &'a TokenEndpoint) -> SignInFuture<'a> {
        Box::pin(async { self.credential.sign_in(endpoint).await.map_err(|error| self.add_hint(error)) })
    }
}
