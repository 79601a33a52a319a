//! Codes of currencies in cells, and whether they can be meant.

use std::io::{self, Write};

use partner_center_budgets::Currency;
use partner_center_budgets::fleet::Current;

use super::problem::Problems;
use super::{Sheet, shown};
use crate::failure::Told;

/// In which currency a sheet has a customer's amount.
#[derive(Debug)]
pub(crate) struct Stated {
    pub(crate) code: String,
    /// Line and column.
    pub(super) place: (u64, usize),
}

impl Sheet {
    /// Tells a plan the currencies of the sheet, and people that they were not checked where nothing tells those of the usage.
    /// `path` is for messages.
    ///
    /// # Errors
    ///
    /// A budget counts in the currency of the customer's usage: where `current` knows another one than the sheet does, the
    /// amount is not what was meant.
    pub(crate) fn tell_currencies(&self, path: &str, current: &mut Current) -> Result<(), Told> {
        let mut problems = Problems::new(shown(path));
        let mut all: Vec<_> = self.currencies.iter().collect();
        all.sort_by_key(|(_, stated)| stated.place);
        // Budgets have no currency: only the usage tells it.
        let is_unchecked = !all.is_empty() && all.iter().all(|(customer, _)| current.currency(**customer).is_none());
        for (customer, Stated { code, place }) in all {
            match current.currency(*customer).and_then(Currency::code) {
                Some(known) if !known.eq_ignore_ascii_case(code) => {
                    let what = format!("the usage of customer {customer} is in {known}, and so is its budget");
                    problems
                        .add(*place, format!("`{code}`, but {what}; write the amount in {known}, and {known} here"));
                }
                _ => current.set_currency(*customer, Currency::Code(code.clone())),
            }
        }
        if !problems.is_empty() {
            return Err(problems.told());
        }
        if is_unchecked {
            // Whoever does not read this must not be kept from the plan.
            let _ = writeln!(
                io::stderr(),
                "warning: the currencies of {} were not checked against those of the usage; `plan --current` does it, with \
                 what `usage --output json` wrote",
                shown(path)
            );
        }
        Ok(())
    }
}

/// The code in capitals, `None` for an empty cell; or what is wrong with it and how to write it.
///
/// Only the form is checked. A list of currencies would be out of date one day, and a code that does not exist shows in the
/// totals, where it has a sum of its own.
pub(super) fn code(cell: &str) -> Result<Option<String>, String> {
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
