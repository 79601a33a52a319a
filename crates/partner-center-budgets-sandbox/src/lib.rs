//! A local HTTP server that behaves like the usage budget operations of Microsoft Partner Center.
//!
//! It listens on 127.0.0.1 and keeps invented customers in memory. Use it to try out, test and load a client without an
//! account and without a change to real budgets.
//!
//! # Starting it
//!
//! ```console
//! $ cargo run -p partner-center-budgets-sandbox -- --port 8080
//! listening on http://127.0.0.1:8080
//! $ curl -H 'Authorization: Bearer sandbox' \
//!     http://127.0.0.1:8080/v1/customers/00000000-0000-0000-0000-000000000001/usagebudget
//! {"amount":97,"usageSpendingBudget":97,"attributes":{"objectType":"SpendingBudget"}}
//! ```
//!
//! Or from a program. For tests of your own code, with customers of your own, see [`testing`].
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
//! The feature `cli`, on by default, has the program and its arguments ([`cli`]). Tests do not need it.
//!
//! # Sign-in
//!
//! The bearer token [`TOKEN`] is always valid. To sign in, use the address of the sandbox as the authority:
//!
//! | path | purpose |
//! |---|---|
//! | `POST /{tenant}/oauth2/v2.0/token` | the token endpoint, with `scope`; the grants are `client_credentials`, `refresh_token`, `authorization_code` and `urn:ietf:params:oauth:grant-type:device_code` |
//! | `POST /{tenant}/oauth2/token` | the older token endpoint, with `resource`; it sends numbers as strings |
//! | `POST /{tenant}/oauth2/v2.0/devicecode` | starts a sign-in with a device code, which no user has to enter ([`DeviceFlow`]) |
//! | `GET /{tenant}/oauth2/v2.0/authorize` | starts a sign-in in the browser; redirects at once with a code and the `state` in the query, the fragment or a form (`response_mode`) |
//! | `GET /{tenant}/v2.0/.well-known/openid-configuration` | the OpenID configuration with the URLs of the endpoints |
//! | `GET /common/discovery/instance` | the hosts of an authority |
//!
//! ```console
//! $ curl -d grant_type=client_credentials -d client_id=any -d client_secret=sandbox-secret \
//!     -d scope=https://api.partnercenter.microsoft.com/.default \
//!     http://127.0.0.1:8080/contoso.example/oauth2/v2.0/token
//! ```
//!
//! - Every tenant (a GUID or a domain) and every client id is accepted. [`CLIENT_SECRET`] is the secret of all clients, in
//!   the form or in a header of Basic authentication. The claims of a client assertion are checked, its signature is not.
//! - MSAL and azure-identity sign in unchanged through a TLS proxy that serves the host name of the authority and forwards
//!   the header `Host`. If `Host` is not the sandbox's own address, the sandbox assumes such a proxy and returns `https`
//!   URLs of its endpoints. `tests/sandbox/msal_clients.py` in the repository shows how.
//! - A scope with `openid` adds an unsigned `id_token` and a `client_info` to the response.
//! - Each use of a refresh token returns a new one; the old one stays valid. [`REFRESH_TOKEN`] is always valid.
//! - A code or a device code returns a refresh token if the scope has `offline_access`.
//! - A code can be redeemed once, with the verifier of its S256 challenge.
//! - An unknown or expired access token returns 401 with code 400. A token for `https://graph.windows.net` returns code
//!   900420, and a token of a user without multi-factor authentication ([`Config::mfa`]) code 900421. A token without a user
//!   returns 403 with code 900329 from operations that need a user, and for the customers filter `IndirectReseller`.
//! - If the request has `ValidateMfa: true` and the token has a user, the response has the header `isMfaCompliant`.
//!
//! # Faults, rate limits and pages
//!
//! [`Fault`] rules inject faults, [`Throttle`] models limit the call rate, and [`Paging`] sets the form of pages. All three
//! are parsed from the same text here and on the command line (`--fault`, `--throttle`, `--paging`), and can be changed
//! while the sandbox runs:
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
//! [`Counters`] count the calls. Other processes read them as JSON from `GET /_sandbox/counters`, without a token.
//!
//! A call passes these steps in order: the rate limit counts it on arrival; it waits for its latency; it is rejected or gets
//! its fault; its token is checked.
//!
//! # Customers
//!
//! Customer *n* has the id `00000000-0000-0000-0000-` followed by *n* in hexadecimal, and its subscription *k* has
//! the same id with *k* in the fourth group: `00000000-0000-0000-0001-000000000001`. Names depend on the number,
//! figures on the number and the seed, and dates never change: the same request returns the same response on every day.
//! Only the ids of calls differ.
//!
//! | customer | description |
//! |---|---|
//! | 1 | Blue Harbor Logistics, on an Azure plan, with a budget of 97 and a cost of 27.23292827625710931604 GBP under every seed |
//! | 2 | on an Azure plan, without a budget, with a cost of 28.82860766744404945074 EUR under every seed |
//! | every third | on the legacy offer MS-AZR-0145P; all others are on Azure plans |
//! | 2, 7, 12 … | without a budget, unless the next row applies |
//! | 4, 11, 18 … | over budget, unless one of the next two rows applies |
//! | 5, 13, 21 … | without Azure usage: no subscriptions, code 3000 instead of a summary, absent from the usage records |
//! | 8, 16, 24 … | with subscriptions that cost 0 |
//! | 6, 12, 18 … | a customer of the indirect reseller `00000000-0000-0000-0002-000000000001`, for the filter field `IndirectReseller` |
//!
//! Currencies alternate: GBP, EUR, SEK, USD.
//!
//! # Activity log
//!
//! `GET /v1/auditrecords` lists the changes of budgets that this sandbox carried out, the newest first, with the user or app
//! of the token. The log is empty at the start. Unlike all other dates, those of its records are real.
//!
//! # Behaviour copied from the service
//!
//! | behaviour | where |
//! |---|---|
//! | a byte order mark (EF BB BF) before the JSON, of successes and errors, unless [`Config::byte_order_mark`] is off | usage, budgets and audit records; not customers, nor errors for an unknown path or method |
//! | `application/json; charset=utf-8` | usage and budgets; others send `application/json` |
//! | absent keys instead of null | everywhere |
//! | decimals with up to 20 digits after the point, and budgets that keep their digits (`300.000000`) | all amounts |
//! | duplicate fields for older clients: `usageSpendingBudget`, `customerSpendingBudget`, the number `spendingBudget`, `id` next to `resourceId` | budgets; records and summaries |
//! | `resourceId` without `id`, `id` without `resourceId` | summaries of Azure plans; records of legacy resources |
//! | `currencySymbol` for Azure plans, and not for legacy offers | customers' records |
//! | `currencyLocale` for legacy offers, `currencyCode` and `usdTotalCost` for Azure plans | records and summaries |
//! | Pacific offsets for legacy periods, `+00:00` for Azure plans, seven fractional digits of a second | dates |
//! | links with `/v1/…`, with `/…`, without a slash, or no links | differs by operation |
//! | an empty collection, not an error, for the other kind of offer | `usagerecords/resources`, `resourceusagerecords` |
//! | `MS-RequestId` and `MS-CorrelationId` from the request, or new; `MS-CV`, `MS-ServerId` and `Request-Context`; `X-Locale` twice if the request has one | all responses, also of injected faults |
//! | `client-request-id` from the request; if it is a GUID, also as `correlation_id` of an error | the sign-in |
//! | 401 with code 800001 without a token, with code 400 for an invalid one | all operations |
//!
//! # Assumptions
//!
//! The sandbox follows published pages and clients, not the live service. They do not cover these cases:
//!
//! - A PATCH without the key `amount` leaves the budget as it is. Zero and negative amounts are accepted; a number
//!   of more than 28 digits returns code 800002.
//! - `percentUsed` is 0 if the budget is 0.
//! - Code 3000 comes with status 400.
//! - An audit record of a budget has the type of resource `customer`, and both values as JSON in the casing of .NET:
//!   `{"Amount":97,"Attributes":{"ObjectType":"SpendingBudget"}}`. Only successful changes are recorded.
//! - The last day of audit records is part of the range. A start more than 90 days ago, or an invalid date, returns code
//!   800002.
//! - A `size` outside 1 to 500, an invalid filter and an invalid continuation token return code 2000. A size of 0 means
//!   500.
//! - An id that is not a GUID returns status 400: code 2012 for a customer, 800021 for a subscription.
//! - Fixed path segments match in any letter case, so `/v1/Customers` is `/v1/customers`, and a slash at the end is
//!   ignored: published pages use both spellings, and some links of the service end with a slash. A repeated version
//!   (`/v1//v1/customers`) is an unknown path.
//! - An unknown path (404) or method (405) is an error before the token is checked.
//! - The audience of a token must be Partner Center, in one of its clouds, or the address of the sandbox, also that of a TLS
//!   proxy in front of it; others return 401 with code 400, except `https://graph.windows.net` and its Chinese counterpart.
//! - A token without a user does not get the header `isMfaCompliant`.
//! - A 429 in the shape of the service's other errors has code 429. The rate limits of the service are not known; the
//!   models of [`Throttle`] are guesses to measure clients with.
//! - The partner's summary adds up legacy offers in US dollars. A customer at or above its budget counts as over, and as
//!   trending over if the cost of 21 of the period's 31 days, at the same rate, will reach the budget by the last day.

mod builder;
mod caller;
#[cfg(feature = "cli")]
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
mod requests;
mod response;
mod retry_after;
mod rule_syntax;
mod sandbox;
mod server;
mod service;
mod sign_in;
mod throttle;
mod wire;
mod world;

#[doc = include_str!("../TESTING.md")]
pub mod testing {}

pub use crate::builder::Builder;
pub use crate::config::Config;
pub use crate::counters::Counters;
pub use crate::fault::Fault;
pub use crate::paging::Paging;
pub use crate::requests::ReceivedRequest;
pub use crate::rule_syntax::RuleError;
pub use crate::sandbox::Sandbox;
pub use crate::sign_in::{CLIENT_SECRET, DeviceFlow, REFRESH_TOKEN, TOKEN};
pub use crate::throttle::Throttle;
