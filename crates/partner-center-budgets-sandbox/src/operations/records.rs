//! The lists of usage records of the current billing period.

use serde::Serialize;
use uuid::Uuid;

use super::budget::SpendingBudget;
use crate::collection::{Collection, Links};
use crate::money::{Money, percent_used};
use crate::paging::Pager;
use crate::request::Request;
use crate::response::{OperationResult, json};
use crate::wire::{Attributes, Dates, Figures, Identity};
use crate::world::{Customer, Offer, Subscription, UsageLine, World};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerMonthlyUsageRecord<'a> {
    budget: SpendingBudget<'a>,
    customer_spending_budget: SpendingBudget<'a>,
    percent_used: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_upgraded: Option<bool>,
    #[serde(flatten)]
    identity: Identity,
    #[serde(flatten)]
    figures: Figures,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency_symbol: Option<&'static str>,
    last_modified_date: String,
    attributes: Attributes,
}

/// All customers, except those who never consumed Azure.
pub(super) fn customers<'a>(world: &'a World, request: &Request) -> OperationResult {
    let customers: Vec<&'a Customer> =
        world.customers().iter().filter(|customer| !customer.subscriptions.is_empty()).collect();
    let record = |customer: &&'a Customer| CustomerMonthlyUsageRecord {
        budget: SpendingBudget::of_customer(customer),
        customer_spending_budget: SpendingBudget::of_customer(customer),
        percent_used: percent_used(customer.cost.local, customer.budget.as_ref()).into(),
        is_upgraded: (customer.offer == Offer::AzurePlan).then_some(true),
        identity: Identity::both(customer.id, &customer.company),
        figures: Figures::of_offer(customer.offer, customer.currency, customer.cost),
        currency_symbol: (customer.offer == Offer::AzurePlan).then_some(customer.currency.symbol),
        last_modified_date: Dates::new(customer.offer, world.date()).modified,
        attributes: Attributes::of_type("CustomerMonthlyUsageRecord"),
    };
    list(world, request, &customers, record, Links::to_self("customers/usagerecords".to_owned()))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SubscriptionMonthlyUsageRecord {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner_on_record: Option<&'static str>,
    offer_id: &'static str,
    #[serde(flatten)]
    identity: Identity,
    #[serde(flatten)]
    figures: Figures,
    last_modified_date: String,
    attributes: Attributes,
}

