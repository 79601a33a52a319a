//! What is wrong with a sheet.

use std::fmt::Write;

use crate::failure::Told;
use crate::output::counted;
use crate::steering::harmless;

/// As many fit on a screen; who sees them knows what the rest is like.
const SHOWN: usize = 20;

/// All that is wrong with a sheet, in the order of its lines.
pub(super) struct Problems {
    path: String,
    shown: Vec<String>,
    count: usize,
}

impl Problems {
    pub(super) fn new(path: &str) -> Self {
        Self { path: path.to_owned(), shown: Vec::new(), count: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// `what` says what is wrong and how to write it. Line and column, in characters, count from 1.
    pub(super) fn add(&mut self, (line, column): (u64, usize), what: String) {
        self.count += 1;
        if self.shown.len() < SHOWN {
            // What comes from the sheet must not steer the terminal.
            self.shown.push(format!("{}:{line}:{column}: {}", self.path, harmless(&what)));
        }
    }

    pub(super) fn told(self) -> Told {
        let mut text = self.shown.join("\n");
        let more = self.count - self.shown.len();
        // Writing to a string cannot fail.
        if more > 0 {
            let _ = write!(text, "\nand {more} more");
        }
        let places = counted(self.count, "place");
        let _ = write!(
            text,
            "\nerror: {} cannot be used: {places} to correct\n next: correct what is listed; nothing was sent\n",
            self.path
        );
        Told::usage(text)
    }
}
