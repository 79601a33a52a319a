//! The contents of a sheet.

use std::collections::BTreeMap;

use partner_center_budgets::CustomerId;
use partner_center_budgets_fleet::DesiredBudget;

use super::currency::StatedCurrency;
use super::problem::Position;

#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) budgets: Vec<DesiredBudget>,
    /// The customers' names, if the sheet has a column for them.
    pub(crate) names: Vec<StatedName>,
    /// The customers' currencies, if the sheet has a column for them.
    pub(crate) currencies: BTreeMap<CustomerId, StatedCurrency>,
}

/// The name that a row states for its customer.
#[derive(Debug)]
pub(crate) struct StatedName {
    pub(crate) customer: CustomerId,
    pub(crate) name: String,
    pub(super) position: Position,
}
