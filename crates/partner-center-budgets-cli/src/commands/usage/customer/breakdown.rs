//! The result of `usage CUSTOMER`.

use partner_center_budgets::{CustomerUsageRecord, CustomerUsageSummary, SubscriptionUsageRecord};
use partner_center_budgets_fleet::Assessment;

use super::costs::Costs;
use super::options::By;
use crate::commands::customer_arg::SelectedCustomer;

/// The cost of one customer, broken down.
pub(super) struct Breakdown {
    pub(super) customer: SelectedCustomer,
    pub(super) by: By,
    /// The record of the customer, completed by its summary.
    pub(super) record: CustomerUsageRecord,
    pub(super) summary: CustomerUsageSummary,
    pub(super) assessment: Assessment,
    /// The subscription that was selected.
    pub(super) subscription: Option<SubscriptionUsageRecord>,
    /// The operations that had the items.
    pub(super) operations: Vec<&'static str>,
    pub(super) costs: Costs,
}
