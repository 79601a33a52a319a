//! What the whole workspace promises, shown on fixtures and real sockets.
//!
//! The commands have test binaries of their own beside this one, `tests/cli`, `tests/xtask` and `tests/sandbox`, because
//! cargo tells the path of a program to the tests of its own package only.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that panics has failed")]

mod agreement;
mod answers;
mod auth_azure;
mod auth_certificate;
mod auth_events;
mod auth_file_access;
mod auth_file_store;
mod auth_interactive;
mod auth_refusals;
mod auth_responses;
mod auth_rotation;
mod auth_tokens;
mod authority;
mod clouds;
mod conformance;
mod contract;
mod customer_filters;
mod decimals;
mod decode;
mod document;
mod drift;
mod exact;
mod faults;
mod fleet_apply;
mod fleet_fixture;
mod fleet_journal;
mod fleet_kill;
mod fleet_plan;
mod fleet_rate;
mod fleet_read;
mod fleet_signals;
mod fleet_writes;
#[rustfmt::skip]
#[allow(clippy::all, clippy::unwrap_used, dead_code, missing_docs, unreachable_pub, reason = "written by `cargo xtask generate`")]
#[path = "../../crates/partner-center-budgets/src/generated.rs"]
mod generated;
mod matrix;
mod network;
mod operations;
mod pages;
mod records;
mod replay;
mod requests;
mod retries;
mod sandbox;
mod script;
#[path = "../support/server.rs"]
mod server;
#[path = "../support/skip.rs"]
mod skip;
mod streaming_body;
mod tables;
mod tls;
mod traces;

// What the generated code, compiled here a second time for its private types, expects at the root of its crate.
use partner_center_budgets::Decimal;
use skip::skipped;
use tables::document_tables;

mod request {
    pub(crate) use rust_effects_kit::Call as RequestSlot;
}

impl progenitor_client::ClientHooks<request::RequestSlot> for generated::Client {}
