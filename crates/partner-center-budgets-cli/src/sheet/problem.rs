//! What is wrong with a sheet.

use crate::failure::Told;
use crate::output::counted;
use crate::steering::harmless;

/// As many fit on a screen; who sees them knows what the rest is like.
const SHOWN: usize = 20;

/// All that is wrong with a sheet.
pub(super) struct Problems {
    path: String,
    /// Lines, each with a message that begins with the position.
    all: Vec<(u64, String)>,
}

impl Problems {
    pub(super) fn new(path: &str) -> Self {
        Self { path: path.to_owned(), all: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// `what` says what is wrong and how to write it. Line and column, in characters, count from 1.
    pub(super) fn add(&mut self, (line, column): (u64, usize), what: String) {
        // What comes from the sheet must not steer the terminal.
        self.all.push((line, format!("{}:{line}:{column}: {}", self.path, harmless(&what))));
    }

    pub(super) fn told(self) -> Told {
        self.told_with("correct what is listed; nothing was sent")
    }

    /// `next` says what to do.
    pub(super) fn told_with(mut self, next: &str) -> Told {
        let places = counted(self.all.len(), "place");
        let listed = self.listed();
        Told::usage(format!("{listed}error: {} cannot be used: {places} to correct\n next: {next}\n", self.path))
    }

    /// The first of them in the order of their lines, and how many more there are.
    pub(super) fn listed(&mut self) -> String {
        self.all.sort_by_key(|(line, _)| *line);
        let mut text: String = self.all.iter().take(SHOWN).flat_map(|(_, what)| [what.as_str(), "\n"]).collect();
        if let Some(more) = self.all.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            text += &format!("and {more} more\n");
        }
        text
    }
}
