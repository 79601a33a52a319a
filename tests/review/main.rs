//! Tests of openapi-review: parsing, comparison, output formats and accept list.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that panics has failed")]

mod accept;
mod corpus;
mod files;
mod generated_documents;
mod load;
mod load_properties;
mod meaning;
mod metamorphic;
mod mutations;
mod oracle;
mod output;
mod properties;
mod regressions;
mod rules;
mod sample_reviews;
#[path = "../support/skip.rs"]
mod skip;
mod versions;
mod wording;
mod yaml;
