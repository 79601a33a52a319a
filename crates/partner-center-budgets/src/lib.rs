//! A client for the usage spending budgets of Microsoft Partner Center.
//!
//! A Cloud Solution Provider gives each customer an Azure budget. This crate reads, sets and clears the budgets, and reads
//! the Azure usage behind them and the log of their changes.
//!
//! - Types and requests are generated from an OpenAPI document.
//! - Amounts are exact [`Decimal`]s. No amount is ever rounded.
//! - Calls sign in, retry, respect the rate limit of the service, and report every failure with what to do next.
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
//! Programs usually sign in with another credential than a fixed token: see [`auth`]. The crate
//! `partner-center-budgets-fleet` does for thousands of customers what the methods of [`Client`] do for one.
//!
//! # Without async
//!
//! There is no blocking client: it would repeat every method with a hidden runtime, which panics inside of another one. A
//! program without async makes one runtime for its clients, because connections belong to the runtime that made them, and
//! blocks on each call. Its tokio needs the feature `rt`.
//!
//! ```no_run
//! use partner_center_budgets::{Client, CustomerQuery, auth::ClientSecret};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//!     let client = Client::builder(ClientSecret::from_env()?).build()?;
//!     let mut customers = client.list_customers(CustomerQuery::new());
//!     while let Some(customer) = runtime.block_on(customers.try_next())? {
//!         let Some(id) = customer.customer_id else { continue };
//!         println!("{:?}: {:?}", customer.company_name, runtime.block_on(client.get_budget(id))?);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! # Other operations
//!
//! [`Client::request`] sends a request for an operation that this crate has no method for.
//!
//! # Features
//!
//! `rustls`, on by default, adds TLS with rustls and ring. Without it the client can only call servers on loopback, which is
//! enough for tests. `rustls` does not choose a TLS provider for the process: a program with a `reqwest::Client` of its own
//! must enable a TLS feature of reqwest, or install a provider.
//!
//! `serde` adds `Serialize` and `Deserialize`, and `schemars` JSON Schemas of the same types: see [JSON](#json).
//!
//! `reqwest`, off by default, lets a program pass an HTTP client of its own to `ClientBuilder::http_client`.
//!
//! `test-util` adds [`Fault::from_response`](Fault) for [tests](#testing).
//!
//! The other features add ways to sign in, and are off by default: see [`auth`].
//!
//! # JSON
//!
//! With the feature `serde`, all records, the ids, [`Currency`] and [`CallIds`] serialize and deserialize. [`Decimal`] always
//! does. [`Fault`] only serializes.
//!
//! - The names of fields are those in Rust (`customer_id`, `total_cost`). The service has two names for many values, and a
//!   record has one. The names do not change within a major version.
//! - All fields are present; an unknown value is null. Reading accepts missing and additional fields.
//! - An id is a text, a date has the form of RFC 3339, and a status is a text in the spelling of the service.
//! - In a type of your own, `Option<Decimal>` also accepts a missing field. If null clears a budget, require the field with
//!   `#[serde(deserialize_with = "Option::deserialize")]`.
//! - A currency is `{"code":"EUR"}` or `{"locale":"de-DE"}`.
//! - A decimal is a number with all its digits, which some readers round: JavaScript keeps 15 to 17. See [`Decimal`] for
//!   where it works.
//!
//! ```
//! # #[cfg(not(feature = "serde"))]
//! # fn main() {}
//! # #[cfg(feature = "serde")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use partner_center_budgets::{Currency, CustomerUsageRecord};
//!
//! let mut record = CustomerUsageRecord::default();
//! record.total_cost = Some("28.82860766744404945074".parse()?);
//! record.currency = Some(Currency::Code("EUR".to_owned()));
//! let json = serde_json::to_string(&record)?;
//! assert!(json.contains(r#""total_cost":28.82860766744404945074"#));
//! assert!(json.contains(r#""currency":{"code":"EUR"}"#));
//! assert_eq!(serde_json::from_str::<CustomerUsageRecord>(&json)?, record);
//! # Ok(())
//! # }
//! ```
//!
//! # Public dependencies
//!
//! Public signatures contain types of `chrono`, `futures-core`, `rust_decimal`, `secrecy`, `serde`, `tokio-util` and `uuid`,
//! with features also of `schemars` and `reqwest`, and none of progenitor or serde_json.
//!
//! # Retries
//!
//! The client makes up to 4 attempts within 5 minutes; [`RetryPolicy`] changes both. It retries:
//!
//! - responses with status 408, 429, 500, 502, 503 or 504,
//! - connection errors, timeouts and truncated responses,
//! - sign-ins that fail for such a reason.
//!
//! A POST or PATCH of [`Client::request`] is not retried after an attempt that may have had an effect.
//!
//! It does not retry untrusted certificates, redirects and responses that cannot be decoded.
//!
//! The wait before an attempt is the longer of two: `Retry-After` (seconds, a date, or the text of the gateway if the header
//! is missing), and a random time below a limit of 0.5 seconds, which doubles with each attempt up to 30 seconds. The client
//! does not start a wait that exceeds the time of the call. All attempts of a call have the same `MS-RequestId`. A retry
//! sends the same absolute amount. It can overwrite a change that another program made in between; a [`WriteGuard`] prevents
//! that.
//!
//! Dropping the future of a call cancels the call at once.
//!
//! # Rate limit
//!
//! The service does not publish its limits. So all calls of a client and its clones share one [`RateLimiter`]. It admits at
//! most 56 calls in flight, and few at first. After a 429 it admits none until `Retry-After` has passed. It learns the rate of
//! the service from these refusals, and then spaces the calls. A customer with a limit of its own gets a queue of its own, and
//! does not hold back the others. [`Client::learned_rate`] returns the rate, so that the next client can start with it. A call
//! that gets no permit in time fails with [`Error::RateLimited`].
//!
//! Calls wait in one fair queue. A call that waits runs in a task of the Tokio runtime, which ends when the future of the
//! call is dropped. So a stream that is not polled does not hold up other calls.
//!
//! # When a call is refused
//!
//! [`Error`] reports what failed, why, and what to do. [`Error::ids`] are the ids that Microsoft's support asks for.
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
//! # Network
//!
//! Calls to https use the proxy in `HTTPS_PROXY` or `ALL_PROXY`, except for hosts in `NO_PROXY`. The client trusts the root
//! certificates of the platform, and those in the PEM file that `SSL_CERT_FILE` names. On Unix systems other than macOS this
//! file replaces those of the platform. An invalid variable is an [`Error::Input`]. Plain http connects to loopback addresses
//! only, whatever `localhost` resolves to.
//!
//! A program can set the proxy, more root certificates, a client certificate and the time to connect itself:
//! [`ClientBuilder::proxy`], [`root_certificate`](ClientBuilder::root_certificate),
//! [`client_certificate`](ClientBuilder::client_certificate) and [`connect_timeout`](ClientBuilder::connect_timeout). They
//! apply to the calls and to the sign-in.
//!
//! [`InFlight`] shows which host the client is waiting for.
//!
//! # Spans and events
//!
//! The client emits spans and events of `tracing` with the target [`TRACING_TARGET`]. None contains a token, a secret, a body,
//! a path or a customer.
//!
//! Both spans have the level info. The names of fields with a dot are those of OpenTelemetry's
//! [HTTP client spans](https://opentelemetry.io/docs/specs/semconv/http/http-spans/), so the layer of the crate
//! `tracing-opentelemetry` exports them without a mapping.
//!
//! | span | of | fields |
//! |---|---|---|
//! | `call` | one call of an operation, waits included; each page of a list is a call | `operation`, `request_id`, `correlation_id`, and at its end `attempts`, `http.response.status_code`, `error.type` |
//! | `attempt` | one request, inside of `call` | `http.request.method`, `server.address`, `server.port`, `http.request.resend_count` from the second on, and at its end `http.response.status_code`, `error.type` |
//!
//! `operation` stands for `url.template`. `error.type` is the status of a refusal, or else the variant of [`Error`]:
//! `input`, `setup`, `auth`, `transport`, `rate_limited`, `cancelled` or `decode`. `otel.name` and `otel.kind` are for the
//! exporter.
//!
//! ```
//! use partner_center_budgets::TRACING_TARGET;
//! use tracing::Level;
//! use tracing_subscriber::filter::Targets;
//! use tracing_subscriber::fmt::format::FmtSpan;
//! use tracing_subscriber::prelude::*;
//!
//! let ours = Targets::new().with_target(TRACING_TARGET, Level::DEBUG);
//! // A line for each span when it ends, because the last fields are recorded then.
//! let lines = tracing_subscriber::fmt::layer().with_span_events(FmtSpan::CLOSE);
//! tracing_subscriber::registry().with(lines.with_filter(ours)).init();
//! ```
//!
//! The events are inside of these spans; those of a sign-in are in the span of the call that waits for it:
//!
//! | level | event | fields |
//! |---|---|---|
//! | debug, info for a failure | `attempt finished` | `operation`, `attempt`, `status`, `took_ms`, `request_id`, `correlation_id` |
//! | info | `waiting before the next attempt` | `operation`, `attempts` so far, `wait_ms` |
//! | debug | `waiting because the service throttles` | `operation`, `wait_ms` at least |
//! | info | `signed in` | `took_ms` |
//! | warn | `the sign-in failed` | `took_ms`, `code` of the authority |
//! | warn | `the new refresh token could not be saved` | `error` |
//!
//! # Testing
//!
//! The crate `partner-center-budgets-sandbox` is a local server for tests of your own code, without network and account:
//! with customers and figures of your own, faults on demand, and a record of the requests. Its page `testing` has recipes,
//! also for tests that build records and refusals without a server.
//!
//! # Performance
//!
//! See [`performance`].
// docs.rs shows which feature an item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod base_url;
mod body_problem;
mod call;
mod call_ids;
mod client;
mod cloud;
mod decimal;
#[cfg(test)]
mod documentation;
mod error;
mod error_line;
mod fault;
mod response_type;
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

/// The target of all spans and events: see [Spans and events](crate#spans-and-events).
pub const TRACING_TARGET: &str = "partner_center_budgets";

/// A duration as a field. Subscribers show the 128 bits of [`Duration::as_millis`](std::time::Duration::as_millis) as text.
fn in_ms(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Locks a mutex. No panic can leave what this crate's mutexes hold in an invalid state.
fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[doc = include_str!("../PERFORMANCE.md")]
pub mod performance {}

pub use call_ids::CallIds;
pub use client::{Client, ClientBuilder, RequestBuilder, Response};
pub use cloud::Cloud;
pub use decimal::Decimal;
pub use error::Error;
pub use fault::Fault;
pub use ids::{CustomerId, SubscriptionId};
pub use in_flight::InFlight;
pub use learned_rate_limiter::{LearnedRate, Permit, Rate, RateLimiter};
pub use paging::{AuditQuery, Continuation, CustomerQuery, List};
pub use parse_error::ParseError;
pub use records::*;
pub use report::{CallLog, CallReport};
pub use retry::RetryPolicy;
pub use write_guard::WriteGuard;

pub(crate) use tables::document_tables;
