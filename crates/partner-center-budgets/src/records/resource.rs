//! What has been consumed within one subscription: by kind of resource, by meter, and by resource.

use chrono::{DateTime, FixedOffset};

use super::{Currency, wire};
use crate::generated::types;
use crate::{Decimal, SubscriptionId};

/// What one kind of Azure resource has consumed within a legacy subscription (MS-AZR-0145P) in the current billing period.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct AzureResourceUsageRecord {
    /// Id of the kind of resource, as the service sent it.
    pub resource_id: Option<String>,
    /// Name of the kind of resource.
    pub resource_name: Option<String>,
    /// Category of the service.
    pub category: Option<String>,
    /// Finer category of the service; may be an empty text.
    pub subcategory: Option<String>,
    /// Quantity consumed, in `unit`.
    pub quantity_used: Option<Decimal>,
    /// Unit of `quantity_used`, such as `Hours`.
    pub unit: Option<String>,
    /// Cost so far in the current billing period, in `currency`. An estimate, renewed about once a day.
    pub total_cost: Option<Decimal>,
    /// Currency of `total_cost`.
    pub currency: Option<Currency>,
    /// When the service last renewed these figures. Missing in what Microsoft publishes as a sample.
    pub last_modified: Option<DateTime<FixedOffset>>,
}

impl From<types::AzureResourceMonthlyUsageRecord> for AzureResourceUsageRecord {
    fn from(wire: types::AzureResourceMonthlyUsageRecord) -> Self {
        Self {
            resource_id: wire::text(wire.resource_id, wire.id),
            resource_name: wire::text(wire.resource_name, wire.name),
            category: wire.category,
            subcategory: wire.subcategory,
            quantity_used: wire.quantity_used,
            unit: wire.unit,
            total_cost: wire.total_cost,
            currency: Currency::new(None, wire.currency_locale),
            last_modified: wire::date(wire.last_modified_date),
        }
    }
}

/// What one meter has consumed within a subscription, legacy or Azure plan, in the current billing period.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct MeterUsageRecord {
    /// Id of the subscription.
    pub subscription_id: Option<SubscriptionId>,
    /// What the service sent as id of the subscription where that is no GUID.
    pub subscription_id_text: Option<String>,
    /// Id of the meter, as the service sent it. No GUID for an Azure plan.
    pub meter_id: Option<String>,
    /// Name of the meter.
    pub meter_name: Option<String>,
    /// Category of the service.
    pub category: Option<String>,
    /// Finer category of the service; may be an empty text.
    pub subcategory: Option<String>,
    /// Quantity consumed, in `unit`.
    pub quantity_used: Option<Decimal>,
    /// Unit of `quantity_used`, such as `1 GB`.
    pub unit: Option<String>,
    /// Cost so far in the current billing period, in `currency`. An estimate, renewed about once a day.
    pub total_cost: Option<Decimal>,
    /// Currency of `total_cost`.
    pub currency: Option<Currency>,
    /// The same cost in US dollars.
    pub usd_total_cost: Option<Decimal>,
    /// When the service last renewed these figures.
    pub last_modified: Option<DateTime<FixedOffset>>,
}

impl From<types::MeterUsageRecord> for MeterUsageRecord {
    fn from(wire: types::MeterUsageRecord) -> Self {
        let (subscription_id, subscription_id_text) = wire::id(wire.subscription_id, None);
        Self {
            subscription_id,
            subscription_id_text,
            meter_id: wire.meter_id,
            meter_name: wire.meter_name,
            category: wire.category,
            subcategory: wire.subcategory,
            quantity_used: wire.quantity_used,
            unit: wire.unit,
            total_cost: wire.total_cost,
            currency: Currency::new(wire.currency_code, None),
            usd_total_cost: wire.usd_total_cost,
            last_modified: wire::date(wire.last_modified_date),
        }
    }
}

/// What one Azure resource has consumed within an Azure plan in the current billing period.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct ResourceUsageRecord {
    /// Id of the subscription: that of the plan.
    pub subscription_id: Option<SubscriptionId>,
    /// What the service sent as id of the subscription where that is no GUID.
    pub subscription_id_text: Option<String>,
    /// Where Azure has the resource, such as `/subscriptions/…/resourceGroups/…`.
    pub resource_uri: Option<String>,
    /// Type of the resource.
    pub resource_type: Option<String>,
    /// Name of the resource.
    pub resource_name: Option<String>,
    /// Resource group that the resource is in.
    pub resource_group_name: Option<String>,
    /// Id of the Azure subscription within the plan, as the service sent it.
    pub entitlement_id: Option<String>,
    /// Name of the Azure subscription within the plan.
    pub entitlement_name: Option<String>,
    /// Cost so far in the current billing period, in `currency`; below zero for a credit. An estimate, renewed about
    /// once a day.
    pub total_cost: Option<Decimal>,
    /// Currency of `total_cost`.
    pub currency: Option<Currency>,
    /// The same cost in US dollars.
    pub usd_total_cost: Option<Decimal>,
    /// When the service last renewed these figures.
    pub last_modified: Option<DateTime<FixedOffset>>,
}

impl From<types::ResourceUsageRecord> for ResourceUsageRecord {
    fn from(wire: types::ResourceUsageRecord) -> Self {
        let (subscription_id, subscription_id_text) = wire::id(wire.subscription_id, None);
        Self {
            subscription_id,
            subscription_id_text,
            resource_uri: wire.resource_uri,
            resource_type: wire.resource_type,
            resource_name: wire::text(wire.resource_name, wire.name),
            resource_group_name: wire.resource_group_name,
            entitlement_id: wire.entitlement_id,
            entitlement_name: wire.entitlement_name,
            total_cost: wire.total_cost,
            currency: Currency::new(wire.currency_code, None),
            usd_total_cost: wire.usd_total_cost,
            last_modified: wire::date(wire.last_modified_date),
        }
    }
}