pub(super) fn subscriptions(world: &World, request: &Request) -> OperationResult {
    let customer = world.customer(request.path("customer"))?;
    let record = |subscription: &Subscription| SubscriptionMonthlyUsageRecord {
        status: subscription.status,
        partner_on_record: (customer.offer == Offer::Legacy).then_some("5139005"),
        offer_id: match customer.offer {
            Offer::Legacy => "MS-AZR-0145P",
            Offer::AzurePlan => "DZH318Z0BPS6:0001:DZH318Z0BML6",
        },
        identity: Identity::both(subscription.id, &subscription.name),
        figures: Figures::of_offer(customer.offer, customer.currency, subscription.cost),
        last_modified_date: Dates::new(customer.offer, world.date()).modified,
        attributes: Attributes::of_type("SubscriptionMonthlyUsageRecord"),
    };
    let links = Links::to_self(format!("/customers/{}/subscriptions/usagerecords", customer.id));
    list(world, request, &customer.subscriptions, record, links)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AzureResourceMonthlyUsageRecord {
    category: &'static str,
    subcategory: &'static str,
    quantity_used: Money,
    unit: &'static str,
    #[serde(flatten)]
    identity: Identity,
    #[serde(flatten)]
    figures: Figures,
    attributes: Attributes,
}

/// For legacy offers only: an Azure plan gets an empty collection without an error.
pub(super) fn azure_resources(world: &World, request: &Request) -> OperationResult {
    let customer = world.customer(request.path("customer"))?;
    let subscription = customer.subscription(request.path("subscription"))?;
    let record = |line: &UsageLine| AzureResourceMonthlyUsageRecord {
        category: line.meter.category,
        subcategory: line.meter.subcategory,
        quantity_used: line.quantity.into(),
        unit: line.meter.unit,
        identity: Identity::older(line.meter.id, line.meter.name),
        figures: Figures::of_offer(customer.offer, customer.currency, line.cost),
        attributes: Attributes::of_type("AzureResourceMonthlyUsageRecord"),
    };
    let lines = if customer.offer == Offer::Legacy { subscription.lines(world.meters()) } else { Vec::new() };
    let links = Links::to_self(format!("/v1{}/usagerecords/resources", subscription_path(customer, subscription)));
    list(world, request, &lines, record, links)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MeterUsageRecord {
    subscription_id: Uuid,
    meter_id: String,
    meter_name: &'static str,
    category: &'static str,
    subcategory: &'static str,
    quantity_used: Money,
    unit: &'static str,
    #[serde(flatten)]
    figures: Figures,
    last_modified_date: String,
    attributes: Attributes,
}

/// For both offers, with a currency code for both.
pub(super) fn meters(world: &World, request: &Request) -> OperationResult {
    let customer = world.customer(request.path("customer"))?;
    let subscription = customer.subscription(request.path("subscription"))?;
    let record = |line: &UsageLine| MeterUsageRecord {
        subscription_id: subscription.id,
        meter_id: match customer.offer {
            Offer::Legacy => line.meter.id.to_owned(),
            Offer::AzurePlan => format!("{}-{}", line.meter.product, line.meter.name),
        },
        meter_name: line.meter.name,
        category: line.meter.category,
        subcategory: line.meter.subcategory,
        quantity_used: line.quantity.into(),
        unit: line.meter.unit,
        figures: Figures::with_code(customer.currency.code, line.cost),
        last_modified_date: Dates::new(customer.offer, world.date()).modified,
        attributes: Attributes::of_type("MeterUsageRecord"),
    };
    let links = Links::to_self(format!("{}/meterusagerecords", subscription_path(customer, subscription)));
    list(world, request, &subscription.lines(world.meters()), record, links)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourceUsageRecord {
    subscription_id: Uuid,
    resource_uri: String,
    resource_type: &'static str,
    entitlement_id: Uuid,
    entitlement_name: String,
    resource_group_name: &'static str,
    resource_name: String,
    name: String,
    #[serde(flatten)]
    figures: Figures,
    last_modified_date: String,
    attributes: Attributes,
}

/// For Azure plans only: a legacy offer gets an empty collection without an error.
pub(super) fn resources(world: &World, request: &Request) -> OperationResult {
    let customer = world.customer(request.path("customer"))?;
    let subscription = customer.subscription(request.path("subscription"))?;
    let record = |(nth, line): &(usize, UsageLine)| {
        let name = format!("harbor{}", nth + 1);
        let group = "harbor";
        ResourceUsageRecord {
            subscription_id: subscription.id,
            resource_uri: format!(
                "/subscriptions/{}/resourceGroups/{group}/providers/{}/{name}",
                subscription.entitlement, line.meter.provider
            ),
            resource_type: line.meter.resource,
            entitlement_id: subscription.entitlement,
            entitlement_name: format!("{} production", customer.company),
            resource_group_name: group,
            resource_name: name.clone(),
            name,
            figures: Figures::with_code(customer.currency.code, line.cost),
            last_modified_date: Dates::new(customer.offer, world.date()).modified,
            attributes: Attributes::of_type("ResourceUsageRecord"),
        }
    };
    let lines = if customer.offer == Offer::AzurePlan { subscription.lines(world.meters()) } else { Vec::new() };
    let links =
        Links::to_self(format!("{}/resourceusagerecords", subscription_path(customer, subscription)).split_off(1));
    let lines: Vec<(usize, UsageLine)> = lines.into_iter().enumerate().collect();
    list(world, request, &lines, record, links)
}

/// A list of records: all at once, as the service was seen to send it, or in pages if configured.
fn list<T, R: Serialize>(
    world: &World,
    request: &Request,
    items: &[T],
    record: impl FnMut(&T) -> R,
    links: Links,
) -> OperationResult {
    let Some(size) = world.paging().records() else {
        return json(&Collection::new(items.iter().map(record).collect(), links));
    };
    let pager = Pager::new(world, request, items.len())?;
    let (page, next) = pager.page(items.iter().enumerate(), size, request.path_below_version(), "");
    json(&Collection::page(page.into_iter().map(record).collect(), links, next))
}

fn subscription_path(customer: &Customer, subscription: &Subscription) -> String {
    format!("/customers/{}/subscriptions/{}", customer.id, subscription.id)
}
