//! What all customers of the partner have consumed together.

use chrono::{DateTime, FixedOffset};

use super::{Currency, wire};
use crate::Decimal;
use crate::generated::types;

/// What all customers on legacy offers (MS-AZR-0145P) have consumed in the current billing period. Azure plans are not
/// part of it.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct PartnerUsageSummary {
    /// Id of the partner, as the service sent it.
    pub partner_id: Option<String>,
    /// Name of the partner.
    pub partner_name: Option<String>,
    /// Who is notified when a customer comes near its budget; empty where the service names nobody.
    pub emails_to_notify: Vec<String>,
    /// Number of customers whose cost is above their budget.
    pub customers_over_budget: Option<u64>,
    /// Number of customers who will exceed their budget if they go on as they did.
    pub customers_trending_over: Option<u64>,
    /// Number of customers with a subscription that is billed by usage.
    pub customers_with_usage_based_subscription: Option<u64>,
    /// Start of the billing period.
    pub billing_start: Option<DateTime<FixedOffset>>,
    /// End of the billing period.
    pub billing_end: Option<DateTime<FixedOffset>>,
    /// Cost so far in the billing period, in `currency`. An estimate, renewed about once a day.
    pub total_cost: Option<Decimal>,
    /// Currency of `total_cost`.
    pub currency: Option<Currency>,
    /// When the service last renewed these figures.
    pub last_modified: Option<DateTime<FixedOffset>>,
}

impl From<types::PartnerUsageSummary> for PartnerUsageSummary {
    fn from(wire: types::PartnerUsageSummary) -> Self {
        let count = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok());
        Self {
            partner_id: wire::text(wire.resource_id, wire.id),
            partner_name: wire::text(wire.resource_name, wire.name),
            emails_to_notify: wire.emails_to_notify.unwrap_or_default(),
            customers_over_budget: count(wire.customers_over_budget),
            customers_trending_over: count(wire.customers_trending_over),
            customers_with_usage_based_subscription: count(wire.customers_with_usage_based_subscription),
            billing_start: wire::date(wire.billing_start_date),
            billing_end: wire::date(wire.billing_end_date),
            total_cost: wire.total_cost,
            currency: Currency::new(None, wire.currency_locale),
            last_modified: wire::date(wire.last_modified_date),
        }
    }
}
