//! The claims of access tokens and ID tokens, for programs that show the signed-in user.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::caller::Caller;

/// The only user of every tenant.
const USER_ID: &str = "5d9e1f3a-6b2c-4e80-9a47-0c1d2e3f4a5b";

/// The party that a token is issued to.
pub(crate) struct Bearer<'a> {
    /// Address of the authority, as the client knows it.
    pub(crate) issuer: &'a str,
    /// Id of the tenant, or one of its domains.
    pub(crate) tenant: &'a str,
    /// Id of the app.
    pub(crate) client: &'a str,
}

impl Bearer<'_> {
    /// A JSON Web Token as issued by the real sign-in, but with an invalid signature.
    ///
    /// `mfa` is whether the user passed a second factor; `None` for an app without a user.
    pub(crate) fn access_token(&self, audience: &str, lifetime: Duration, mfa: Option<bool>) -> String {
        let tenant = tenant_id(self.tenant);
        let mut claims = common(audience, format!("{}/{tenant}/", self.issuer), tenant, lifetime);
        claims["appid"] = Value::from(self.client);
        claims["ver"] = Value::from("1.0");
        if let Some(mfa) = mfa {
            claims["upn"] = Value::from(self.user_name());
            claims["amr"] = if mfa { json!(["pwd", "mfa"]) } else { json!(["pwd"]) };
        } else {
            claims["idtyp"] = Value::from("app");
        }
        web_token(&claims)
    }

    /// The app, and the user if there is one, as the activity log names them.
    pub(crate) fn caller(&self, has_user: bool) -> Caller {
        Caller { app: self.client.into(), user: has_user.then(|| self.user_name().into()) }
    }

    /// The token that identifies the user.
    pub(crate) fn id_token(&self, lifetime: Duration, nonce: Option<&str>) -> String {
        let tenant = tenant_id(self.tenant);
        let mut claims = common(self.client, format!("{}/{tenant}/v2.0", self.issuer), tenant, lifetime);
        claims["name"] = Value::from("Admin Agent");
        claims["preferred_username"] = Value::from(self.user_name());
        claims["oid"] = Value::from(USER_ID);
        claims["sub"] = Value::from(USER_ID);
        claims["ver"] = Value::from("2.0");
        if let Some(nonce) = nonce {
            claims["nonce"] = Value::from(nonce);
        }
        web_token(&claims)
    }

    /// The ids of user and tenant, which sign-in libraries use as the key of an account.
    pub(crate) fn client_info(&self) -> String {
        encode(&json!({ "uid": USER_ID, "utid": tenant_id(self.tenant) }))
    }

    fn user_name(&self) -> String {
        let domain = if self.tenant.contains('.') { self.tenant } else { "sandbox.example" };
        format!("admin-agent@{domain}")
    }
}

/// The claims of every token.
fn common(audience: &str, issuer: String, tenant: Uuid, lifetime: Duration) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    json!({
        "aud": audience,
        "iss": issuer,
        "iat": now,
        "nbf": now,
        "exp": now.saturating_add(lifetime.as_secs()).min(i64::MAX as u64),
        "tid": tenant,
        // Makes each token unique.
        "uti": Uuid::new_v4().simple().to_string(),
    })
}

fn web_token(claims: &Value) -> String {
    let header = json!({ "typ": "JWT", "alg": "none" });
    format!("{}.{}.{}", encode(&header), encode(claims), URL_SAFE_NO_PAD.encode("sandbox"))
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// The id of a tenant. Each domain has its own fixed id.
pub(crate) fn tenant_id(tenant: &str) -> Uuid {
    Uuid::parse_str(tenant).unwrap_or_else(|_| {
        let digest = Sha256::digest(tenant.to_ascii_lowercase());
        let bytes: [u8; 16] = std::array::from_fn(|at| digest[at]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    })
}
