use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

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

impl TokenClaims {
    /// `None` if the token is not a JSON Web Token, or is encrypted. A claim of another type is ignored.
    pub(super) fn read(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (_, payload, _, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else { return None };
        let payload = BASE64_URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let claims: Map<String, Value> = serde_json::from_slice(&payload).ok()?;
        let text = |names: &[&str]| names.iter().find_map(|name| claims.get(*name)?.as_str()).map(str::to_owned);
        let expires_at = claims.get("exp").and_then(Value::as_i64);
        let methods = claims.get("amr").and_then(Value::as_array);
        Some(Self {
            user: text(&["upn", "preferred_username", "unique_name"]),
            app: text(&["appid", "azp"]),
            tenant: text(&["tid"]),
            expires_at: expires_at.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
            is_mfa: methods.map(|methods| methods.iter().any(|method| method == "mfa")),
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
        let app = TokenClaims::read(&token(r#"{"appid":"app","exp":"soon","amr":"mfa"}"#)).unwrap();
        assert_eq!(app.app.as_deref(), Some("app"));
        assert_eq!((app.user, app.expires_at, app.is_mfa), (None, None, None));
    }

    #[test]
    fn other_texts_have_no_claims() {
        let encrypted = "a.b.c.d.e";
        let strange = [token("[]"), token("no json"), encrypted.to_owned()];
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
