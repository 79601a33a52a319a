//! Lines about the run.

use std::fmt::Display;
use std::io::{self, Write};

/// Prints a line about the run on standard error, with the control characters of names and paths shown by number.
pub(crate) fn notice(line: impl Display) {
    // A closed standard error must not stop the run.
    drop(writeln!(io::stderr(), "{}", printable_text::lines(&line.to_string())));
}
