//! A review in six formats: for a terminal, a pull request, a program, GitHub's annotations, a browser, and code scanning;
//! and as a section of a changelog.
//!
//! Texts from the documents may be hostile. Each format escapes them in its own way.

mod changelog;
mod github;
mod html;
mod json;
mod markdown;
mod report;
mod sarif;
mod text;

pub use changelog::changelog;
pub use github::github;
pub use html::html;
pub use json::{JSON_SCHEMA, json};
pub use markdown::{MAX_BYTES, markdown, rules};
pub use report::{Changed, Report, diff};
pub use sarif::sarif;
pub use text::text;
