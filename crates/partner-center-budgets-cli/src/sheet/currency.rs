//! Codes of currencies in cells.

/// In which currency a sheet has a customer's amount.
#[derive(Debug)]
pub(crate) struct Stated {
    pub(crate) code: String,
    /// Line and column.
    pub(super) place: (u64, usize),
}

/// The code in capitals, `None` for an empty cell; or what is wrong with it and how to write it.
///
/// Only the form is checked. A list of currencies would be out of date one day, and a code that does not exist shows in the
/// totals, where it has a sum of its own.
pub(crate) fn code(cell: &str) -> Result<Option<String>, String> {
    let cell = cell.trim();
    match cell.len() == 3 && cell.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        true => Ok(Some(cell.to_ascii_uppercase())),
        false if cell.is_empty() => Ok(None),
        false => Err(format!(
            "`{cell:.40}` is not the code of a currency; write the three letters of ISO 4217, such as EUR, or keep the cell empty"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_three_letters_in_any_case() {
        for (cell, expected) in [("EUR", Some("EUR")), (" gbp ", Some("GBP")), ("", None), ("\t", None)] {
            assert_eq!(code(cell), Ok(expected.map(str::to_owned)), "{cell:?}");
        }
        for cell in ["€", "EU", "EURO", "E R", "en-GB", "978", "€€€", "\u{c5}\u{c4}\u{d6}"] {
            assert!(code(cell).unwrap_err().contains("write the three letters"), "{cell:?}");
        }
    }
}
