//! A review in four formats: for a terminal, a pull request, a program, and GitHub's annotations.
//!
//! Texts from the documents may be hostile. Each format escapes them in its own way.

mod github;
mod json;
mod markdown;
mod report;
mod text;

pub use github::github;
pub use json::json;
pub use markdown::{MAX_BYTES, markdown, rules};
pub use report::{Changed, Report};
pub use text::text;
