//! The problems of a sheet.

use crate::error::CliError;
use crate::output::listing::{Listing, MAX_SHOWN};
use crate::output::number::quantity;

/// Line and column of a cell, in characters, both counted from 1.
pub(crate) type Position = (u64, usize);

/// All problems of a sheet.
pub(super) struct Problems {
    path: String,
    /// The first ones, sorted by line, each with a message that begins with its position.
    first: Vec<(u64, String)>,
    count: usize,
}

impl Problems {
    /// `path` is the sheet's, for messages.
    pub(super) fn new(path: &str) -> Self {
        Self { path: display_path(path).to_owned(), first: Vec::new(), count: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// `what` describes the problem, and how to write the cell.
    pub(super) fn add(&mut self, (line, column): Position, what: &str) {
        self.first.push((line, format!("{}:{line}:{column}: {what}", self.path)));
        self.count += 1;
        self.first.sort_by_key(|(line, _)| *line);
        self.first.truncate(MAX_SHOWN);
    }

    pub(super) fn into_error(self) -> CliError {
        self.into_error_with("correct the listed problems; nothing was sent")
    }

    /// `next` says what to do.
    pub(super) fn into_error_with(self, next: &str) -> CliError {
        let what = format!("cannot use {}", self.path);
        let why = format!("{}, listed above", quantity(self.count, "problem"));
        CliError::usage(what, why, next).items(self.into_listing())
    }

    pub(super) fn into_listing(self) -> Listing {
        Listing::of_first(self.first.into_iter().map(|(_, what)| what).collect(), self.count)
    }
}

/// A path as messages name it.
pub(super) fn display_path(path: &str) -> &str {
    if path == "-" { "standard input" } else { path }
}
