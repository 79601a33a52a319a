//! What a customer's subscriptions have consumed.

use chrono::{DateTime, FixedOffset};

use super::{Currency, SubscriptionStatus, wire};
use crate::generated::types;
use crate::{Decimal, SubscriptionId};

/// What every offer of an Azure plan begins with.
const AZURE_PLAN: &str = "DZH318Z0BPS6";
/// The legacy offer for Azure.
const LEGACY: &str = "MS-AZR-0145P";

/// What one subscription of a customer has consumed in the current billing period.
///
/// Costs are estimates without taxes and credits, renewed about once a day.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct SubscriptionUsageRecord {
    /// Id of the subscription; for an Azure plan, the id of the plan.
    pub subscription_id: Option<SubscriptionId>,
    /// What the service sent as id where that is no GUID.
    pub subscription_id_text: Option<String>,
    /// Name of the subscription.
    pub subscription_name: Option<String>,
    /// How the subscription stands.
    pub status: Option<SubscriptionStatus>,
    /// Id of the partner on record.
    pub partner_on_record: Option<String>,
    /// The offer, such as `MS-AZR-0145P` or `DZH318Z0BPS6:0001:DZH318Z0BML6`.
    pub offer_id: Option<String>,
    /// Cost so far in the current billing period, in `currency`.
    pub total_cost: Option<Decimal>,
    /// Currency of `total_cost`.
    pub currency: Option<Currency>,
    /// The same cost in US dollars. Sent for Azure plans.
    pub usd_total_cost: Option<Decimal>,
    /// When the service last renewed these figures.
    pub last_modified: Option<DateTime<FixedOffset>>,
}

impl SubscriptionUsageRecord {
    /// Whether this is an Azure plan; `None` where the offer does not tell.
    ///
    /// It decides which lists have records: those by Azure resource are for Azure plans alone, those by kind of Azure
    /// resource for legacy offers alone, and those by meter for both. The others are empty then, which is no error.
    #[must_use]
    pub fn is_azure_plan(&self) -> Option<bool> {
        let begins_with = |start: &str| {
            let beginning = self.offer_id.as_deref()?.get(..start.len())?;
            Some(beginning.eq_ignore_ascii_case(start))
        };
        match (begins_with(AZURE_PLAN), begins_with(LEGACY)) {
            (Some(true), _) => Some(true),
            (_, Some(true)) => Some(false),
            _ => None,
        }
    }
}

impl From<types::SubscriptionMonthlyUsageRecord> for SubscriptionUsageRecord {
    fn from(wire: types::SubscriptionMonthlyUsageRecord) -> Self {
        let (subscription_id, subscription_id_text) = wire::id(wire.resource_id, wire.id);
        Self {
            subscription_id,
            subscription_id_text,
            subscription_name: wire::text(wire.resource_name, wire.name),
            status: wire.status.map(SubscriptionStatus::from),
            partner_on_record: wire.partner_on_record,
            offer_id: wire.offer_id,
            total_cost: wire.total_cost,
            currency: Currency::new(wire.currency_code, wire.currency_locale),
            usd_total_cost: wire.usd_total_cost,
            last_modified: wire::date(wire.last_modified_date),
        }
    }
}

/// What one subscription has consumed in the current billing period, with the dates of that period.
///
/// Costs are estimates without taxes and credits, renewed about once a day.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct SubscriptionUsageSummary {
    /// Id of the subscription; for an Azure plan, the id of the plan.
    pub subscription_id: Option<SubscriptionId>,
    /// What the service sent as id where that is no GUID.
    pub subscription_id_text: Option<String>,
    /// Name of the subscription.
    pub subscription_name: Option<String>,
    /// Start of the billing period. Legacy offers have an offset of the Pacific coast, Azure plans UTC.
    pub billing_start: Option<DateTime<FixedOffset>>,
    /// End of the billing period.
    pub billing_end: Option<DateTime<FixedOffset>>,
    /// Cost so far in the billing period, in `currency`.
    pub total_cost: Option<Decimal>,
    /// Currency of `total_cost`.
    pub currency: Option<Currency>,
    /// The same cost in US dollars. Sent for Azure plans.
    pub usd_total_cost: Option<Decimal>,
    /// When the service last renewed these figures.
    pub last_modified: Option<DateTime<FixedOffset>>,
}

impl From<types::SubscriptionUsageSummary> for SubscriptionUsageSummary {
    fn from(wire: types::SubscriptionUsageSummary) -> Self {
        let (subscription_id, subscription_id_text) = wire::id(wire.resource_id, wire.id);
        Self {
            subscription_id,
            subscription_id_text,
            subscription_name: wire::text(wire.resource_name, wire.name),
            billing_start: wire::date(wire.billing_start_date),
            billing_end: wire::date(wire.billing_end_date),
            total_cost: wire.total_cost,
            currency: Currency::new(wire.currency_code, wire.currency_locale),
            usd_total_cost: wire.usd_total_cost,
            last_modified: wire::date(wire.last_modified_date),
        }
    }
}
