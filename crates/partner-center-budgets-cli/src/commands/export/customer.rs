//! A customer in the export.

use partner_center_budgets::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
pub(crate) struct ExportedCustomer {
    pub(super) customer: String,
    pub(super) name: Option<String>,
    pub(super) amount: Option<Decimal>,
    pub(super) total_cost: Option<Decimal>,
    pub(super) currency: Option<String>,
    pub(super) currency_locale: Option<String>,
}
