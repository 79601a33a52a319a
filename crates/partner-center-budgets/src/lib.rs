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
//! The feature adds TLS to reqwest without choosing a provider for the whole process. A program that makes its own
//! `reqwest::Client` beside this one must switch a TLS feature of reqwest on itself, or install a provider.
//!
//! # What is part of the interface
//!
//! Types of `uuid`, `rust_decimal` and `schemars` stand in public signatures. Those of reqwest, progenitor and serde_json
//! do not.

mod base_url;
mod call;
mod client;
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
mod page;
#[allow(dead_code, reason = "the client takes it into use with its retries")]
mod throttle;
mod tls;

pub mod auth;

pub use client::{Client, ClientBuilder};
pub use decimal::Decimal;
pub use error::Error;
pub use fault::Fault;
pub use ids::{CallIds, CustomerId, SubscriptionId};
pub use page::{Page, PageToken};

/// What the service answers with, as the OpenAPI document describes it.
///
/// Any field may be absent, and fields are added when the service adds them. Twins such as `id` and `resource_id` are there as the service sends them: some operations
/// send one, some the other, some both.
pub mod types {
    pub use crate::generated::types::{
        AzureResourceMonthlyUsageRecord, Customer, CustomerCompanyProfile, CustomerMonthlyUsageRecord,
        CustomerUsageSummary, Link, LinkHeader, MeterUsageRecord, PartnerUsageSummary, ResourceAttributes,
        ResourceLinks, ResourceUsageRecord, SpendingBudget, SubscriptionMonthlyUsageRecord, SubscriptionUsageSummary,
    };
}

/// Every generated type, for this workspace's own tests. Not part of the public interface: it changes without notice.
#[doc(hidden)]
pub mod __generated {
    pub use crate::generated::types;
}

/// The program in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
