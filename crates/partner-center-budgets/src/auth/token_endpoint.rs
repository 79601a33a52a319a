use std::time::{Duration, Instant};

use http::{StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tokio::sync::OnceCell;

use super::hidden::Hidden;
use super::{AccessToken, AuthError};
use crate::base_url::BaseUrl;
use crate::body_problem::compression;
use crate::fault::{FaultText, decode_text, sanitize};
use crate::retry_after::is_transient;
use crate::transport::{Problem, Transport};
use crate::{Cloud, Error, InFlight};
use secret_redaction::Secrets;

/// The largest response of the authority. Tokens have some thousand bytes.
const MAX_RESPONSE_BYTES: usize = 1024 * 1024;

const CHECK_AUTHORITY: &str = "check that the cloud's authority is right";

/// The endpoints of a cloud's authority, which issues tokens. A client creates one and passes it to its
/// [`Credential`](super::Credential).
#[derive(Debug, Clone)]
pub struct TokenEndpoint {
    cloud: Cloud,
    authority: BaseUrl,
    timeout: Duration,
    in_flight: InFlight,
    transport: Hidden<Transport>,
    /// Created at first use: loading the platform's certificates is slow, and not every credential needs the authority.
    http: Hidden<OnceCell<reqwest::Client>>,
}

/// The response of a token endpoint. Secrets appear in no `Debug` output.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct TokenResponse {
    /// The access token.
    pub access_token: SecretString,
    /// The next refresh token, if one was granted. Save it before you use the access token.
    #[serde(default, deserialize_with = "non_empty")]
    pub refresh_token: Option<SecretString>,
    /// The lifetime of the access token.
    #[serde(rename = "expires_in", deserialize_with = "seconds", default)]
    pub lifetime: Option<Duration>,
}

/// The response of a token endpoint that refuses.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Refusal {
    error: String,
    error_description: String,
}

impl TokenEndpoint {
    pub(crate) fn new(cloud: Cloud, authority: BaseUrl, timeout: Duration, transport: Transport) -> Self {
        let in_flight = InFlight::default();
        Self { cloud, authority, timeout, in_flight, transport: Hidden(transport), http: Hidden(OnceCell::new()) }
    }

    /// The endpoints of `cloud`, for a program that signs users in before it creates a client. The timeout of a request is
    /// 60 seconds.
    ///
    /// ```
    /// use partner_center_budgets::{Cloud, auth::TokenEndpoint};
    ///
    /// let endpoint = TokenEndpoint::for_cloud("us-government".parse()?)?;
    /// assert_eq!(endpoint.cloud(), &Cloud::UsGovernment);
    /// # Ok::<(), partner_center_budgets::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Input`] if an address of the cloud is invalid, including that of the service.
    pub fn for_cloud(cloud: Cloud) -> Result<Self, Error> {
        BaseUrl::parse(cloud.api())?;
        let authority = BaseUrl::parse(cloud.authority())?;
        Ok(Self::new(cloud, authority, Duration::from_secs(60), Transport::default()))
    }

    /// Sets the list of requests in flight, as [`ClientBuilder::in_flight`](crate::ClientBuilder::in_flight) does.
    ///
    /// ```
    /// use partner_center_budgets::{Cloud, InFlight, auth::TokenEndpoint};
    ///
    /// let in_flight = InFlight::default();
    /// let endpoint = TokenEndpoint::for_cloud(Cloud::Global)?.in_flight(in_flight.clone());
    /// assert_eq!(in_flight.longest(), None, "no sign-in is in flight yet");
    /// # Ok::<(), partner_center_budgets::Error>(())
    /// ```
    #[must_use]
    pub fn in_flight(mut self, in_flight: InFlight) -> Self {
        self.in_flight = in_flight;
        self
    }

