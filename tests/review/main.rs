//! The comparison of documents: what it reads, what it finds, what it says, and what is accepted.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that panics has failed")]

mod accept;
mod blind_spots;
mod corpus;
mod large;
mod load;
mod load_properties;
mod made;
mod metamorphic;
mod mutations;
mod output;
mod properties;
mod regressions;
mod wording;
