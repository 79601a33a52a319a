//! A client for the usage spending budgets of Microsoft Partner Center.
//!
//! Cloud Solution Providers give each customer an Azure budget; this crate reads, sets and clears it, and reads the
//! usage behind it. Its types and calls are generated from an OpenAPI document, amounts are exact [`Decimal`]s, and
//! clearing a budget really sends the null that clears it.
//!
//! ```no_run
//! use partner_center_budgets::{Client, CustomerId, Error, auth::FixedToken};
//!
//! # async fn example(token: String) -> Result<(), Error> {
//! let client = Client::builder(FixedToken::new(token)).build()?;
//! let customer: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
//!
//! match client.get_budget(customer).await? {
//!     Some(amount) => println!("{amount}"),
//!     None => println!("no budget"),
//! }
//! client.set_budget(customer, "2500.50".parse()?).await?;
//! client.clear_budget(customer).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! `rustls` (on by default): TLS by rustls with ring, trusting the platform's root certificates. Without it only a
//! server on loopback can be called, which is all that tests need.
//!
//! These are off by default, and add ways to [sign in](auth):
//!
//! - `certificate`: with a certificate. It switches `rustls` on and adds no crate to what that brings.
//! - `interactive`: users, with a device code or in the browser. With `rustls` it adds no crate.
//! - `azure`: with credentials of the Azure SDK, such as managed identities. It adds the crate `azure_core`, whose types
//!   stand in the signature of `AzureCredential`.
//!
//! `rustls` adds TLS to reqwest without choosing a provider for the whole process. A program that makes its own
//! `reqwest::Client` beside this one must switch a TLS feature of reqwest on itself, or install a provider.
//!
//! # What is part of the interface
//!
//! Types of `chrono`, `futures-core`, `rust_decimal`, `schemars`, `secrecy` and `uuid` stand in public signatures. Those
//! of reqwest, progenitor and serde_json do not.
//!
//! # Retries
//!
//! A call is tried up to 4 times within 5 minutes, as its [`RetryPolicy`] says: after the statuses 408, 429, 500, 502, 503
//! and 504, after a connection that failed, a timeout or an answer that was cut, and after a sign-in that failed for such a
//! reason. It waits as long as `Retry-After` asks for (seconds, a date, or the gateway's words where the header is missing),
//! and at least a random time up to a limit: half a second, then one, two, and so on up to 30 seconds. A wait that would
//! outlast the call is not begun. All tries carry the same `MS-RequestId`. Every operation can be repeated without harm, as
//! a change sends an absolute amount. Refused certificates, redirects and answers that cannot be read are not tried again.
//! Dropping the future ends a call at once.
//!
//! # Throttling
//!
//! The service publishes no limits, and counts the calls that it refuses. So all calls of a client and its clones pass one
//! limiter: at most 56 at a time, few at first, and after a refusal nobody until `Retry-After` has passed. From then on it
//! spaces calls at the rate that it learns from refusals, and seldom asks for more. Where only one customer's calls are
//! refused while others' are answered, that customer gets a limiter of its own. [`Client::learned_rate`] can be kept for the
//! next client. A call whose time ends before its turn fails as [`Error::RateLimited`].
//!
//! Calls wait in one fair queue. What has to wait, for its turn, a sign-in or another try, does so in a task of the Tokio
//! runtime that ends when the call's future is dropped. So a stream of calls that rests while its consumer makes another
//! call holds nobody up.
//!
//! # Many customers
//!
//! The crate `partner-center-budgets-fleet` does for thousands of customers what the methods of [`Client`] do for one.
//!
//! # When a call is refused
//!
//! [`Error`] says what failed, why, and what to do; [`Error::ids`] are what Microsoft's support asks for.
//!
//! | status and code | why | what to do |
//! |---|---|---|
//! | 401, 900420 | the token is for another audience, often `graph.windows.net` | request it for the cloud's [`audience`](Cloud::audience) |
//! | 401, 900421 or 10001 | the user did not pass multi-factor authentication | let the user sign in again ([`Error::needs_mfa`]) |
//! | 401, 800001 | the request had no token | send an access token |
//! | 401, others | the token expired or is for another tenant | check the credential; a fresh token was tried already |
//! | 403, 900329 | the operation takes no token of an app alone | sign in as an app and a user |
//! | 403 or 500, "application credentials" in the description | the same | the same |
//! | 403, 900150 or 2032 | the user's role is too small | make the user an admin agent |
//! | 403, 20002 | the customer has no relationship with you | check the id, and the reseller relationship |
//! | 404, 60003 | there is no such customer | check the id |
//! | 404, 20003 | there is no such subscription | for an Azure plan the id is the plan's |
//! | 404, no code | the response is not from Partner Center | check the address |
//! | 400 or 404, 3000 with "usage data" in the description | the customer has not used Azure | nothing: there is no usage |
//! | 429 | too many calls | nothing: the limiter has slowed down |
//! | 408, 500, 502, 503 or 504 | the service or a gateway has a temporary problem | try again later; the client has retried already |
//!
//! The codes of a refused sign-in (`AADSTS…`) are in the documentation of [`auth`].
//!
//! # The network
//!
//! Calls over https use the proxy that `HTTPS_PROXY` or `ALL_PROXY` names, except for the hosts in `NO_PROXY`. The
//! platform's root certificates are trusted, and those in the file that `SSL_CERT_FILE` names (PEM); on Unix systems other
//! than macOS that file replaces the platform's. A variable that cannot be used is an [`Error::Input`]. Plain http connects
//! to loopback addresses only, whatever `localhost` resolves to. [`InFlight`] shows which host a client waits for.
//!
//! # Events
//!
//! With `tracing`, at the level debug: `tried` for each try, with operation, number, status, duration and both ids;
//! `waiting to try again`; `signed in`. At warn: `the sign-in failed`, and `the
//! new refresh token could not be saved`. No event holds a token, secret, body or customer.
//!
//! # What a call costs
//!
//! Processor time beside the same GET with reqwest and serde by hand, medians of five, client and server on a core each,
//! measured on 2026-11-21 on a virtual machine with two cores of an AMD EPYC (`cargo measure calls` measures yours):
//!
//! | calls at a time | bare reqwest, µs | this client, µs | ratio | peak RSS, KiB |
//! |--:|--:|--:|--:|--:|
//! | 1 | 33.2 | 36.2 | 1.09 | 4996 |
//! | 16 | 13.0 | 15.6 | 1.20 | 5948 |
//! | 64 | 12.8 | 18.8 | 1.47 | 8004 |
//!
//! The difference goes to the limiter, ids, more headers and the check of the answer, and at 64 calls at a time to the
//! limiter's queue; a call over a real network takes a thousand times as long. 100,000 budgets read one after the other need no more memory than 10,000.
//!
//! And 2,000 calls under limits that the client does not know, with the ideal being what the limit allows:
//!
//! | limit | tasks | rate | answered | refused | time, s | of the ideal | connections |
//! |---|--:|---|--:|--:|--:|--:|--:|
//! | `bucket:rate=50,burst=50` | 16 | unknown | 2000 | 8 | 39.3 | 1.008 | 6 |
//! | `bucket:rate=50,burst=50` | 1000 | unknown | 2000 | 9 | 39.3 | 1.008 | 6 |
//! | `bucket:rate=50,burst=50` | 16 | remembered | 2000 | 0 | 39.3 | 1.008 | 3 |
//! | `bucket-counting-rejected:rate=50,burst=50` | 16 | unknown | 2000 | 8 | 39.9 | 1.022 | 6 |
//! | `bucket-counting-rejected:rate=50,burst=50` | 1000 | unknown | 2000 | 9 | 39.3 | 1.008 | 6 |
//! | `bucket-counting-rejected:rate=50,burst=50` | 16 | remembered | 2000 | 0 | 39.3 | 1.008 | 2 |
//! | `bucket-counting-rejected:rate=50,burst=5` | 16 | unknown | 2000 | 3 | 43.3 | 1.085 | 6 |
//! | `bucket-counting-rejected:rate=50,burst=5` | 1000 | unknown | 2000 | 4 | 43.3 | 1.085 | 6 |
//! | `bucket-counting-rejected:rate=50,burst=5` | 16 | remembered | 2000 | 0 | 40.0 | 1.003 | 3 |
//! | `window:calls=500,per=10s` | 16 | unknown | 2000 | 15 | 30.1 | 1.003 | 16 |
//! | `window:calls=500,per=10s` | 1000 | unknown | 2000 | 12 | 30.1 | 1.003 | 56 |
//! | `window:calls=500,per=10s` | 16 | remembered | 2000 | 0 | 42.3 | 1.410 | 1 |
//!
//! A remembered rate says nothing of a window, which a client that starts with it fills evenly instead of at once.

