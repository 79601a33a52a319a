//! Compares two OpenAPI 3.0 documents: the effect of each change on clients, on the wire and in generated Rust code.

pub mod accept;
mod compare;
pub mod document;
mod load;
mod location;
mod node_text;
mod number;
pub mod output;
pub mod progenitor_effect;
pub mod review;
pub mod rules;
mod version;

pub use compare::{Settings, compare};