    /// The cloud of the authority.
    ///
    /// ```
    /// # use partner_center_budgets::{Cloud, auth::TokenEndpoint};
    /// // For a credential that gets its tokens from elsewhere:
    /// let endpoint = TokenEndpoint::for_cloud(Cloud::China)?;
    /// assert_eq!(endpoint.cloud().audience(), "https://partner.partnercenterapi.microsoftonline.cn");
    /// # Ok::<(), partner_center_budgets::Error>(())
    /// ```
    pub fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// The scope for all permissions of the app: the cloud's audience with `/.default`.
    ///
    /// ```
    /// # use partner_center_budgets::{Cloud, auth::TokenEndpoint};
    /// let endpoint = TokenEndpoint::for_cloud(Cloud::Global)?;
    /// assert_eq!(endpoint.scope(), "https://api.partnercenter.microsoft.com/.default");
    /// # Ok::<(), partner_center_budgets::Error>(())
    /// ```
    pub fn scope(&self) -> String {
        format!("{}/.default", self.cloud.audience().trim_end_matches('/'))
    }

    /// The scope that also requests a refresh token.
    pub(super) fn user_scope(&self) -> String {
        format!("{} offline_access", self.scope())
    }

    /// The URL of an endpoint for `tenant`. `path` is, for example, `oauth2/v2.0/token`.
    ///
    /// ```
    /// # use partner_center_budgets::{Cloud, auth::TokenEndpoint};
    /// let endpoint = TokenEndpoint::for_cloud(Cloud::Global)?;
    /// let url = endpoint.url("contoso.onmicrosoft.com", "oauth2/v2.0/authorize")?;
    /// assert_eq!(url, "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/authorize");
    /// assert!(endpoint.url("common/..", "oauth2/v2.0/authorize").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthError`] if `tenant` is neither a GUID nor a domain: it could lead to another path.
    pub fn url(&self, tenant: &str, path: &str) -> Result<String, AuthError> {
        let is_tenant = tenant.starts_with(|letter: char| letter.is_ascii_alphanumeric())
            && tenant.chars().all(|letter| letter.is_ascii_alphanumeric() || "-.".contains(letter));
        match is_tenant {
            true => Ok(format!("{}/{tenant}/{path}", self.authority.as_str())),
            false => Err(AuthError::new(
                format!("`{tenant}` is not a tenant"),
                "pass the tenant's id, a GUID, or one of its domains",
            )),
        }
    }

    pub(super) fn token_url(&self, tenant: &str) -> Result<String, AuthError> {
        self.url(tenant, "oauth2/v2.0/token")
    }

    /// Requests tokens from the token endpoint of `tenant`, with the fields of a form.
    ///
    /// ```no_run
    /// # use partner_center_budgets::auth::{AuthError, TokenEndpoint};
    /// # async fn example(endpoint: &TokenEndpoint, assertion: &str) -> Result<(), AuthError> {
    /// // An app that proves who it is with a token of another identity provider.
    /// let grant = [
    ///     ("grant_type", "client_credentials"),
    ///     ("client_id", "22222222-2222-2222-2222-222222222222"),
    ///     ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
    ///     ("client_assertion", assertion),
    ///     ("scope", &endpoint.scope()),
    /// ];
    /// let response = endpoint.request_token("contoso.onmicrosoft.com", &grant).await?;
    /// println!("valid for {:?}", response.lifetime);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthError`] with the authority's code if it refuses, and a retryable one if there is no response.
    pub async fn request_token(&self, tenant: &str, form: &[(&str, &str)]) -> Result<TokenResponse, AuthError> {
        self.post(&self.token_url(tenant)?, form).await
    }

