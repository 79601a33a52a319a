//! Tests of several crates together, with fixtures and over real sockets.
//!
//! The programs have test binaries of their own, such as `tests/cli`, because cargo passes the path of a program only to the
//! tests of its own package.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that panics has failed")]

mod agreement;
mod audit_records;
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
mod connections;
mod contract;
mod custom_requests;
mod customer_filters;
mod decimal;
mod decode;
mod document;
mod drift;
mod dropped_fields;
mod errors;
mod fleet_apply;
mod fleet_assessment;
mod fleet_fixture;
mod fleet_history;
mod fleet_journal;
mod fleet_kill;
mod fleet_plan;
mod fleet_rate;
mod fleet_read;
mod fleet_writes;
mod json;
mod success_responses;
#[rustfmt::skip]
#[allow(clippy::all, clippy::unwrap_used, dead_code, missing_docs, unreachable_pub, reason = "written by `cargo xtask generate`")]
#[path = "../../crates/partner-center-budgets/src/generated.rs"]
mod generated;
mod document_tables;
mod network;
mod operations;
mod paging;
mod record_fields;
mod replay;
mod requests;
mod resume;
mod retries;
mod sandbox_builder;
mod sandbox_faults;
mod sandbox_operations;
mod scripted_server;
#[path = "../support/server.rs"]
mod server;
#[path = "../support/skip.rs"]
mod skip;
mod streaming_body;
mod threads;
mod tracing_events;
mod tracing_spans;

// The generated code is compiled here a second time, for its private types. It needs these names at the root of its crate.
use document_tables::document_tables;
use partner_center_budgets::Decimal;
use skip::skipped;

mod request {
    pub(crate) use rust_effects_kit::Call as RequestSlot;
}

impl progenitor_client::ClientHooks<request::RequestSlot> for generated::Client {}
