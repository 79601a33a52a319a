mod connections;

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use learned_rate_limiter::Settings;

use crate::auth::{Credential, TokenCache, TokenEndpoint};
use crate::base_url::BaseUrl;
use crate::call::{CallOptions, Shared};
use crate::transport::Transport;
use crate::{Client, Cloud, Error, InFlight, Rate, RateLimiter, RetryPolicy};

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

impl ClientBuilder {
    pub(super) fn new(credential: Box<dyn Credential>) -> Self {
        Self {
            credential,
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

    /// The cloud of the partner. The default is [`Cloud::Global`].
    #[must_use]
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// The base URL of the service, such as that of a gateway. The default is the one of the cloud. The sign-in stays that of
    /// the cloud.
    ///
    /// It must be https, because the token is sent there. Plain http is accepted for loopback addresses only.
    ///
    /// A stand-in for the service, such as the sandbox, has an authority and an audience of its own. Use
    /// [`Cloud::custom`] for it, so that no secret of it goes to Microsoft, and none of yours to it:
    ///
    /// ```
    /// # use partner_center_budgets::Error;
    /// use partner_center_budgets::{Client, Cloud, auth::ClientSecret};
    ///
    /// # fn main() -> Result<(), Error> {
    /// let url = "http://127.0.0.1:7780";
    /// let secret = ClientSecret::new("contoso.onmicrosoft.com", "22222222-2222-2222-2222-222222222222", "a-secret");
    /// let client = Client::builder(secret).cloud(Cloud::custom(url, url, url)).build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The language of texts in responses, sent as `X-Locale`. The default is `en-US`.
    #[must_use]
    pub fn locale(self, locale: impl Into<String>) -> Self {
        self.header("X-Locale", locale)
    }

    /// The name of the program, sent as `MS-PartnerCenter-Application`.
    #[must_use]
    pub fn application_name(self, name: impl Into<String>) -> Self {
        self.header("MS-PartnerCenter-Application", name)
    }

    /// Asks the service with every call whether the token passed multi-factor authentication. The answer is in the
    /// [`CallReport`](crate::CallReport) of each call, see [`Client::with_call_log`].
    #[must_use]
    pub fn validate_mfa(self) -> Self {
        self.header("ValidateMfa", "true")
    }

    /// Adds a header to every call. It replaces a header of the same name.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// When and how often the client retries a call.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The timeout of one attempt. The default is 60 seconds. [`RetryPolicy::total`] limits all attempts together.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The maximum size of a page of a list, in bytes. The default is 64 MiB.
    ///
    /// Fixed limits apply, too, because decoding takes many times the memory of the text: 250,000 items per page, and 1 MiB
    /// for a single object, an item, and a page without its items. A larger response is an [`Error::Decode`].
    #[must_use]
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
        self
    }

    /// The rate that an earlier client of the same partner learned, see [`Client::learned_rate`].
    #[must_use]
    pub fn initial_rate(mut self, rate: Rate) -> Self {
        self.limiter = self.limiter.initial_rate(rate);
        self
    }

    /// The maximum number of calls in flight, and about as many connections. The default is 56, which keeps the number of
    /// connections at 64 or less: the HTTP library sometimes opens one that it does not need.
    #[must_use]
    pub fn max_in_flight(mut self, max: NonZeroU32) -> Self {
        self.limiter = self.limiter.max_in_flight(max.get());
        self
    }

    /// Lists the requests in flight of the client and of its sign-ins, so that a program can show them.
    #[must_use]
    pub fn in_flight(mut self, in_flight: InFlight) -> Self {
        self.in_flight = in_flight;
        self
    }

    /// Builds the client.
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
        let shared = Shared {
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
        Ok(Client { shared: Arc::new(shared), options })
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