    /// Sends a form to an endpoint and decodes the response.
    pub(super) async fn post<T: DeserializeOwned>(&self, url: &str, form: &[(&str, &str)]) -> Result<T, AuthError> {
        let request = self.http().await?.post(url).form(form).header(header::ACCEPT, "application/json");
        let _in_flight = self.in_flight.begin(self.authority.host(), Instant::now());
        let mut response = request.timeout(self.timeout).send().await.map_err(transport_failure)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(transport_failure)? {
            if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
                let what = format!("the authority's response is longer than {MAX_RESPONSE_BYTES} bytes");
                return Err(AuthError::new(what, CHECK_AUTHORITY));
            }
            body.extend_from_slice(&chunk);
        }
        if let Some(why) = compression(response.headers(), &body) {
            let what = format!("the authority's response cannot be read: {why}");
            return Err(AuthError::new(what, "then sign in again"));
        }
        match response.status().is_success() {
            true => serde_json::from_slice(&body).map_err(|error| unreadable(&error)),
            false => Err(refusal(response.status(), &body, &secrets_of(form))),
        }
    }

    async fn http(&self) -> Result<&reqwest::Client, AuthError> {
        let http = self.http.0.get_or_try_init(async || self.transport.0.http(&self.authority)).await;
        http.map_err(|error| match error {
            Error::Input { what, advice } => AuthError::new(what, advice),
            error => {
                let what = "the connection to the authority cannot be set up";
                AuthError::new(what, "check the machine's root certificates").with_source(error)
            }
        })
    }
}

fn transport_failure(error: reqwest::Error) -> AuthError {
    let failure = |advice| AuthError::new("the authority did not respond", advice);
    match Problem::of(&error) {
        Some(problem) => failure(problem.advice()).with_source(problem),
        None => failure("check the network and the cloud's authority").retryable().with_source(error.without_url()),
    }
}

/// Reports the position only: the message of serde_json may repeat a part of the text, which is secret.
fn unreadable(error: &serde_json::Error) -> AuthError {
    let (line, column) = (error.line(), error.column());
    let what = format!("the tokens from the authority cannot be read (line {line}, column {column})");
    AuthError::new(what, CHECK_AUTHORITY)
}

fn refusal(status: StatusCode, body: &[u8], secrets: &Secrets) -> AuthError {
    let refusal: Refusal = serde_json::from_slice(body).unwrap_or_default();
    let is_transient = is_transient(status.as_u16());
    if !refusal.error.is_empty() || !refusal.error_description.is_empty() {
        let description = secrets.redact(&refusal.error_description);
        return AuthError::refused(&secrets.redact(&refusal.error), &description).retryable_if(is_transient);
    }
    // Not from an authority, but for example from a gateway.
    let text = FaultText::parse(&decode_text(body))
        .description
        .map(|text| sanitize(&secrets.redact(&text)))
        .unwrap_or_default();
    let why = if text.is_empty() { text } else { format!(": {}", text.trim_end_matches('.')) };
    let advice = if is_transient { "try again later" } else { "check the cloud's authority and the tenant" };
    AuthError::new(format!("the authority answered {status}{why}"), advice).retryable_if(is_transient)
}

/// An authority may repeat the form. All fields are secret except those that are known to be public.
fn secrets_of(form: &[(&str, &str)]) -> Secrets {
    const PUBLIC: [&str; 5] = ["client_id", "scope", "grant_type", "client_assertion_type", "redirect_uri"];
    Secrets::new(form.iter().filter(|(name, _)| !PUBLIC.contains(name)).map(|(_, value)| *value))
}

impl TokenResponse {
    /// The access token. Save the refresh token first: this drops it.
    ///
    /// ```no_run
    /// # use partner_center_budgets::auth::{AccessToken, AuthError, TokenEndpoint, TokenStore};
    /// # async fn example(endpoint: &TokenEndpoint, store: &dyn TokenStore, grant: &[(&str, &str)])
    /// #     -> Result<AccessToken, AuthError> {
    /// let response = endpoint.request_token("contoso.onmicrosoft.com", grant).await?;
    /// if let Some(next) = &response.refresh_token {
    ///     store.save(next).await?;
    /// }
    /// Ok(response.into_access_token())
    /// # }
    /// ```
    pub fn into_access_token(self) -> AccessToken {
        AccessToken::new(self.access_token, self.lifetime)
    }
}

/// An empty text is not a token.
fn non_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    let secret = Option::<SecretString>::deserialize(deserializer)?;
    Ok(secret.filter(|secret| !secret.expose_secret().is_empty()))
}

/// Seconds as a number, or as text, which older endpoints send.
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
    fn reads_lifetimes_as_numbers_and_text() {
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
        fn reads_any_token_response_without_panic(
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
