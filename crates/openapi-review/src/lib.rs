//! Compares two OpenAPI 3.0 documents: what a change does to clients on the wire, and to generated Rust code.

pub mod accept;
mod compare;
pub mod document;
mod load;
mod number;
pub mod output;
mod place;
pub mod review;
pub mod rules;
mod rust_type;
mod version;

pub use compare::{Settings, compare};
