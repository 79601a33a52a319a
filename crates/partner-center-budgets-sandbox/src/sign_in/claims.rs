//! What stands in access tokens, for programs that show as whom they work.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// For whom a token is.
pub(crate) struct Bearer<'a> {
    pub(crate) issuer: &'a str,
    /// Id of the tenant, or one of its domains.
    pub(crate) tenant: &'a str,
    /// Id of the app.
    pub(crate) client: &'a str,
}

impl Bearer<'_> {
    /// A JSON Web Token, as the sign-in's are, but with a signature that nobody could check.
    ///
    /// `mfa` is whether the user passed a second factor; there is none for an app alone.
    pub(crate) fn access_token(&self, audience: &str, lifetime: Duration, mfa: Option<bool>) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let tenant = Uuid::parse_str(self.tenant).unwrap_or_else(|_| id_of(self.tenant));
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

/// The id of the tenant with a domain: always the same one, and another for each.
fn id_of(domain: &str) -> Uuid {
    let digest = Sha256::digest(domain.to_ascii_lowercase());
    let bytes: [u8; 16] = std::array::from_fn(|at| digest[at]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
