//! The currency of a cell.

use super::problem::Position;

/// The currency that a sheet states for a customer's amount.
#[derive(Debug)]
pub(crate) struct StatedCurrency {
    pub(crate) code: String,
    pub(super) position: Position,
}

/// The code in capitals, or `None` for an empty cell. The error has the problem and how to write the cell.
///
/// Only the form is checked, because a list of currencies would become outdated. A misspelt code is visible in the totals, as a
/// separate sum.
pub(crate) fn parse_code(cell: &str) -> Result<Option<String>, String> {
    let cell = cell.trim();
    match cell.len() == 3 && cell.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        true => Ok(Some(cell.to_ascii_uppercase())),
        false if cell.is_empty() => Ok(None),
        false => Err(format!(
            "`{cell:.40}` is not a currency code; write the three letters of ISO 4217, such as EUR, or keep the cell empty"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_three_letters_in_any_case_only() {
        for (cell, expected) in [("EUR", Some("EUR")), (" gbp ", Some("GBP")), ("", None), ("\t", None)] {
            assert_eq!(parse_code(cell), Ok(expected.map(str::to_owned)), "{cell:?}");
        }
        for cell in ["€", "EU", "EURO", "E R", "en-GB", "978", "€€€", "\u{c5}\u{c4}\u{d6}"] {
            assert!(parse_code(cell).unwrap_err().contains("write the three letters"), "{cell:?}");
        }
    }
}
