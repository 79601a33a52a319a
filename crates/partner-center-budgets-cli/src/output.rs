//! The output of the program: results, notices and progress.

pub(crate) mod bar;
pub(crate) mod file;
pub(crate) mod format;
pub(crate) mod listing;
pub(crate) mod log;
pub(crate) mod markdown;
pub(crate) mod notice;
pub(crate) mod number;
pub(crate) mod progress;
pub(crate) mod records;
pub(crate) mod sanitize;
pub(crate) mod share;
pub(crate) mod table;
pub(crate) mod terminal;
pub(crate) mod truncate;
pub(crate) mod wait_line;
pub(crate) mod waiting;
