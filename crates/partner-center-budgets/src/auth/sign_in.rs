use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::AuthError;
use crate::Cloud;
use crate::base_url::BaseUrl;
use crate::transport;

/// Where to sign in, and the way there. A client makes one and hands it to its credential.
#[derive(Clone)]
pub struct SignIn {
    cloud: Cloud,
    authority: BaseUrl,
    timeout: Duration,
    /// Made when it is first used: reading the platform's certificates takes longer than many a call, and not every
    /// credential needs the authority.
    http: OnceLock<reqwest::Client>,
}

/// What a token endpoint grants. Secrets appear in no `Debug` output.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct TokenResponse {
    /// The access token.
    pub access_token: SecretString,
    /// The next refresh token, where one was granted. It must be kept before the access token is used.
    pub refresh_token: Option<SecretString>,
    /// For how long the access token is good.
    #[serde(rename = "expires_in", deserialize_with = "seconds", default)]
    pub lifetime: Option<Duration>,
}

const SET_UP: &str = "check the machine's root certificates";

/// What a token endpoint says when it refuses.
#[derive(Deserialize, Default)]
struct Refusal {
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

impl SignIn {
    pub(crate) fn new(cloud: Cloud, authority: BaseUrl, timeout: Duration) -> Self {
        Self { cloud, authority, timeout, http: OnceLock::new() }
    }

    fn http(&self) -> Result<&reqwest::Client, AuthError> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let http = transport::http(&self.authority)
            .map_err(|error| AuthError::new("the way to the authority cannot be set up", SET_UP).with_source(error))?;
        Ok(self.http.get_or_init(|| http))
    }

    /// The cloud to sign in to.
    pub fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// The scope that asks for everything granted to the app: the cloud's audience with `/.default`.
    pub fn scope(&self) -> String {
        format!("{}/.default", self.cloud.audience().trim_end_matches('/'))
    }

    /// An address of the authority for `tenant`, such as `oauth2/v2.0/token`.
    pub fn endpoint(&self, tenant: &str, path: &str) -> String {
        format!("{}/{tenant}/{path}", self.authority.as_str())
    }

    /// Asks the token endpoint of `tenant` for tokens, with the fields of a form.
    ///
    /// # Errors
    ///
    /// [`AuthError`] with the authority's code where it refuses, and a retryable one where no answer came.
    pub async fn request_token(&self, tenant: &str, form: &[(&str, &str)]) -> Result<TokenResponse, AuthError> {
        if tenant.is_empty()
            || tenant.contains(|letter: char| !letter.is_ascii_alphanumeric() && !"-.".contains(letter))
        {
            return Err(AuthError::new(
                format!("`{tenant}` is not a tenant"),
                "write the tenant's id, a GUID, or one of its domains",
            ));
        }
        let body = self.post(&self.endpoint(tenant, "oauth2/v2.0/token"), form).await?;
        serde_json::from_slice(&body).map_err(|error| {
            // The message of serde_json may repeat a part of the text, which is a secret.
            let place = format!("line {}, column {}", error.line(), error.column());
            AuthError::new(
                format!("the authority granted a token in a form that cannot be read ({place})"),
                "check that the cloud's authority is right",
            )
        })
    }

    /// Sends a form to an address of the authority and returns the body of a success.
    pub(crate) async fn post(&self, url: &str, form: &[(&str, &str)]) -> Result<Vec<u8>, AuthError> {
        let unreachable = |error: reqwest::Error| {
            AuthError::new("the authority gave no answer", "check the network and the cloud's authority")
                .with_source(error.without_url())
                .retryable()
        };
        let request = self.http()?.post(url).form(form).header(http::header::ACCEPT, "application/json");
        let request = request.timeout(self.timeout);
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let body = response.bytes().await.map_err(unreachable)?;
        if status.is_success() {
            return Ok(body.to_vec());
        }
        let refusal: Refusal = serde_json::from_slice(&body).unwrap_or_default();
        if refusal.error.is_empty() && refusal.error_description.is_empty() {
            let error = AuthError::new(format!("the authority answered {status}"), "try again later");
            return Err(if status.is_server_error() { error.retryable() } else { error });
        }
        let error = AuthError::refused(&refusal.error, &refusal.error_description);
        Err(if status.is_server_error() || status.as_u16() == 429 { error.retryable() } else { error })
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn").field("cloud", &self.cloud).finish_non_exhaustive()
    }
}

/// Seconds as a number, or as a text, which the older endpoints send.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let seconds = match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    Ok(seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn lifetimes_come_as_numbers_and_texts() {
        for (seconds, expected) in [
            ("3599", Some(3599)),
            ("\"3599\"", Some(3599)),
            ("3599.0", Some(3599)),
            ("null", None),
            ("-1", None),
            ("\"soon\"", None),
            ("1e400", None),
        ] {
            let body = format!(r#"{{"access_token":"abc","expires_in":{seconds}}}"#);
            let lifetime = serde_json::from_str::<TokenResponse>(&body).ok().and_then(|response| response.lifetime);
            assert_eq!(lifetime, expected.map(Duration::from_secs), "{seconds}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn any_token_response_is_read_or_refused(
            token in "[!-~]{0,40}",
            lifetime in "-?[0-9]{1,20}(\\.[0-9]{1,4})?|\"\\PC{0,10}\"|null|\\[\\]",
            rest in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let mut body = serde_json::to_vec(&serde_json::json!({ "access_token": token })).unwrap();
            body.pop();
            body.extend_from_slice(format!(r#","expires_in":{lifetime}}}"#).as_bytes());
            if let Ok(response) = serde_json::from_slice::<TokenResponse>(&body) {
                prop_assert_eq!(response.access_token.expose_secret(), &token);
                let shown = format!("{response:?}");
                prop_assert!(!shown.contains(&token) || token.len() < 4, "{}", shown);
            }
            body.truncate(body.len() / 2);
            body.extend_from_slice(&rest);
            let _ = serde_json::from_slice::<TokenResponse>(&body);
        }
    }
}
