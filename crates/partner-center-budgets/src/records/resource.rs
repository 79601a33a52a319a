//! The usage within one subscription: by kind of resource, by meter, and by resource.

use chrono::{DateTime, FixedOffset};

use super::record::record;
use super::{Currency, wire};
use crate::generated::types;
use crate::{Decimal, SubscriptionId};

record! {
    /// Usage of one kind of Azure resource in a legacy subscription (MS-AZR-0145P) in the current billing period.
    AzureResourceUsageRecord from (sent: types::AzureResourceMonthlyUsageRecord) {
        /// Id of the kind of resource, as the service sent it.
        resource_id: Option<String> = wire::text(sent.resource_id, sent.id),
        /// Name of the kind of resource.
        resource_name: Option<String> = wire::text(sent.resource_name, sent.name),
        /// Category of the service.
        category: Option<String> = sent.category,
        /// Subcategory of the service; can be empty.
        subcategory: Option<String> = sent.subcategory,
        /// Quantity consumed, in `unit`.
        quantity_used: Option<Decimal> = sent.quantity_used,
        /// Unit of `quantity_used`, such as `Hours`.
        unit: Option<String> = sent.unit,
        /// Cost so far in the current billing period, in `currency`. An estimate that the service updates about once a
        /// day.
        total_cost: Option<Decimal> = sent.total_cost,
        /// Currency of `total_cost`.
        currency: Option<Currency> = Currency::new(None, sent.currency_locale),
        /// When the service last updated the amounts. Missing in the sample that Microsoft publishes.
        last_modified: Option<DateTime<FixedOffset>> = wire::date(sent.last_modified_date),
    }
}

record! {
    /// Usage of one meter in a subscription in the current billing period. The subscription is a legacy one or an Azure
    /// plan.
    MeterUsageRecord from (sent: types::MeterUsageRecord) {
        /// Id of the subscription.
        subscription_id: Option<SubscriptionId> = wire::id(&sent.subscription_id, &None),
        /// The id of the subscription as the service sent it, if it is not a GUID.
        subscription_id_text: Option<String> = wire::id_text(subscription_id, sent.subscription_id, None),
        /// Id of the meter, as the service sent it. Not a GUID for an Azure plan.
        meter_id: Option<String> = sent.meter_id,
        /// Name of the meter.
        meter_name: Option<String> = sent.meter_name,
        /// Category of the service.
        category: Option<String> = sent.category,
        /// Subcategory of the service; can be empty.
        subcategory: Option<String> = sent.subcategory,
        /// Quantity consumed, in `unit`.
        quantity_used: Option<Decimal> = sent.quantity_used,
        /// Unit of `quantity_used`, such as `1 GB`.
        unit: Option<String> = sent.unit,
        /// Cost so far in the current billing period, in `currency`. An estimate that the service updates about once a
        /// day.
        total_cost: Option<Decimal> = sent.total_cost,
        /// Currency of `total_cost`.
        currency: Option<Currency> = Currency::new(sent.currency_code, None),
        /// The same cost in US dollars.
        usd_total_cost: Option<Decimal> = sent.usd_total_cost,
        /// When the service last updated the amounts.
        last_modified: Option<DateTime<FixedOffset>> = wire::date(sent.last_modified_date),
    }
}

record! {
    /// Usage of one Azure resource in an Azure plan in the current billing period.
    ResourceUsageRecord from (sent: types::ResourceUsageRecord) {
        /// Id of the subscription: the id of the plan.
        subscription_id: Option<SubscriptionId> = wire::id(&sent.subscription_id, &None),
        /// The id of the subscription as the service sent it, if it is not a GUID.
        subscription_id_text: Option<String> = wire::id_text(subscription_id, sent.subscription_id, None),
        /// Path of the resource in Azure, such as `/subscriptions/…/resourceGroups/…`.
        resource_uri: Option<String> = sent.resource_uri,
        /// Type of the resource.
        resource_type: Option<String> = sent.resource_type,
        /// Name of the resource.
        resource_name: Option<String> = wire::text(sent.resource_name, sent.name),
        /// Resource group of the resource.
        resource_group_name: Option<String> = sent.resource_group_name,
        /// Id of the Azure subscription within the plan, as the service sent it.
        entitlement_id: Option<String> = sent.entitlement_id,
        /// Name of the Azure subscription within the plan.
        entitlement_name: Option<String> = sent.entitlement_name,
        /// Cost so far in the current billing period, in `currency`; below zero for a credit. An estimate that the
        /// service updates about once a day.
        total_cost: Option<Decimal> = sent.total_cost,
        /// Currency of `total_cost`.
        currency: Option<Currency> = Currency::new(sent.currency_code, None),
        /// The same cost in US dollars.
        usd_total_cost: Option<Decimal> = sent.usd_total_cost,
        /// When the service last updated the amounts.
        last_modified: Option<DateTime<FixedOffset>> = wire::date(sent.last_modified_date),
    }
}
