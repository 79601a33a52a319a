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
//! - `interactive`: users, with a device code or in the browser. It adds the crate `oauth2`.
//! - `azure`: with credentials of the Azure SDK, such as managed identities. It adds the crate `azure_core`, whose types
//!   stand in the signature of `AzureCredential`.
//!
//! `rustls` adds TLS to reqwest without choosing a provider for the whole process. A program that makes its own
//! `reqwest::Client` beside this one must switch a TLS feature of reqwest on itself, or install a provider.
//!
//! # What is part of the interface
//!
//! Types of `chrono`, `futures-core`, `rust_decimal`, `schemars`, `secrecy` and `uuid` stand in public signatures. Those
//! of reqwest, progenitor and serde_json
//! do not.

mod base_url;
mod call;
mod client;
mod cloud;
mod decimal;
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
mod paging;
mod records;
mod report;
mod retry;
mod throttle;
mod transport;

pub mod auth;

pub use client::{Client, ClientBuilder};
pub use cloud::Cloud;
pub use decimal::Decimal;
pub use error::Error;
pub use fault::Fault;
pub use ids::{CallIds, CustomerId, SubscriptionId};
pub use paging::{CustomerQuery, List};
pub use records::{
    AzureResourceUsageRecord, Currency, Customer, CustomerUsageRecord, CustomerUsageSummary, MeterUsageRecord,
    PartnerUsageSummary, Relationship, ResourceUsageRecord, SubscriptionStatus, SubscriptionUsageRecord,
    SubscriptionUsageSummary,
};
pub use report::{CallLog, CallReport};
pub use retry::RetryPolicy;
pub use throttle::Rate;

/// Every generated type, for this workspace's own tests. Not part of the public interface: it changes without notice.
#[doc(hidden)]
pub mod __generated {
    pub use crate::generated::types;
}

/// The program in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
