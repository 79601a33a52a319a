//! A sheet compared with what is known of its customers.

use partner_center_budgets::Currency;
use partner_center_budgets_fleet::CurrentBudgets;

use super::company::KnownNames;
use super::currency::Stated;
use super::problem::Problems;
use super::{Sheet, shown};
use crate::failure::Told;
use crate::output::notice;

impl Sheet {
    /// Compares the names and currencies of the sheet with the known ones, and adds its currencies to `current`.
    ///
    /// A sheet of which one column was sorted alone has each id with another customer's name and amount. `path` is for
    /// messages.
    ///
    /// # Errors
    ///
    /// All customers with another name, unless `ignores_names`, and all with another currency: a budget is in the currency of
    /// the customer's usage.
    pub(crate) fn check(
        &self,
        path: &str,
        current: &mut CurrentBudgets,
        known: &KnownNames,
        ignores_names: bool,
    ) -> Result<(), Told> {
        let mut names = Problems::new(shown(path));
        for stated in &self.names {
            if let Some(name) = known.other_than(stated.customer, &stated.name) {
                let (customer, other) = (stated.customer, &stated.name);
                let what =
                    format!("`{other}`, but the name of customer {customer} is `{name}`; correct the name or the id");
                names.add(stated.place, what);
            }
        }
        if ignores_names && !names.is_empty() {
            notice(format_args!("{}warning: --ignore-names accepts the names above", names.listed()));
            names = Problems::new(shown(path));
        }
        let next = match names.is_empty() {
            true => "correct what is listed; nothing was sent",
            false => "correct what is listed, or accept all names with --ignore-names; nothing was sent",
        };
        let mut problems = names;
        let is_unchecked = self.check_currencies(current, &mut problems);
        if !problems.is_empty() {
            return Err(problems.told_with(next));
        }
        if is_unchecked {
            // A closed standard error must not prevent the plan.
            notice(format_args!(
                "warning: the currencies of {} were not checked against those of the usage; `plan --current` does it, with \
                 what `usage --output json` wrote",
                shown(path)
            ));
        }
        Ok(())
    }

    /// Returns whether the sheet has currencies and none of them could be checked: budgets have no currency, only the usage
    /// has.
    fn check_currencies(&self, current: &mut CurrentBudgets, problems: &mut Problems) -> bool {
        let is_known = |customer| current.currency(customer).is_some();
        let is_unchecked = !self.currencies.is_empty() && !self.currencies.keys().any(|customer| is_known(*customer));
        for (customer, Stated { code, place }) in &self.currencies {
            match current.currency(*customer).and_then(Currency::code) {
                Some(known) if !known.eq_ignore_ascii_case(code) => {
                    let what = format!("the usage of customer {customer} is in {known}, and so is its budget");
                    problems
                        .add(*place, format!("`{code}`, but {what}; write the amount in {known}, and {known} here"));
                }
                _ => current.set_currency(*customer, Currency::Code(code.clone())),
            }
        }
        is_unchecked
    }
}
