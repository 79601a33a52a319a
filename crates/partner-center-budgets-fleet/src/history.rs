//! The recorded usage of past days, in a folder with one file per day.
//!
//! The service only reports the costs of the current billing period. A nightly job that writes the usage records with
//! [`DayWriter`] makes them comparable from day to day.
//!
//! ```no_run
//! use chrono::{NaiveDate, Utc};
//! use partner_center_budgets::Client;
//! use partner_center_budgets_fleet::history::{Comparison, DayWriter, HistoryFolder, PACE_DAYS, RecentCosts};
//!
//! # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! let (folder, today) = (HistoryFolder::new("history"), Utc::now().date_naive());
//! let mut day = DayWriter::new(&folder, today, "contoso");
//! let mut records = client.list_customer_usage_records();
//! while let Some(record) = records.try_next().await? {
//!     day.add(&record)?;
//! }
//! day.save()?;
//!
//! let monday: NaiveDate = "2026-11-23".parse()?;
//! let past = RecentCosts::read(&folder, "contoso", monday, PACE_DAYS)?;
//! let mut comparison = Comparison::new(monday, folder.open(monday)?, &past, today)?;
//! for record in folder.open(today)? {
//!     comparison.add(record?);
//! }
//! for change in comparison.changes() {
//!     println!("{:?}: {:?} a day", change.customer_name, change.per_day());
//! }
//! # Ok(())
//! # }
//! ```
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
//! # Days and periods
//!
//! [`Comparison`] compares two days, and [`RecentCosts`] has the costs of the days before today. Both work on the cost so
//! far, which begins again with each billing period:
//!
//! - The period of an Azure plan is the calendar month. A new one begins if the month of `last_modified` changes, not that
//!   of `date`: the first record of a month can still have the costs of the month before. The cost then counts from zero,
//!   and its days are those since the first of the month. What the old period cost after its last record is not known.
//! - The period of a legacy offer is not in its record. A lower cost, and an interval of more than 31 days, mean a new one.
//!   Its cost counts from zero, but the cost per day is not known, because the first day of the period is not.
//! - Within a period, a lower cost of an Azure plan is a credit or a correction: the increase is below zero.
//! - Days are counted between the dates of the records.
//!
//! # Limits
//!
//! A file has at most 1,000,000 records and 1 GiB of text, and a line at most 1 MiB. Larger files are refused, because a
//! small compressed file can hold any amount of text.

mod change;
mod compare;
mod currencies;
mod error;
#[cfg(test)]
mod fixture;
mod folder;
mod limits;
mod line;
mod point;
mod reader;
mod recent;
mod writer;

pub use change::{CustomerChange, CustomerFacts, UnusualPace};
pub use compare::Comparison;
pub use error::{HistoryError, HistoryErrorKind};
pub use folder::HistoryFolder;
pub use reader::DayReader;
pub use recent::{PACE_DAYS, RecentCosts};
pub use writer::DayWriter;
