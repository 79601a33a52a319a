//! Builds a client.

// rustdoc shows the methods in the order of these modules. The blank line keeps rustfmt from sorting them.
mod settings;

mod connections;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use learned_rate_limiter::Settings;

use crate::auth::{Credential, TokenCache, TokenEndpoint};
use crate::base_url::BaseUrl;
use crate::call::{CallOptions, ClientState};
use crate::transport::Transport;
use crate::{Client, Cloud, Error, InFlight, RateLimiter, RetryPolicy};

/// Headers that the client sets itself. A caller cannot set them.
const OWN_HEADERS: [&str; 11] = [
    "accept",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "ms-continuationtoken",
    "ms-correlationid",
    "ms-requestid",
    "transfer-encoding",
    "upgrade",
];

/// Builds a [`Client`].
///
/// ```no_run
/// # use partner_center_budgets::{Client, Cloud, Error, auth::FixedToken};
/// # fn example(token: String) -> Result<Client, Error> {
/// let client = Client::builder(FixedToken::new(token))
///     .cloud(Cloud::UsGovernment)
///     .application_name("budget-report")
///     .locale("de-DE")
///     .build()?;
/// # Ok(client)
/// # }
/// ```
pub struct ClientBuilder {
    credential: Box<dyn Credential>,
    cloud: Cloud,
    base_url: Option<String>,
    /// Names and values of headers for every call.
    headers: Vec<(String, String)>,
    retry: RetryPolicy,
    attempt_timeout: Duration,
    response_limit: usize,
    limiter: Settings,
    in_flight: InFlight,
    transport: Transport,
    /// Why a setting is invalid.
    invalid: Option<Error>,
}

impl Client {
    /// Starts building a client that signs in with `credential`.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error, auth::ClientSecret};
    /// # fn example() -> Result<Client, Error> {
    /// let credential = ClientSecret::from_env()?;
    /// let client = Client::builder(credential).application_name("budget-report").build()?;
    /// # Ok(client)
    /// # }
    /// ```
    pub fn builder(credential: impl Credential) -> ClientBuilder {
        ClientBuilder {
            credential: Box::new(credential),
            cloud: Cloud::default(),
            base_url: None,
            headers: Vec::new(),
            retry: RetryPolicy::default(),
            attempt_timeout: Duration::from_secs(60),
            response_limit: 64 * 1024 * 1024,
            limiter: Settings::default(),
            in_flight: InFlight::default(),
            transport: Transport::default(),
            invalid: None,
        }
    }
}

impl ClientBuilder {
    /// Builds the client.
    ///
    /// ```
    /// use partner_center_budgets::{Client, Error, auth::FixedToken};
    ///
    /// let builder = Client::builder(FixedToken::new("a-token")).base_url("http://api.contoso.example");
    /// let error = builder.build().unwrap_err();
    /// assert!(matches!(error, Error::Input { .. }), "others on the network could read the token: {error}");
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Input`] for an invalid URL, header, proxy or certificate, [`Error::Setup`] if TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        self.invalid.map_or(Ok(()), Err)?;
        let base_url = BaseUrl::parse(self.base_url.as_deref().unwrap_or(self.cloud.api()))?;
        let authority = BaseUrl::parse(self.cloud.authority())?;
        let headers = header_map(&self.headers)?;
        let http = self.transport.http(&base_url)?;
        let endpoint = TokenEndpoint::new(self.cloud, authority, self.attempt_timeout, self.transport)
            .in_flight(self.in_flight.clone());
        let state = ClientState {
            base_url,
            http,
            tokens: TokenCache::new(self.credential, endpoint),
            headers,
            attempt_timeout: self.attempt_timeout,
            response_limit: self.response_limit,
            limiter: RateLimiter::new(self.limiter),
            in_flight: self.in_flight,
            attempts: AtomicU64::new(0),
        };
        let options = CallOptions { policy: self.retry, ..CallOptions::default() };
        Ok(Client { state: Arc::new(state), options })
    }
}

fn header_map(headers: &[(String, String)]) -> Result<HeaderMap, Error> {
    // Static texts, because they are copied for every attempt.
    let defaults = [
        ("accept", "application/json"),
        ("x-locale", "en-US"),
        ("ms-partnercenter-client", env!("CARGO_PKG_NAME")),
        ("ms-sdkversion", env!("CARGO_PKG_VERSION")),
    ];
    let own = |(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
    let mut map: HeaderMap = defaults.into_iter().chain(PLACEHOLDERS.map(|name| (name, ""))).map(own).collect();
    for (name, value) in headers {
        let name_of_header: HeaderName =
            name.parse().map_err(|_| Error::input(format!("`{name}` is not the name of a header"), NAME_ADVICE))?;
        if OWN_HEADERS.contains(&name_of_header.as_str()) {
            return Err(Error::input(format!("the header {name} is the client's own"), NAME_ADVICE));
        }
        // The value may be a secret, so the error does not repeat it.
        let mut value = HeaderValue::try_from(value)
            .map_err(|_| Error::input(format!("the value for the header {name} cannot be sent"), VALUE_ADVICE))?;
        value.set_sensitive(true);
        map.insert(name_of_header, value);
    }
    Ok(map)
}

/// Headers that each attempt replaces. The copy of the map for an attempt then has room for them.
const PLACEHOLDERS: [&str; 3] = ["authorization", "ms-correlationid", "ms-requestid"];

const NAME_ADVICE: &str = "use a name such as MS-PartnerCenter-Application, which the client does not set itself";
const VALUE_ADVICE: &str = "use printable ASCII without line breaks, such as en-US for a locale";

/// Omits the credential, URLs and header values, which may hold secrets.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("retry", &self.retry)
            .field("attempt_timeout", &self.attempt_timeout)
            .finish_non_exhaustive()
    }
}
