//! The usage of a customer's subscriptions.

use chrono::{DateTime, FixedOffset};

use super::record::record;
use super::{Currency, SubscriptionStatus, wire};
use crate::generated::types;
use crate::{Decimal, SubscriptionId};

record! {
    /// Usage of one subscription in the current billing period.
    ///
    /// Costs are estimates without taxes and credits. The service updates them about once a day.
    SubscriptionUsageRecord from (sent: types::SubscriptionMonthlyUsageRecord) {
        /// Id of the subscription; for an Azure plan, the id of the plan.
        subscription_id: Option<SubscriptionId> = wire::id(&sent.resource_id, &sent.id),
        /// The id as the service sent it, if it is not a GUID.
        subscription_id_text: Option<String> = wire::id_text(subscription_id, sent.resource_id, sent.id),
        /// Name of the subscription.
        subscription_name: Option<String> = wire::text(sent.resource_name, sent.name),
        /// Status of the subscription.
        status: Option<SubscriptionStatus> = sent.status.map(Into::into),
        /// Id of the partner on record.
        partner_on_record: Option<String> = sent.partner_on_record,
        /// The offer, such as `MS-AZR-0145P` or `DZH318Z0BPS6:0001:DZH318Z0BML6`.
        offer_id: Option<String> = sent.offer_id,
        /// Cost so far in the current billing period, in `currency`.
        total_cost: Option<Decimal> = sent.total_cost,
        /// Currency of `total_cost`.
        currency: Option<Currency> = Currency::new(sent.currency_code, sent.currency_locale),
        /// The same cost in US dollars. Sent for Azure plans.
        usd_total_cost: Option<Decimal> = sent.usd_total_cost,
        /// When the service last updated the amounts.
        last_modified: Option<DateTime<FixedOffset>> = wire::date(sent.last_modified_date),
    }
}

/// The prefix of all offers of Azure plans.
const AZURE_PLAN: &str = "DZH318Z0BPS6";
/// The legacy offer of Azure.
const LEGACY: &str = "MS-AZR-0145P";

impl SubscriptionUsageRecord {
    /// Whether this is an Azure plan; `None` if the offer is neither an Azure plan nor the legacy offer.
    ///
    /// It decides which lists have records. Lists by Azure resource are for Azure plans, lists by kind of Azure resource
    /// for legacy offers, and lists by meter for both. The other lists are empty, without an error.
    ///
    /// ```
    /// use partner_center_budgets::SubscriptionUsageRecord;
    ///
    /// let mut record = SubscriptionUsageRecord::default();
    /// record.offer_id = Some("DZH318Z0BPS6:0001:DZH318Z0BML6".to_owned());
    /// assert_eq!(record.is_azure_plan(), Some(true));
    /// record.offer_id = Some("MS-AZR-0145P".to_owned());
    /// assert_eq!(record.is_azure_plan(), Some(false));
    /// ```
    #[must_use]
    pub fn is_azure_plan(&self) -> Option<bool> {
        let offer = self.offer_id.as_deref()?;
        let starts_with = |prefix: &str| offer.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix));
        if starts_with(AZURE_PLAN) { Some(true) } else { starts_with(LEGACY).then_some(false) }
    }
}

record! {
    /// Usage of one subscription in the current billing period, with the dates of that period.
    ///
    /// Costs are estimates without taxes and credits. The service updates them about once a day.
    SubscriptionUsageSummary from (sent: types::SubscriptionUsageSummary) {
        /// Id of the subscription; for an Azure plan, the id of the plan.
        subscription_id: Option<SubscriptionId> = wire::id(&sent.resource_id, &sent.id),
        /// The id as the service sent it, if it is not a GUID.
        subscription_id_text: Option<String> = wire::id_text(subscription_id, sent.resource_id, sent.id),
        /// Name of the subscription.
        subscription_name: Option<String> = wire::text(sent.resource_name, sent.name),
        /// Start of the billing period. Legacy offers have an offset of the Pacific coast, Azure plans UTC.
        billing_start: Option<DateTime<FixedOffset>> = wire::date(sent.billing_start_date),
        /// End of the billing period.
        billing_end: Option<DateTime<FixedOffset>> = wire::date(sent.billing_end_date),
        /// Cost so far in the billing period, in `currency`.
        total_cost: Option<Decimal> = sent.total_cost,
        /// Currency of `total_cost`.
        currency: Option<Currency> = Currency::new(sent.currency_code, sent.currency_locale),
        /// The same cost in US dollars. Sent for Azure plans.
        usd_total_cost: Option<Decimal> = sent.usd_total_cost,
        /// When the service last updated the amounts.
        last_modified: Option<DateTime<FixedOffset>> = wire::date(sent.last_modified_date),
    }
}
