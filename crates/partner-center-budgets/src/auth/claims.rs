use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// The claims of an access token, to show users which account they use.
///
/// The signature is not checked, and the authority does not guarantee the content to clients. Do not base decisions on it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenClaims {
    /// Sign-in name of the user (`upn`, `preferred_username` or `unique_name`); `None` for an app alone.
    pub user: Option<String>,
    /// Id of the app (`appid` or `azp`).
    pub app: Option<String>,
    /// Id of the tenant (`tid`).
    pub tenant: Option<String>,
    /// Time at which the token expires (`exp`).
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether the user passed multi-factor authentication (`amr`); `None` if the token has no such claim.
    pub is_mfa: Option<bool>,
}

#[derive(Deserialize)]
struct Payload {
    upn: Option<String>,
    preferred_username: Option<String>,
    unique_name: Option<String>,
    appid: Option<String>,
    azp: Option<String>,
    tid: Option<String>,
    exp: Option<i64>,
    amr: Option<Vec<String>>,
}

impl TokenClaims {
    /// `None` if the token is not a JSON Web Token, or is encrypted.
    pub(crate) fn read(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (_, payload, _, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else { return None };
        let payload = BASE64_URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let payload: Payload = serde_json::from_slice(&payload).ok()?;
        Some(Self {
            user: payload.upn.or(payload.preferred_username).or(payload.unique_name),
            app: payload.appid.or(payload.azp),
            tenant: payload.tid,
            expires_at: payload.exp.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
            is_mfa: payload.amr.map(|methods| methods.iter().any(|method| method == "mfa")),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token(payload: &str) -> String {
        let encode = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", encode(r#"{"alg":"RS256"}"#), encode(payload), encode("signature"))
    }

    #[test]
    fn reads_both_versions_of_tokens() {
        let first = r#"{"upn":"admin@contoso.com","unique_name":"x","appid":"app","tid":"tenant","exp":1795262400,"amr":["pwd","mfa"]}"#;
        let second =
            r#"{"preferred_username":"admin@contoso.com","azp":"app","tid":"tenant","exp":1795262400,"amr":["pwd"]}"#;
        for (payload, is_mfa) in [(first, true), (second, false)] {
            let claims = TokenClaims::read(&token(payload)).unwrap();
            assert_eq!(claims.user.as_deref(), Some("admin@contoso.com"));
            assert_eq!((claims.app.as_deref(), claims.tenant.as_deref()), (Some("app"), Some("tenant")));
            assert_eq!(claims.expires_at.unwrap().to_rfc3339(), "2026-11-21T12:00:00+00:00");
            assert_eq!(claims.is_mfa, Some(is_mfa));
        }
        let app = TokenClaims::read(&token(r#"{"appid":"app"}"#)).unwrap();
        assert_eq!((app.user, app.expires_at, app.is_mfa), (None, None, None));
    }

    #[test]
    fn other_texts_have_no_claims() {
        let encrypted = "a.b.c.d.e";
        let strange = [token("[]"), token(r#"{"exp":"soon"}"#), token("no json"), encrypted.to_owned()];
        for text in strange.iter().map(String::as_str).chain(["", "sandbox", "..", "a.b.c", "a.!.c"]) {
            assert_eq!(TokenClaims::read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_any_text_without_panic(payload in "\\PC{0,60}", text in "\\PC{0,60}") {
            let _ = TokenClaims::read(&token(&payload));
            let _ = TokenClaims::read(&text);
        }
    }
}
