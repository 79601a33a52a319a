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
mod contract;
mod customer_filters;
mod decimals;
mod decode;
mod document;
mod drift;
mod exact;
mod faults;
mod fleet_apply;
mod fleet_journal;
mod fleet_kill;
mod fleet_plan;
mod fleet_rate;
mod fleet_read;
mod fleet_signals;
mod fleet_stage;
mod fleet_writes;
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
mod tls;
mod traces;

use skip::skipped;
