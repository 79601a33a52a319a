//! Checks of a sheet against the current data of its customers.

use partner_center_budgets::Currency;
use partner_center_budgets_fleet::CurrentBudgets;

use super::company::KnownNames;
use super::contents::Sheet;
use super::currency::StatedCurrency;
use super::problem::{Problems, display_path};
use crate::error::CliError;
use crate::output::notice::notice;

impl Sheet {
    /// Checks the names and currencies of the sheet against the known ones, and adds its currencies to `current`.
    ///
    /// If a user sorted one column of a sheet alone, each id has the name and amount of another customer.
    ///
    /// # Errors
    ///
    /// Lists all customers with another name, unless `ignores_names`, and all with another currency: a budget is in the
    /// currency of the customer's usage.
    pub(crate) fn ensure_matches(
        &self,
        path: &str,
        current: &mut CurrentBudgets,
        known: &KnownNames,
        ignores_names: bool,
    ) -> Result<(), CliError> {
        let mut names = Problems::new(path);
        for stated in &self.names {
            if let Some(name) = known.mismatch(stated.customer, &stated.name) {
                let (customer, other) = (stated.customer, &stated.name);
                let what =
                    format!("`{other}`, but the name of customer {customer} is `{name}`; correct the name or the id");
                names.add(stated.position, &what);
            }
        }
        if ignores_names && !names.is_empty() {
            let accepted = std::mem::replace(&mut names, Problems::new(path)).into_listing();
            notice(format_args!("{accepted}warning: --ignore-names accepts the names above"));
        }
        let next = match names.is_empty() {
            true => "correct the listed problems; nothing was sent",
            false => "correct the listed problems, or accept all names with --ignore-names; nothing was sent",
        };
        let mut problems = names;
        let is_unchecked = self.check_currencies(current, &mut problems);
        if !problems.is_empty() {
            return Err(problems.into_error_with(next));
        }
        if is_unchecked {
            notice(format_args!(
                "warning: the currencies of {} were not checked; to check them, use `plan --current` with a file from \
                 `usage --output json`",
                display_path(path)
            ));
        }
        Ok(())
    }

    /// Returns whether the sheet has currencies and none of them could be checked. Only the usage records name a currency.
    fn check_currencies(&self, current: &mut CurrentBudgets, problems: &mut Problems) -> bool {
        let is_known = |customer| current.currency(customer).is_some();
        let is_unchecked = !self.currencies.is_empty() && !self.currencies.keys().any(|customer| is_known(*customer));
        for (customer, StatedCurrency { code, position }) in &self.currencies {
            match current.currency(*customer).and_then(Currency::code) {
                Some(known) if !known.eq_ignore_ascii_case(code) => {
                    let what = format!("the usage of customer {customer} is in {known}, and so is its budget");
                    problems.add(
                        *position,
                        &format!("`{code}`, but {what}; write the amount in {known}, and {known} here"),
                    );
                }
                _ => current.set_currency(*customer, Currency::Code(code.clone())),
            }
        }
        is_unchecked
    }
}
