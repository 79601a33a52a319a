//! The usage of all customers of the partner.

use chrono::{DateTime, FixedOffset};

use super::record::record;
use super::{Currency, wire};
use crate::Decimal;
use crate::generated::types;

record! {
    /// Usage of all customers on legacy offers (MS-AZR-0145P) in the current billing period, without Azure plans.
    PartnerUsageSummary from (sent: types::PartnerUsageSummary) {
        /// Id of the partner, as the service sent it.
        partner_id: Option<String> = wire::text(sent.resource_id, sent.id),
        /// Name of the partner.
        partner_name: Option<String> = wire::text(sent.resource_name, sent.name),
        /// Addresses that the service notifies when the cost of a customer nears its budget.
        emails_to_notify: Vec<String> = sent.emails_to_notify.unwrap_or_default(),
        /// Number of customers whose cost is above their budget.
        customers_over_budget: Option<u64> = wire::count(sent.customers_over_budget),
        /// Number of customers that will exceed their budget at the current rate.
        customers_trending_over: Option<u64> = wire::count(sent.customers_trending_over),
        /// Number of customers with a subscription that is billed by usage.
        customers_with_usage_based_subscription: Option<u64> =
            wire::count(sent.customers_with_usage_based_subscription),
        /// Start of the billing period.
        billing_start: Option<DateTime<FixedOffset>> = wire::date(sent.billing_start_date),
        /// End of the billing period.
        billing_end: Option<DateTime<FixedOffset>> = wire::date(sent.billing_end_date),
        /// Cost so far in the billing period, in `currency`. An estimate that the service updates about once a day.
        total_cost: Option<Decimal> = sent.total_cost,
        /// Currency of `total_cost`.
        currency: Option<Currency> = Currency::new(None, sent.currency_locale),
        /// When the service last updated the amounts.
        last_modified: Option<DateTime<FixedOffset>> = wire::date(sent.last_modified_date),
    }
}
