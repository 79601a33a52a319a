use std::borrow::Cow;
use std::fmt;

use crate::fault::one_line;

/// Why a sign-in failed.
#[derive(Debug)]
pub struct AuthError {
    what: Cow<'static, str>,
    code: Option<String>,
    /// `error` of OAuth 2.0, where the authority refused.
    refusal: Option<String>,
    advice: Option<Cow<'static, str>>,
    is_retryable: bool,
    needs_sign_in: bool,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl AuthError {
    /// A failure that is not worth another try: what is wrong, and what to do about it.
    pub fn new(what: impl Into<Cow<'static, str>>, advice: impl Into<Cow<'static, str>>) -> Self {
        Self {
            what: what.into(),
            code: None,
            refusal: None,
            advice: Some(advice.into()),
            is_retryable: false,
            needs_sign_in: false,
            source: None,
        }
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Gives another advice, for a program that knows better what its users can do.
    #[must_use]
    pub fn with_advice(mut self, advice: impl Into<Cow<'static, str>>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// Says that another try may succeed: the network failed, or the authority was busy.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.is_retryable = true;
        self
    }

    /// Says that the user has to sign in again.
    #[must_use]
    pub fn needing_sign_in(mut self) -> Self {
        self.needs_sign_in = true;
        self
    }

    /// A refusal of the authority: `error` of OAuth 2.0 and its description.
    pub(crate) fn refused(error: &str, description: &str) -> Self {
        let code = aadsts(description);
        // What follows the first line are ids and a time for support.
        let first = description.lines().next().unwrap_or_default();
        let first = one_line(first);
        let error_line = one_line(error);
        let why = if first.is_empty() { &error_line } else { first.trim_end_matches('.') };
        let advice = code.as_deref().and_then(advice).or_else(|| advice_on(error)).map(Cow::Borrowed);
        let is_retryable = matches!(error, "temporarily_unavailable" | "server_error")
            || code.as_deref().is_some_and(|code| code.starts_with("AADSTS90033"));
        let needs_sign_in =
            error == "interaction_required" || code.as_deref().is_some_and(|code| SIGN_IN_AGAIN.contains(&code));
        Self {
            what: format!("the sign-in was refused: {why}").into(),
            code,
            refusal: Some(error.to_owned()),
            advice,
            is_retryable,
            needs_sign_in,
            source: None,
        }
    }

    /// What failed.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Code of the authority, such as `AADSTS50076`.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// What to do next, where that is known.
    pub fn advice(&self) -> Option<&str> {
        self.advice.as_deref()
    }

    /// Whether another try may succeed.
    pub fn is_retryable(&self) -> bool {
        self.is_retryable
    }

    /// Whether the user has to sign in again, with multi-factor authentication where that is asked for.
    pub fn needs_sign_in(&self) -> bool {
        self.needs_sign_in
    }

    /// `error` of OAuth 2.0, where the authority refused.
    #[cfg_attr(not(feature = "interactive"), expect(dead_code, reason = "only a device code is polled for"))]
    pub(crate) fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }
}

/// Refusals that a sign-in by the user cures, and nothing else.
const SIGN_IN_AGAIN: [&str; 9] = [
    "AADSTS65001",
    "AADSTS53003",
    "AADSTS50076",
    "AADSTS50078",
    "AADSTS50079",
    "AADSTS50173",
    "AADSTS700082",
    "AADSTS700084",
    "AADSTS70008",
];

/// The code at the beginning of the authority's descriptions: `AADSTS50076: …`.
fn aadsts(description: &str) -> Option<String> {
    let begin = description.find("AADSTS")?;
    let digits: String = description[begin + 6..].chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| format!("AADSTS{digits}"))
}

/// What to do about the refusals that users meet.
fn advice(code: &str) -> Option<&'static str> {
    Some(match code {
        "AADSTS50076" | "AADSTS50079" => "let the user sign in again with multi-factor authentication",
        "AADSTS50078" => "the multi-factor authentication is too old: let the user sign in again",
        "AADSTS700082" | "AADSTS70008" | "AADSTS700084" => "the refresh token has expired: let the user sign in again",
        "AADSTS50173" => "the refresh token was revoked, for instance by a new password: let the user sign in again",
        "AADSTS50126" | "AADSTS70002" => "check the user name and the password, or the client secret",
        "AADSTS65001" => "let an admin of the tenant consent to the app",
        "AADSTS650051" => "the app is not in the tenant yet: wait a minute, then let an admin consent to it",
        "AADSTS50020" | "AADSTS50177" => "the user is not a member of the tenant: check the tenant and the user",
        "AADSTS53003" => "a Conditional Access policy blocks the sign-in: ask the tenant's admin",
        "AADSTS5000224" => "the tenant was deleted or is not available: check the tenant's id",
        "AADSTS900023" | "AADSTS90002" => "check the tenant: its id is a GUID, or use one of its domains",
        "AADSTS9002313" => {
            "the request is malformed: check the app's id, the secret and the refresh token for cut text"
        }
        "AADSTS700016" => "the app is not known in the tenant: check the app's id and the tenant",
        "AADSTS700027" => "check that the certificate is registered with the app, and this machine's clock",
        "AADSTS7000218" => "pass the client secret, or allow public client flows for the app in Entra ID",
        "AADSTS7000215" => "the client secret is wrong: pass its value and not its id",
        "AADSTS7000222" => "the client secret has expired: make a new one",
        "AADSTS90038" => "the app and the user are in different clouds: check the cloud's setting",
        "AADSTS90033" => "the authority is busy: try again",
        _ => return None,
    })
}

/// What to do about the refusals that have no code of their own.
fn advice_on(error: &str) -> Option<&'static str> {
    Some(match error {
        "access_denied" | "authorization_declined" => "the user declined: sign in again",
        "expired_token" | "code_expired" | "bad_verification_code" => "the code has expired: sign in again",
        "interaction_required" => "let the user sign in again",
        _ => return None,
    })
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable_text::one_line(&self.what))?;
        match &self.advice {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

impl From<AuthError> for crate::Error {
    fn from(error: AuthError) -> Self {
        Self::Auth(std::sync::Arc::new(error))
    }
}

impl std::error::Error for AuthError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
