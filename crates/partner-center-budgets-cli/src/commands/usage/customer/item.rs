//! One item of a customer's cost.

use partner_center_budgets::{
    AzureResourceUsageRecord, Currency, Decimal, MeterUsageRecord, ResourceUsageRecord, SubscriptionUsageRecord,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::output::records::{Record, number, text};
use crate::values::{code_and_locale, id_or_text};

/// The beginning of the ids of legacy offers, such as MS-AZR-0145P.
const LEGACY_OFFERS: &str = "MS-AZR-";

/// Whether a subscription has a legacy offer, not an Azure plan.
pub(super) fn is_legacy(subscription: &SubscriptionUsageRecord) -> bool {
    match &subscription.offer_id {
        Some(offer) => offer.starts_with(LEGACY_OFFERS),
        None => matches!(subscription.currency, Some(Currency::Locale(_))),
    }
}

/// One item of a customer's cost: a subscription, a category, a meter or a resource.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(crate) struct CostItem {
    pub(super) item: Option<String>,
    /// Id of the item as the service sent it: of a subscription, meter or kind of resource, or the path of a resource.
    pub(super) id: Option<String>,
    /// Name of the subscription that the item belongs to.
    pub(super) subscription: Option<String>,
    /// Offer of a subscription.
    pub(super) offer: Option<String>,
    /// Whether a subscription is an Azure plan or has a legacy offer.
    pub(super) plan: Option<&'static str>,
    /// Status of a subscription.
    pub(super) status: Option<String>,
    pub(super) category: Option<String>,
    pub(super) subcategory: Option<String>,
    pub(super) quantity: Option<Decimal>,
    pub(super) unit: Option<String>,
    pub(super) total_cost: Option<Decimal>,
    pub(super) currency: Option<String>,
    pub(super) currency_locale: Option<String>,
}

impl CostItem {
    /// The code, or the one that is presumed for a locale, or the locale: items of one customer can have both.
    pub(super) fn currency_code(&self) -> String {
        let locale = || self.currency_locale.clone().map(Currency::Locale);
        match (&self.currency, locale()) {
            (Some(code), _) => code.clone(),
            (None, Some(locale)) => locale.presumed_code().unwrap_or(locale.as_str()).to_owned(),
            (None, None) => String::new(),
        }
    }

    /// Records can lack the currency, which is that of their subscription.
    fn with_currency(mut self, currency: Option<Currency>, subscription: &SubscriptionUsageRecord) -> Self {
        (self.currency, self.currency_locale) = code_and_locale(currency.or_else(|| subscription.currency.clone()));
        self.subscription.clone_from(&subscription.subscription_name);
        self
    }

    pub(super) fn of_subscription(record: SubscriptionUsageRecord) -> Self {
        let plan = if is_legacy(&record) { "legacy" } else { "azure-plan" };
        let (currency, currency_locale) = code_and_locale(record.currency);
        Self {
            item: record.subscription_name,
            id: id_or_text(record.subscription_id, record.subscription_id_text),
            plan: Some(plan),
            offer: record.offer_id,
            status: record.status.map(|status| status.to_string()),
            total_cost: record.total_cost,
            currency,
            currency_locale,
            ..Self::default()
        }
    }

    pub(super) fn of_meter(record: MeterUsageRecord, subscription: &SubscriptionUsageRecord) -> Self {
        let item = Self {
            item: record.meter_name,
            id: record.meter_id,
            category: record.category,
            subcategory: record.subcategory,
            quantity: record.quantity_used,
            unit: record.unit,
            total_cost: record.total_cost,
            ..Self::default()
        };
        item.with_currency(record.currency, subscription)
    }

    pub(super) fn of_kind(record: AzureResourceUsageRecord, subscription: &SubscriptionUsageRecord) -> Self {
        let item = Self {
            item: record.resource_name,
            id: record.resource_id,
            category: record.category,
            subcategory: record.subcategory,
            quantity: record.quantity_used,
            unit: record.unit,
            total_cost: record.total_cost,
            ..Self::default()
        };
        item.with_currency(record.currency, subscription)
    }

    pub(super) fn of_resource(record: ResourceUsageRecord, subscription: &SubscriptionUsageRecord) -> Self {
        let item = Self {
            item: record.resource_name,
            id: record.resource_uri,
            category: record.resource_type,
            subcategory: record.resource_group_name,
            total_cost: record.total_cost,
            ..Self::default()
        };
        item.with_currency(record.currency, subscription)
    }
}

impl Record for CostItem {
    fn headers() -> Vec<&'static str> {
        vec![
            "item",
            "id",
            "subscription",
            "offer",
            "plan",
            "status",
            "category",
            "subcategory",
            "quantity",
            "unit",
            "total_cost",
            "currency",
            "currency_locale",
        ]
    }

    fn cells(&self) -> Vec<String> {
        vec![
            text(&self.item),
            text(&self.id),
            text(&self.subscription),
            text(&self.offer),
            self.plan.unwrap_or_default().to_owned(),
            text(&self.status),
            text(&self.category),
            text(&self.subcategory),
            number(self.quantity),
            text(&self.unit),
            number(self.total_cost),
            text(&self.currency),
            text(&self.currency_locale),
        ]
    }
}
