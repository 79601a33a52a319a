use std::fmt;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use secret_redaction::Secrets;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{AccessToken, AuthError};
use crate::base_url::BaseUrl;
use crate::decode::compression;
use crate::fault::{decode, one_line, words};
use crate::retry::{is_transient, is_transient_transport};
use crate::transport::{self, Problem};
use crate::{Cloud, Error, InFlight};

/// Path of the token endpoint below the tenant's address.
pub(crate) const TOKEN_PATH: &str = "oauth2/v2.0/token";

/// The most bytes that the authority may answer. Tokens have some thousands.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// Where to sign in, and the way there. A client makes one and hands it to its credential.
#[derive(Clone)]
pub struct SignIn {
    cloud: Cloud,
    authority: BaseUrl,
    timeout: Duration,
    in_flight: InFlight,
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
    #[serde(default, deserialize_with = "not_empty")]
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
        Self { cloud, authority, timeout, in_flight: InFlight::default(), http: OnceLock::new() }
    }

    fn http(&self) -> Result<&reqwest::Client, AuthError> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let http = transport::http(&self.authority).map_err(|error| match error {
            Error::Input { what, advice } => AuthError::new(what, advice),
            error => AuthError::new("the way to the authority cannot be set up", SET_UP).with_source(error),
        })?;
        Ok(self.http.get_or_init(|| http))
    }

    /// The way to the authority of `cloud`, for a program that signs users in before it makes a client.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] where an address of the cloud cannot be used, so that nobody signs in for a service in vain.
    pub fn to_cloud(cloud: Cloud) -> Result<Self, Error> {
        BaseUrl::parse(cloud.api())?;
        let authority = BaseUrl::parse(cloud.authority())?;
        Ok(Self::new(cloud, authority, Duration::from_secs(60)))
    }

    /// Where to list the requests in flight, as with [`ClientBuilder::in_flight`](crate::ClientBuilder::in_flight).
    #[must_use]
    pub fn in_flight(mut self, in_flight: InFlight) -> Self {
        self.in_flight = in_flight;
        self
    }

    /// The cloud to sign in to.
    pub fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// The scope that asks for everything granted to the app: the cloud's audience with `/.default`.
    pub fn scope(&self) -> String {
        format!("{}/.default", self.cloud.audience().trim_end_matches('/'))
    }

    /// The scope that asks for a refresh token too.
    pub(crate) fn user_scope(&self) -> String {
        format!("{} offline_access", self.scope())
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
        self.post(&self.checked_endpoint(tenant, TOKEN_PATH)?, form).await
    }

    /// As [`endpoint`](Self::endpoint), for a tenant that may be anything.
    pub(crate) fn checked_endpoint(&self, tenant: &str, path: &str) -> Result<String, AuthError> {
        let is_tenant = tenant.starts_with(|letter: char| letter.is_ascii_alphanumeric())
            && tenant.chars().all(|letter| letter.is_ascii_alphanumeric() || "-.".contains(letter));
        match is_tenant {
            true => Ok(self.endpoint(tenant, path)),
            false => Err(AuthError::new(
                format!("`{tenant}` is not a tenant"),
                "write the tenant's id, a GUID, or one of its domains",
            )),
        }
    }

    /// Sends a form to an address of the authority and reads what it grants.
    pub(crate) async fn post<T: DeserializeOwned>(&self, url: &str, form: &[(&str, &str)]) -> Result<T, AuthError> {
        let unreachable = |error: reqwest::Error| {
            let retryable = is_transient_transport(&error);
            let what = "the authority gave no answer";
            let failure = match Problem::of(&error) {
                Some(problem) => AuthError::new(what, problem.advice()).with_source(problem),
                None => {
                    AuthError::new(what, "check the network and the cloud's authority").with_source(error.without_url())
                }
            };
            if retryable { failure.retryable() } else { failure }
        };
        let request = self.http()?.post(url).form(form).header(http::header::ACCEPT, "application/json");
        let request = request.timeout(self.timeout);
        let _in_flight = self.in_flight.begin(self.authority.host(), Instant::now());
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                let what = format!("the authority's answer is longer than {LONGEST_ANSWER} bytes");
                return Err(AuthError::new(what, "check that the cloud's authority is right"));
            }
            body.extend_from_slice(&chunk);
        }
        if let Some(why) = compression(response.headers(), &body) {
            let error =
                AuthError::new(format!("what the authority answered cannot be read: {why}"), "then sign in again");
            return Err(error);
        }
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| unreadable(&error));
        }
        let refusal: Refusal = serde_json::from_slice(&body).unwrap_or_default();
        let secrets = secrets_of(form);
        let error = match refusal.error.is_empty() && refusal.error_description.is_empty() {
            true => {
                let (_, said) = words(&decode(&body));
                let said = said.map(|said| one_line(&secrets.redact(&said))).filter(|said| !said.is_empty());
                let said = said.map_or_else(String::new, |said| format!(": {}", said.trim_end_matches('.')));
                let advice = match is_transient(status) {
                    true => "try again later",
                    false => "check the cloud's authority and the tenant",
                };
                AuthError::new(format!("the authority answered {status}{said}"), advice)
            }
            false => AuthError::refused(&secrets.redact(&refusal.error), &secrets.redact(&refusal.error_description)),
        };
        Err(if is_transient(status) { error.retryable() } else { error })
    }
}

/// The message of serde_json may repeat a part of the text, which is a secret, so only the place is told.
fn unreadable(error: &serde_json::Error) -> AuthError {
    let place = format!("line {}, column {}", error.line(), error.column());
    AuthError::new(
        format!("what the authority granted cannot be read ({place})"),
        "check that the cloud's authority is right",
    )
}

/// An authority may repeat what it was sent. Every field is a secret but those that are known to be none.
fn secrets_of(form: &[(&str, &str)]) -> Secrets {
    const PUBLIC: [&str; 5] = ["client_id", "scope", "grant_type", "client_assertion_type", "redirect_uri"];
    Secrets::new(form.iter().filter(|(name, _)| !PUBLIC.contains(name)).map(|(_, value)| *value))
}

impl TokenResponse {
    /// The access token. The refresh token is dropped, so it must have been kept before.
    pub fn into_access_token(self) -> AccessToken {
        AccessToken::new(self.access_token, self.lifetime)
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn").field("cloud", &self.cloud).finish_non_exhaustive()
    }
}

/// An empty text grants nothing.
fn not_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    let secret = Option::<SecretString>::deserialize(deserializer)?;
    Ok(secret.filter(|secret| !secret.expose_secret().is_empty()))
}

/// Seconds as a number, or as a text, which the older endpoints send.
pub(super) fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
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
