//! The recorded usage of past days, in a folder with one file per day.
//!
//! The service only reports the costs of the current billing period. A nightly job that writes the usage records with
//! [`DayWriter`] makes them comparable from day to day.
//!
//! # The files
//!
//! The file of a day is named `usage-2026-11-27.ndjson.gz`: gzip, and in it one JSON object per line for each usage record,
//! in the order of the service. All lines have the same keys:
//!
//! | key | value |
//! |---|---|
//! | `date` | day of the record: `2026-11-27` |
//! | `partner` | the partner, as its program names it |
//! | `customer` | id of the customer |
//! | `name` | name of the customer |
//! | `amount` | budget; null without one |
//! | `total_cost` | cost so far in the billing period |
//! | `currency` | currency code of both; null for legacy offers |
//! | `currency_locale` | locale that the service sends for legacy offers, such as `en-GB`; otherwise null |
//! | `usd_total_cost` | the cost in US dollars, if the service sent it |
//! | `is_azure_plan` | true for an Azure plan, null if the service did not tell |
//! | `last_modified` | when the service last updated the amounts, RFC 3339 |
//!
//! Amounts are JSON numbers with all digits. Derived values, such as percentages, are not recorded. The keys `customer`,
//! `name`, `amount`, `total_cost`, `currency` and `currency_locale` mean the same as in `pc-budgets usage --output ndjson`.
//! Every line has the partner, so that a program that reads many files can tell partners apart. Later versions may add
//! keys, and unknown ones are ignored.
//!
//! A file has at most 1,000,000 records and 1 GiB of text, and a line at most 1 MiB. Larger files are refused, because a
//! small compressed file can hold any amount of text.

mod error;
mod folder;
mod line;
mod reader;
mod writer;

pub use error::{HistoryError, HistoryErrorKind};
pub use folder::HistoryFolder;
pub use reader::DayReader;
pub use writer::DayWriter;

/// The largest file.
#[derive(Clone, Copy)]
struct Limits {
    /// The longest line, in bytes without its end.
    line: usize,
    /// The most text, in bytes.
    text: u64,
    records: u64,
}

const LIMITS: Limits = Limits { line: 1024 * 1024, text: 1024 * 1024 * 1024, records: 1_000_000 };
