//! Compares two OpenAPI 3.0 or 3.1 documents: the effect of each change on clients, on the wire and in generated Rust code.
//!
//! The crate has a program of the same name: its README shows how to use it. A program that only compares documents needs
//! no more than the feature `review`: disable the default features. Without any feature, only [`document`] is left, and
//! builds in a tenth of the time.
//!
//! | feature | contents |
//! |---|---|
//! | `cli` (default) | the program `openapi-review`, and `cli` for programs that wrap it |
//! | `review` | `compare`, and the formats of a report |
//! | none | [`document`] |
// docs.rs shows which feature an item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(not(feature = "review"), expect(dead_code, reason = "only the comparison uses all of the document tree"))]

#[cfg(feature = "review")]
pub mod accept;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "review")]
mod compare;
#[cfg(feature = "review")]
pub mod config;
pub mod document;
#[cfg(feature = "review")]
mod location;
#[cfg(feature = "review")]
mod node_text;
mod number;
#[cfg(feature = "review")]
pub mod output;
#[cfg(feature = "review")]
mod pattern;
#[cfg(feature = "review")]
pub mod progenitor_effect;
#[cfg(feature = "review")]
pub mod review;
#[cfg(feature = "review")]
pub mod rules;
#[cfg(feature = "review")]
mod version;

#[cfg(feature = "review")]
pub use compare::{KnownScheme, LeftOut, Settings, compare};
