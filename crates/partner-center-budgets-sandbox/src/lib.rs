//! A local stand-in for the usage budget operations of Microsoft Partner Center.
//!
//! It is a real HTTP server on 127.0.0.1 with invented customers in memory. A client can be tried out, tested and
//! put under load against it, without an account and without touching anybody's budget.
//!
//! # Running it
//!
//! ```console
//! $ cargo run -p partner-center-budgets-sandbox -- --port 8080
//! listening on http://127.0.0.1:8080
//! $ curl -H 'Authorization: Bearer sandbox' \
//!     http://127.0.0.1:8080/v1/customers/00000000-0000-0000-0000-000000000001/usagebudget
//! {"amount":97,"usageSpendingBudget":97,"attributes":{"objectType":"SpendingBudget"}}
//! ```
//!
//! Or within a program:
//!
//! ```
//! # async fn example() -> std::io::Result<()> {
//! use partner_center_budgets_sandbox::{Config, Sandbox};
//!
//! let sandbox = Sandbox::with(Config { customers: 10_000, ..Config::default() }).await?;
//! println!("{}", sandbox.base_url());
//! # Ok(())
//! # }
//! ```
//!
//! # Signing in
//!
//! The bearer token [`TOKEN`] is always good. Whoever wants to sign in takes the address of the sandbox for that of
//! the authority, too:
//!
//! | path | is |
//! |---|---|
//! | `POST /{tenant}/oauth2/v2.0/token` | the token endpoint, with `scope`; the grants are `client_credentials`, `refresh_token`, `authorization_code` and `urn:ietf:params:oauth:grant-type:device_code` |
//! | `POST /{tenant}/oauth2/token` | the older one, with `resource` and with texts for numbers |
//! | `POST /{tenant}/oauth2/v2.0/devicecode` | the start of a sign-in with a device code; nobody has to enter it ([`DeviceFlow`]) |
//! | `GET /{tenant}/oauth2/v2.0/authorize` | the start of one with a browser, which is sent back at once with a code and its `state`, in the query, the fragment or a form (`response_mode`) |
//! | `GET /{tenant}/v2.0/.well-known/openid-configuration` | the OpenID configuration, which names the endpoints |
//! | `GET /common/discovery/instance` | the hosts that are one authority |
//!
//! ```console
//! $ curl -d grant_type=client_credentials -d client_id=any -d client_secret=sandbox-secret \
//!     -d scope=https://api.partnercenter.microsoft.com/.default \
//!     http://127.0.0.1:8080/contoso.example/oauth2/v2.0/token
//! ```
//!
//! - Every tenant that is a GUID or a domain is known, and every client id. [`CLIENT_SECRET`] is the right secret of
//!   all clients, in the form or in a header of Basic authentication. A client assertion is looked through, but
//!   nobody checks its signature.
//! - MSAL and azure-identity sign in unchanged, through a TLS front that answers for the host name of the authority and
//!   passes the header `Host` on. A `Host` other than the sandbox's own address is taken for that of such a front, and
//!   the endpoints are named with `https`. `tests/sandbox/msal_clients.py` in the repository shows how.
//! - A scope with `openid` gives an `id_token`, which is not signed, and a `client_info`.
//! - Each redemption of a refresh token gives a new one; the old one stays good. [`REFRESH_TOKEN`] is always good.
//! - A refresh token comes with a code or a device code where the scope has `offline_access`.
//! - A code is good for one try, with the verifier that its S256 challenge was made from.
//! - An unknown or expired access token is refused with 401 and code 400, one for `https://graph.windows.net` with
//!   code 900420, and one of a user without multi-factor authentication ([`Config::mfa`]) with code 900421. A token
//!   without a user is refused with 403 and code 900329 where the service does so, and also for the customers filter
//!   `IndirectReseller`.
//! - `ValidateMfa: true` brings out the header `isMfaCompliant`, where the token has a user.
//!
//! # Faults, limits, pages
//!
//! Faults on demand follow rules ([`Fault`]), limits of calls follow models ([`Throttle`]), and lists come in pages in
//! several ways ([`Paging`]). All are read from the same text here and on the command line (`--fault`, `--throttle`,
//! `--paging`), and all can be changed while the sandbox runs:
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use partner_center_budgets_sandbox::{Config, Sandbox};
//!
//! let sandbox = Sandbox::with(Config {
//!     faults: vec!["latency=20ms..50ms".parse()?, "reset@update_usage_budget:every=10".parse()?],
//!     throttles: vec!["bucket:rate=50,burst=50".parse()?],
//!     ..Config::default()
//! })
//! .await?;
//! // … calls …
//! println!("{} of {} calls came early", sandbox.counters().early, sandbox.counters().calls);
//! sandbox.set_faults(vec!["status=503:first=2".parse()?]);
//! # Ok(())
//! # }
//! ```
//!
//! What it saw is in its [`Counters`], which other processes get as JSON from `GET /_sandbox/counters`, without a
//! token.
//!
//! A call goes through these in the order of the real ones: the limit counts it when it has arrived, then it waits for
//! its latency, then it is rejected or meets its fault, and then its token is looked at.
//!
//! # Customers
//!
//! Customer *n* has the id `00000000-0000-0000-0000-` followed by *n* in hexadecimal, and its subscription *k* has
//! the same id with *k* in the fourth group: `00000000-0000-0000-0001-000000000001`. Names follow the number,
//! figures follow the number and the seed, and dates stand still: the same request gets the same answer on every
//! day. Only the ids of calls differ.
//!
//! | customer | is |
//! |---|---|
//! | 1 | Blue Harbor Logistics, on an Azure plan, with a budget of 97 and a cost of 27.23292827625710931604 GBP under every seed |
//! | 2 | on an Azure plan, without a budget, with a cost of 28.82860766744404945074 EUR under every seed |
//! | every third | on the legacy offer MS-AZR-0145P; all others are on Azure plans |
//! | 2, 7, 12 … | without a budget, except where the next applies |
//! | 4, 11, 18 … | over budget, except where one of the next two applies |
//! | 5, 13, 21 … | without Azure usage: no subscriptions, code 3000 instead of a summary, absent from the usage records |
//! | 8, 16, 24 … | with subscriptions that cost 0 |
//! | 6, 12, 18 … | a customer of the indirect reseller `00000000-0000-0000-0002-000000000001`, whom the filter field `IndirectReseller` finds |
//!
//! Currencies take turns: GBP, EUR, SEK, USD.
//!
//! # Manners of the service that it has too
//!
//! | manner | where |
//! |---|---|
//! | a byte order mark (EF BB BF) before the JSON, of successes and faults, unless [`Config::byte_order_mark`] is off | usage and budgets; not customers, nor what refuses an unknown path or method |
//! | `application/json; charset=utf-8`, and `application/json` bare | usage and budgets; customers |
//! | keys left out instead of null | everywhere |
//! | decimals with up to 20 digits after the point, and budgets that keep their digits (`300.000000`) | all amounts |
//! | twins for older clients: `usageSpendingBudget`, `customerSpendingBudget`, a bare `spendingBudget`, `id` beside `resourceId` | budgets; records and summaries |
//! | `resourceId` without `id`, `id` without `resourceId` | summaries of Azure plans; records of legacy resources |
//! | `currencySymbol` for Azure plans, and not for legacy offers | customers' records |
//! | `currencyLocale` for legacy offers, `currencyCode` and `usdTotalCost` for Azure plans | records and summaries |
//! | Pacific offsets for legacy periods, `+00:00` for Azure plans, seven digits of a second | dates |
//! | links with `/v1/…`, with `/…`, with no slash at all, or no links | differs by operation |
//! | an empty collection and no error where the other kind of offer is meant | `usagerecords/resources`, `resourceusagerecords` |
//! | `MS-RequestId` and `MS-CorrelationId` echoed, or made; `MS-CV`, `MS-ServerId` and `Request-Context`; `X-Locale` doubled when one was sent | all answers, also those of faults |
//! | `client-request-id` echoed, also as `correlation_id` of a failure where it is a GUID | the sign-in |
//! | 401 with code 800001 without a token, with code 400 for a wrong one | all operations |
//!
//! # Assumptions
//!
//! The stand-in follows published pages and clients, not the live service. Where these are silent:
//!
//! - A PATCH without the key `amount` leaves the budget as it is. Zero and negative amounts are accepted; numbers
//!   of more than 28 digits are refused with code 800002.
//! - `percentUsed` is 0 where the budget is 0.
//! - Code 3000 comes with status 400.
//! - A `size` outside 1 to 500 is refused with code 2000, as are a bad filter and a bad continuation token. A size
//!   of 0 means 500.
//! - An id that is not a GUID is refused with status 400: code 2012 for a customer, 800021 for a subscription.
//! - Fixed path segments match in any case, so `/v1/Customers` is `/v1/customers`, and one slash at the end is
//!   ignored. Published pages spell paths in both ways, and links of the service were seen with such a slash. A
//!   version that comes twice (`/v1//v1/customers`) is an unknown path.
//! - An unknown path (404) or method (405) is refused before the token is looked at.
//! - The audience of a token must be Partner Center, in one of its clouds, or the address of the sandbox; others than
//!   `https://graph.windows.net` and its Chinese twin are refused with 401 and code 400.
//! - A token without a user has no answer to `ValidateMfa`.
//! - A 429 in the shape of the service's other refusals has code 429. How the service counts calls is not known; the
//!   models of [`Throttle`] are guesses to measure clients by.
//! - The partner's summary adds up legacy offers in US dollars. It counts a customer as over at or above its budget, and as
//!   trending over if the cost of 21 of the period's 31 days, at the same rate, will reach the budget by the last day.

