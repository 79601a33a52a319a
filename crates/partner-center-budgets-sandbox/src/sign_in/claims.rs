//! What stands in access tokens, for programs that show as whom they work.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use uuid::Uuid;

/// For whom a token is.
pub(crate) struct Bearer<'a> {
    pub(crate) issuer: &'a str,
    /// Id of the tenant, or one of its domains.
    pub(crate) tenant: &'a str,
    /// Id of the app.
    pub(crate) client: &'a str,
}

/// The id of every tenant that is known by a domain.
const TENANT: Uuid = Uuid::from_u128(0x5a4d_b0c5_0000_4000_8000_0000_0000_0001);

impl Bearer<'_> {
    /// A JSON Web Token, as the sign-in's are, but with a signature that nobody could check.
    ///
    /// `mfa` is whether the user passed a second factor; there is none for an app alone.
    pub(crate) fn access_token(&self, audience: &str, lifetime: Duration, mfa: Option<bool>) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let tenant = Uuid::parse_str(self.tenant).unwrap_or(TENANT);
        let domain = if self.tenant.contains('.') { self.tenant } else { "sandbox.example" };
        let mut claims = json!({
            "aud": audience,
            "iss": format!("{}/{tenant}/", self.issuer),
            "iat": now,
            "nbf": now,
            "exp": now.saturating_add(lifetime.as_secs()).min(i64::MAX as u64),
            "appid": self.client,
            "tid": tenant,
            // What makes each token another one.
            "uti": Uuid::new_v4().simple().to_string(),
            "ver": "1.0",
        });
        if let Some(mfa) = mfa {
            claims["upn"] = Value::from(format!("admin-agent@{domain}"));
            claims["amr"] = if mfa { json!(["pwd", "mfa"]) } else { json!(["pwd"]) };
        } else {
            claims["idtyp"] = Value::from("app");
        }
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({ "typ": "JWT", "alg": "none" });
        format!("{}.{}.{}", part(&header), part(&claims), URL_SAFE_NO_PAD.encode("sandbox"))
    }
}
