//! Lines about the run.

use std::fmt::Display;
use std::io::{self, Write};

use serde::Serialize;

use super::log;

/// Prints a line about the run on standard error, with the control characters of names and paths shown by number.
pub(crate) fn notice(line: impl Display) {
    #[derive(Serialize)]
    struct Notice {
        message: String,
    }
    let message = printable_text::lines(&line.to_string()).into_owned();
    match log::is_json() {
        true => log::write_json("INFO", &Notice { message }),
        // A closed standard error must not stop the run.
        false => drop(writeln!(io::stderr(), "{message}")),
    }
}