pub mod cli;
mod collection;
mod company_name;
mod config;
mod connection;
mod corruption;
mod counters;
mod endpoint;
mod error_response;
mod fault;
mod money;
mod operations;
mod paging;
mod path;
mod random;
mod request;
mod response;
mod rule_syntax;
mod server;
mod service;
mod sign_in;
mod throttle;
mod wire;
mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use crate::config::Config;
use crate::connection::{ResetHandle, ResettableListener};
pub use crate::counters::Counters;
pub use crate::fault::Fault;
pub use crate::paging::Paging;
pub use crate::rule_syntax::RuleError;
use crate::service::Service;
pub use crate::sign_in::DeviceFlow;
use crate::sign_in::{Scope, Settings, Tokens};
pub use crate::throttle::Throttle;
use crate::world::World;

/// The bearer token that a sandbox accepts without a sign-in. It stands for an app and a user who passed multi-factor
/// authentication, and does not expire.
pub const TOKEN: &str = "sandbox";

/// The client secret that a sandbox takes for right, whatever the client id.
pub const CLIENT_SECRET: &str = "sandbox-secret";

/// A refresh token that a sandbox accepts without an earlier sign-in. It does not expire.
pub const REFRESH_TOKEN: &str = "sandbox-refresh-token";

/// A running sandbox. It stops serving when it is dropped.
pub struct Sandbox {
    address: SocketAddr,
    service: Arc<Service>,
    /// Never sent on: dropping it is what tells the server to stop.
    _stop: oneshot::Sender<()>,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Starts a sandbox with the default set-up on a free port.
    ///
    /// # Errors
    ///
    /// When there is no free port.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with timers, as [`Sandbox::with`] does: the server runs as a task of the caller's
    /// runtime.
    pub async fn start() -> std::io::Result<Self> {
        Self::with(Config::default()).await
    }

