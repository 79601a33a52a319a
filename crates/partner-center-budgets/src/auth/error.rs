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
        let advice = code.as_deref().and_then(advice_on).or_else(|| advice_on(error));
        let is_retryable =
            matches!(error, "temporarily_unavailable" | "server_error") || code.as_deref() == Some("AADSTS90033");
        let needs_sign_in = error == "interaction_required" || advice.is_some_and(|(_, needs_sign_in)| needs_sign_in);
        Self {
            what: format!("the sign-in was refused: {why}").into(),
            code,
            refusal: Some(error.to_owned()),
            advice: advice.map(|(advice, _)| Cow::Borrowed(advice)),
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

/// Advice for refusals by the authority: codes, advice, and whether the user must sign in again.
const ADVICE: &[(&[&str], &str, bool)] = &[
    (&["AADSTS50076", "AADSTS50079"], "let the user sign in again with multi-factor authentication", true),
    (&["AADSTS50078"], "the multi-factor authentication is too old: let the user sign in again", true),
    (
        &["AADSTS700082", "AADSTS70008", "AADSTS700084"],
        "the refresh token has expired: let the user sign in again",
        true,
    ),
    (
        &["AADSTS70043"],
        "the tenant limits how long a sign-in lasts, and that time is over: let the user sign in again",
        true,
    ),
    (
        &["AADSTS70000", "AADSTS700007"],
        "the refresh token is not valid for this app and tenant: let the user sign in again",
        true,
    ),
    (
        &["AADSTS50173", "AADSTS50132", "AADSTS50133"],
        "the refresh token was revoked, for instance by a new password: let the user sign in again",
        true,
    ),
    (
        &["AADSTS50057"],
        "the user's account is disabled: ask the tenant's admin to enable it, or sign in as another user",
        true,
    ),
    (&["AADSTS65001"], "let an admin of the tenant consent to the app", true),
    (
        &["AADSTS650057", "AADSTS500011"],
        "the app may not call Partner Center in this tenant: add the API permission user_impersonation of Microsoft \
         Partner Center to the app, let an admin consent, and check the tenant and the cloud",
        false,
    ),
    (&["AADSTS650051"], "the app is not in the tenant yet: wait a minute, then let an admin consent to it", false),
    (&["AADSTS53003"], "a Conditional Access policy blocks the sign-in: ask the tenant's admin", true),
    (
        &["AADSTS53000", "AADSTS53001", "AADSTS530003"],
        "a Conditional Access policy asks for a managed device: sign in on such a device, or ask the tenant's admin",
        true,
    ),
    (
        &["AADSTS530033"],
        "a Conditional Access policy asks for a managed device, which a device code cannot prove: sign in with the \
         browser on such a device, or ask the tenant's admin",
        true,
    ),
    (&["AADSTS50105"], "the user is not assigned to the app: ask the tenant's admin to assign the user to it", false),
    (&["AADSTS7000112"], "the app is disabled in the tenant: ask the tenant's admin to enable it", false),
    (&["AADSTS700024"], "the app's assertion is outside its lifetime: set this machine's clock", false),
    (
        &["AADSTS50011"],
        "register the redirect URI http://localhost with the app, under Mobile and desktop applications",
        false,
    ),
    (&["AADSTS50126", "AADSTS70002"], "check the user name and the password, or the client secret", false),
    (&["AADSTS50020", "AADSTS50177"], "the user is not a member of the tenant: check the tenant and the user", false),
    (&["AADSTS5000224"], "the tenant was deleted or is not available: check the tenant's id", false),
    (&["AADSTS900023", "AADSTS90002"], "check the tenant: its id is a GUID, or use one of its domains", false),
    (
        &["AADSTS9002313"],
        "the request is malformed: check the app's id, the secret and the refresh token for cut text",
        false,
    ),
    (&["AADSTS700016"], "the app is not known in the tenant: check the app's id and the tenant", false),
    (&["AADSTS700027"], "check that the certificate is registered with the app, and this machine's clock", false),
    (&["AADSTS7000218"], "pass the client secret, or allow public client flows for the app in Entra ID", false),
    (&["AADSTS7000215"], "the client secret is wrong: pass its value and not its id", false),
    (&["AADSTS7000222"], "the client secret has expired: make a new one", false),
    (&["AADSTS90038"], "the app and the user are in different clouds: check the cloud's setting", false),
    (&["AADSTS90033"], "the authority is busy: try again", false),
    // Values of `error`, for refusals whose description has no known code.
    (&["access_denied", "authorization_declined"], "the user declined: sign in again", false),
    (&["expired_token", "code_expired", "bad_verification_code"], "the code has expired: sign in again", false),
    (&["interaction_required"], "let the user sign in again", true),
    (&["invalid_grant"], "the sign-in is no longer valid: let the user sign in again", true),
    (&["invalid_client", "unauthorized_client"], "check the app's id, and its secret or certificate", false),
];

/// The advice on a code or on a value of `error`, and whether the user must sign in again.
fn advice_on(code: &str) -> Option<(&'static str, bool)> {
    ADVICE.iter().find(|(codes, ..)| codes.contains(&code)).map(|(_, advice, needs_sign_in)| (*advice, *needs_sign_in))
}

/// The code at the beginning of the authority's descriptions: `AADSTS50076: …`.
fn aadsts(description: &str) -> Option<String> {
    let begin = description.find("AADSTS")?;
    let digits: String = description[begin + 6..].chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| format!("AADSTS{digits}"))
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
