//! Compares two OpenAPI 3.0 documents: the effect of each change on clients, on the wire and in generated Rust code.
//!
//! The feature `review`, on by default, can be switched off: only [`document`] is left then, and builds in a tenth of the
//! time.
#![cfg_attr(not(feature = "review"), expect(dead_code, reason = "only the comparison uses all of the document tree"))]

#[cfg(feature = "review")]
pub mod accept;
#[cfg(feature = "review")]
mod compare;
pub mod document;
mod load;
#[cfg(feature = "review")]
mod location;
#[cfg(feature = "review")]
mod node_text;
mod number;
#[cfg(feature = "review")]
pub mod output;
#[cfg(feature = "review")]
pub mod progenitor_effect;
#[cfg(feature = "review")]
pub mod review;
#[cfg(feature = "review")]
pub mod rules;
#[cfg(feature = "review")]
mod version;

#[cfg(feature = "review")]
pub use compare::{Settings, compare};
