use std::borrow::Cow;
use std::fmt;

use super::advice::advice_on;
use crate::error_line::write_line;
use crate::fault::sanitize;

/// Why a sign-in failed.
///
/// `Display` prints what failed and the advice, but not the [`source`](std::error::Error::source); `Debug` prints all three in
/// one line. No text contains a secret, unless the implementation of a [`TokenStore`](super::TokenStore) or
/// [`Credential`](super::Credential) adds one.
pub struct AuthError {
    what: Cow<'static, str>,
    code: Option<String>,
    oauth_error: Option<String>,
    advice: Option<Cow<'static, str>>,
    is_retryable: bool,
    needs_sign_in: bool,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl AuthError {
    /// A permanent failure: what failed, and what to do next.
    ///
    /// ```
    /// use partner_center_budgets::auth::AuthError;
    ///
    /// let error = AuthError::new("the vault cannot be read", "check its policy");
    /// assert_eq!(error.to_string(), "the vault cannot be read; check its policy");
    /// ```
    pub fn new(what: impl Into<Cow<'static, str>>, advice: impl Into<Cow<'static, str>>) -> Self {
        Self {
            what: what.into(),
            code: None,
            oauth_error: None,
            advice: Some(advice.into()),
            is_retryable: false,
            needs_sign_in: false,
            source: None,
        }
    }

    /// Adds the cause.
    ///
    /// ```
    /// # use partner_center_budgets::auth::AuthError;
    /// let denied = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
    /// let error = AuthError::new("the vault cannot be read", "check its policy").with_source(denied);
    /// assert_eq!(format!("{error:?}"), "the vault cannot be read: permission denied; check its policy");
    /// ```
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Replaces the advice, for a program with more specific advice for its users.
    ///
    /// ```
    /// # use partner_center_budgets::auth::AuthError;
    /// # let error = AuthError::new("there is no refresh token", "let the user sign in").needing_sign_in();
    /// let error = if error.needs_sign_in() { error.with_advice("run `pc-budgets login`") } else { error };
    /// assert_eq!(error.to_string(), "there is no refresh token; run `pc-budgets login`");
    /// ```
    #[must_use]
    pub fn with_advice(mut self, advice: impl Into<Cow<'static, str>>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// Marks the failure as transient: the network failed, or the authority was busy.
    ///
    /// ```
    /// use partner_center_budgets::{Error, auth::AuthError};
    ///
    /// let error = AuthError::new("the vault does not respond", "try again later").retryable();
    /// assert!(Error::from(error).is_retryable(), "the client retries the sign-in");
    /// ```
    #[must_use]
    pub fn retryable(self) -> Self {
        self.retryable_if(true)
    }

    pub(super) fn retryable_if(mut self, is_transient: bool) -> Self {
        self.is_retryable |= is_transient;
        self
    }

    /// Marks that the user has to sign in again.
    ///
    /// ```
    /// # use partner_center_budgets::auth::AuthError;
    /// let error = AuthError::new("the vault has no token for this user", "sign in").needing_sign_in();
    /// assert!(error.needs_sign_in());
    /// ```
    #[must_use]
    pub fn needing_sign_in(mut self) -> Self {
        self.needs_sign_in = true;
        self
    }

    /// The failure of a task that did not finish.
    pub(super) fn cancelled(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new("a task of the sign-in was cancelled", "the runtime is shutting down").with_source(source)
    }

    /// A refusal by the authority: `error` of OAuth 2.0 (RFC 6749, section 5.2) and its description.
    pub(super) fn refused(oauth_error: &str, description: &str) -> Self {
        let code = aadsts_code(description);
        // After the first line come ids and a time for support.
        let first_line = description.lines().next().filter(|line| !line.trim().is_empty());
        let why = sanitize(first_line.unwrap_or(oauth_error));
        let advice = code.as_deref().and_then(advice_on).or_else(|| advice_on(oauth_error));
        Self {
            is_retryable: matches!(oauth_error, "temporarily_unavailable" | "server_error")
                || code.as_deref() == Some("AADSTS90033"),
            code,
            oauth_error: Some(oauth_error.to_owned()),
            advice: advice.map(|(advice, _)| advice.into()),
            needs_sign_in: oauth_error == "interaction_required" || advice.is_some_and(|(_, sign_in)| sign_in),
            ..Self::new(format!("the sign-in was refused: {}", why.trim_end_matches('.')), "")
        }
    }

    /// What failed.
    ///
    /// ```
    /// # use partner_center_budgets::auth::AuthError;
    /// let error = AuthError::new("the vault cannot be read", "check its policy");
    /// assert_eq!(error.what(), "the vault cannot be read");
    /// ```
    pub fn what(&self) -> &str {
        &self.what
    }

    /// The code of the authority, such as `AADSTS50076`.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// match client.token_claims().await {
    ///     Err(Error::Auth(error)) if error.code() == Some("AADSTS7000222") => println!("create a new client secret"),
    ///     claims => println!("{:?}", claims?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// What to do next, if known.
    ///
    /// ```
    /// # use partner_center_budgets::auth::AuthError;
    /// let error = AuthError::new("the vault cannot be read", "check its policy");
    /// assert_eq!(error.advice(), Some("check its policy"));
    /// ```
    pub fn advice(&self) -> Option<&str> {
        self.advice.as_deref()
    }

    /// Whether another attempt may succeed.
    ///
    /// ```
    /// # use partner_center_budgets::auth::AuthError;
    /// let error = AuthError::new("the vault does not respond", "try again later");
    /// assert!(!error.is_retryable(), "a failure is permanent by default");
    /// assert!(error.retryable().is_retryable());
    /// ```
    pub fn is_retryable(&self) -> bool {
        self.is_retryable
    }

    /// Whether the user has to sign in again, with multi-factor authentication if the authority requires it.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use partner_center_budgets::Cloud;
    /// use partner_center_budgets::auth::{Credential, MemoryStore, RefreshToken, TokenEndpoint};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), partner_center_budgets::Error> {
    /// let empty = Arc::new(MemoryStore::default());
    /// let credential = RefreshToken::new("contoso.onmicrosoft.com", "22222222-2222-2222-2222-222222222222", empty);
    /// let error = credential.sign_in(&TokenEndpoint::for_cloud(Cloud::Global)?).await.unwrap_err();
    /// assert!(error.needs_sign_in(), "there is no refresh token");
    /// # Ok(())
    /// # }
    /// ```
    pub fn needs_sign_in(&self) -> bool {
        self.needs_sign_in
    }

    /// `error` of OAuth 2.0, if the authority refused.
    #[cfg_attr(not(feature = "interactive"), expect(dead_code, reason = "only the poll for a device code reads it"))]
    pub(super) fn oauth_error(&self) -> Option<&str> {
        self.oauth_error.as_deref()
    }
}

/// The code in a description of the authority: `AADSTS50076: …`.
fn aadsts_code(description: &str) -> Option<String> {
    let (_, rest) = description.split_once("AADSTS")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| format!("AADSTS{digits}"))
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_line(f, &printable_text::one_line(&self.what), [None, None], self.advice())
    }
}

impl fmt::Debug for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let causes = std::error::Error::source(self).map(printable_text::error_chain);
        write_line(f, &printable_text::one_line(&self.what), [None, causes], self.advice())
    }
}

impl std::error::Error for AuthError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
