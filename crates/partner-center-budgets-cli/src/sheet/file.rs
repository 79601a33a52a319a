//! The text of an input file, or of standard input.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};

use durable_files::{self as files, NotText};

use super::problem::{Problems, display_path};
use crate::error::CliError;

/// The largest input, in bytes. A sheet with a million rows takes a quarter of it.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// The text of a file, or of standard input for `-`.
pub(crate) fn read_text(path: &str) -> Result<String, CliError> {
    let mut bytes = Vec::new();
    let read = match path {
        "-" => read_all(io::stdin().lock(), &mut bytes),
        path => File::open(path).and_then(|file| read_all(file, &mut bytes)),
    };
    read.map_err(|error| {
        let what = format!("cannot read {}", display_path(path));
        CliError::usage(what, error, "check the path and that you may read the file")
    })?;
    let not_text = |position, what: &str| {
        let mut problems = Problems::new(path);
        problems.add(position, &format!("{what} save it in Excel as \"CSV UTF-8 (Comma delimited)\""));
        problems.into_error()
    };
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(not_text((1, 1), "the file is a workbook, not CSV;"));
    }
    let decoded = files::decode(&bytes).map(Cow::into_owned);
    decoded.map_err(|error| not_text((error.line, error.column), describe(error.reason)))
}

/// A shell may pass the output of a command as a pipe, which ends. A device may not end.
fn read_all(source: impl Read, bytes: &mut Vec<u8>) -> io::Result<()> {
    source.take(MAX_BYTES + 1).read_to_end(bytes)?;
    match bytes.len() as u64 > MAX_BYTES {
        true => Err(io::Error::other(format!("it is longer than {MAX_BYTES} bytes"))),
        false => Ok(()),
    }
}

fn describe(reason: NotText) -> &'static str {
    match reason {
        NotText::LoneSurrogate => "half a character (a lone surrogate of UTF-16); write the cell again, or",
        NotText::CutOff => {
            "the file is UTF-16 and ends within a character, so it may be incomplete; write it again, or"
        }
        NotText::ZeroBytes => "the file has zero bytes, as UTF-16 without a byte order mark has;",
        NotText::NotUtf8 => "the file is not UTF-8, as Excel's plain \"CSV\" is not;",
    }
}
