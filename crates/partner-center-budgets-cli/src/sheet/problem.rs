//! What is wrong with a sheet.

use crate::failure::Told;
use crate::output::counted;
use crate::steering::harmless;

/// As many fit on a screen; who sees them knows what the rest is like.
const SHOWN: usize = 20;

/// All that is wrong with a sheet.
pub(super) struct Problems {
    path: String,
    /// The first ones in the order of their lines, each with a message that begins with the position.
    shown: Vec<(u64, String)>,
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
        // Text from the sheet must not control the terminal.
        self.shown.push((line, format!("{}:{line}:{column}: {}", self.path, harmless(&what))));
        self.count += 1;
        self.shown.sort_by_key(|(line, _)| *line);
        self.shown.truncate(SHOWN);
    }

    pub(super) fn told(self) -> Told {
        self.told_with("correct what is listed; nothing was sent")
    }

    /// `next` says what to do.
    pub(super) fn told_with(self, next: &str) -> Told {
        let places = counted(self.count, "place");
        let listed = self.listed();
        Told::usage(format!("{listed}error: {} cannot be used: {places} to correct\n next: {next}\n", self.path))
    }

    /// The first of them, and how many more there are.
    pub(super) fn listed(&self) -> String {
        let mut text: String = self.shown.iter().flat_map(|(_, what)| [what.as_str(), "\n"]).collect();
        if self.count > self.shown.len() {
            text += &format!("and {} more\n", self.count - self.shown.len());
        }
        text
    }
}