    /// Starts a sandbox.
    ///
    /// # Errors
    ///
    /// When the port is taken or may not be used.
    pub async fn with(config: Config) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
        let address = listener.local_addr()?;
        let mut world = World::new(config.customers, config.seed).at(format!("http://{address}"));
        world.set_paging(config.paging);
        let tokens = Tokens::new(Settings {
            token_lifetime: config.token_lifetime,
            refresh_token_lifetime: config.refresh_token_lifetime,
            mfa: config.mfa,
            device: config.device,
        });
        let service = Arc::new(Service::new(world, tokens, config.seed));
        service.set_faults(config.faults);
        service.set_throttles(config.throttles);
        let (stop, stopped) = oneshot::channel::<()>();
        let door = ResettableListener { listener, service: Arc::clone(&service) };
        let router = server::router(Arc::clone(&service), config.byte_order_mark)
            .into_make_service_with_connect_info::<ResetHandle>();
        // The shutdown is the graceful one because only that closes connections that are kept open, too.
        let server = axum::serve(door, router).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        tokio::spawn(server.into_future());
        Ok(Self { address, service, _stop: stop })
    }

    /// Where the sandbox listens, such as `http://127.0.0.1:8080`. It is the address of the service and of the
    /// sign-in: the token endpoint is `{base_url}/{tenant}/oauth2/v2.0/token`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the sandbox saw so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.service.counters.read(&self.service.world())
    }

    /// Replaces all faults; the new ones count calls from here on.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.service.set_faults(faults);
    }

    /// Replaces all limits of calls; the new ones are unused.
    pub fn set_throttles(&self, throttles: Vec<Throttle>) {
        self.service.set_throttles(throttles);
    }

    /// Changes how lists come in pages.
    pub fn set_paging(&self, paging: Paging) {
        self.service.world_mut().set_paging(paging);
    }

    /// Changes how long access tokens are good for, from the next one on.
    pub fn set_token_lifetime(&self, lifetime: Duration) {
        self.service.tokens_mut().settings.token_lifetime = lifetime;
    }

    /// Changes how long refresh tokens are good for, from the next one on.
    pub fn set_refresh_token_lifetime(&self, lifetime: Duration) {
        self.service.tokens_mut().settings.refresh_token_lifetime = lifetime;
    }

    /// Changes whether users pass multi-factor authentication, from the next sign-in on.
    pub fn set_mfa(&self, mfa: bool) {
        self.service.tokens_mut().settings.mfa = mfa;
    }

    /// Makes all access tokens that were handed out expire now.
    pub fn expire_tokens(&self) {
        self.service.tokens_mut().expire_all();
    }

    /// Hands out a refresh token for Partner Center, as if a user had signed in.
    #[must_use]
    pub fn issue_refresh_token(&self) -> String {
        let scope = Scope {
            audience: "https://api.partnercenter.microsoft.com".to_owned(),
            text: "https://api.partnercenter.microsoft.com/user_impersonation".to_owned(),
            offline: true,
            openid: false,
        };
        self.service.tokens_mut().issue_refresh(scope, &self.service.counters)
    }

    /// The refresh token that was handed out last, by a sign-in or by [`Sandbox::issue_refresh_token`].
    #[must_use]
    pub fn newest_refresh_token(&self) -> Option<String> {
        self.service.tokens().newest_refresh().map(str::to_owned)
    }

    /// Serves until the program is told to end with Ctrl-C.
    ///
    /// # Errors
    ///
    /// When the system does not let the program wait for Ctrl-C.
    pub async fn serve_until_ctrl_c(self) -> std::io::Result<()> {
        tokio::signal::ctrl_c().await
    }
}