mod answer;
mod base_url;
mod call;
mod call_ids;
mod client;
mod cloud;
mod decimal;
mod decode;
#[cfg(test)]
mod documentation;
mod error;
mod fault;
#[rustfmt::skip]
#[allow(
    clippy::all,
    clippy::expect_used,
    clippy::unwrap_used,
    dead_code,
    missing_docs,
    private_interfaces,
    unreachable_pub,
    reason = "written by `cargo xtask generate`, which has its own style"
)]
mod generated;
mod ids;
mod in_flight;
mod paging;
mod parse_error;
mod records;
mod report;
mod request;
mod retry;
mod retry_after;
mod tables;
mod transport;
mod write_guard;

pub mod auth;

pub use call_ids::CallIds;
pub use client::{Client, ClientBuilder};
pub use cloud::Cloud;
pub use decimal::Decimal;
pub use error::Error;
pub use fault::Fault;
pub use ids::{CustomerId, SubscriptionId};
pub use in_flight::InFlight;
pub use learned_rate_limiter::{LearnedRate, Permit, Rate, RateLimiter};
pub use paging::{CustomerQuery, List};
pub use parse_error::ParseError;
pub use records::*;
pub use report::{CallLog, CallReport};
pub use retry::RetryPolicy;
pub use write_guard::WriteGuard;

pub(crate) use tables::document_tables;
