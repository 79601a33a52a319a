//! The form in which all errors are printed.

use std::fmt;

/// The line of an error: `what: why; advice`.
pub(crate) fn write_line(
    f: &mut fmt::Formatter<'_>,
    what: &str,
    why: [Option<String>; 2],
    advice: Option<impl fmt::Display>,
) -> fmt::Result {
    f.write_str(what)?;
    for why in why.into_iter().flatten() {
        write!(f, ": {why}")?;
    }
    advice.map_or(Ok(()), |advice| write!(f, "; {advice}"))
}
