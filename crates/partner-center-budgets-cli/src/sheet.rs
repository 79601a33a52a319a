//! Sheets of budgets, in the CSV that people and spreadsheets write.
//!
//! A sheet is read as a whole before anything else is done, and all its problems are reported at once.

mod amount;
mod cells;
mod check;
mod company;
mod contents;
mod currency;
pub(crate) mod current;
mod file;
mod header;
mod name;
mod notation;
mod number;
mod options;
mod problem;
mod reader;

pub(crate) use amount::write as write_amount;
pub(crate) use company::KnownNames;
pub(crate) use contents::{Sheet, StatedName};
pub(crate) use currency::parse_code as parse_currency_code;
pub(crate) use file::read_text;
pub(crate) use name::write as write_name;
pub(crate) use notation::{Choice, DecimalMark};
pub(crate) use options::SheetOptions;
pub(crate) use reader::read;
