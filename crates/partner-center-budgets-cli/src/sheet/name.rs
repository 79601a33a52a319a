//! Names of customers in cells.
//!
//! A spreadsheet takes a cell that begins with one of a few characters for a formula and carries it out. Names come from
//! outside, so such a name gets an apostrophe in front, which a spreadsheet takes for "this is text", and which is taken
//! off again here. A name that begins with an apostrophe gets one, too, so that none is ever lost.

use std::borrow::Cow;

const RISKY: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];

/// How a name is written into a cell.
pub(crate) fn written(name: &str) -> Cow<'_, str> {
    if name.starts_with(RISKY) { format!("'{name}").into() } else { name.into() }
}

/// The name that a cell has.
pub(super) fn read(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(RISKY)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_comes_back() {
        for name in ["Blue Harbor", "=1+1", "+1", "-1", "@x", "'", "''", "'=1", "'t Gasthuis", "\tx", ""] {
            let cell = written(name);
            assert_eq!(read(&cell), name);
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
}
