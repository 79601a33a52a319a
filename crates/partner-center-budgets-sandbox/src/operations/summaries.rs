//! The usage summaries of a customer, a subscription and the partner in the current billing period.

use rust_decimal::Decimal;
use serde::Serialize;

use super::budget::SpendingBudget;
use crate::collection::Links;
use crate::error_response::ErrorResponse;
use crate::money::Money;
use crate::request::Request;
use crate::response::{OperationResult, json};
use crate::wire::{Attributes, Dates, Figures, Identity};
use crate::world::{Customer, Offer, PARTNER_ID, World};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerUsageSummary<'a> {
    budget: SpendingBudget<'a>,
    customer_spending_budget: SpendingBudget<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spending_budget: Option<&'a Money>,
    #[serde(flatten)]
    identity: Identity,
    billing_start_date: String,
    billing_end_date: String,
    #[serde(flatten)]
    figures: Figures,
    last_modified_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    links: Option<Links>,
    attributes: Attributes,
}

pub(super) fn customer(world: &World, request: &Request) -> OperationResult {
    let customer = world.customer(request.path("customer"))?;
    if customer.subscriptions.is_empty() {
        return Err(ErrorResponse::no_usage_data(&customer.id.to_string()));
    }
    let dates = Dates::new(customer.offer, world.date());
    json(&CustomerUsageSummary {
        budget: SpendingBudget::of_customer(customer),
        customer_spending_budget: SpendingBudget::of_customer(customer),
        spending_budget: customer.budget.as_ref(),
        identity: Identity::in_summary(customer.offer, customer.id, &customer.company),
        billing_start_date: dates.start,
        billing_end_date: dates.end,
        figures: Figures::of_offer(customer.offer, customer.currency, customer.cost),
        last_modified_date: dates.modified,
        // The published sample of an Azure plan has no links here.
        links: (customer.offer == Offer::Legacy)
            .then(|| Links::to_self(format!("/customers/{}/usagesummary", customer.id))),
        attributes: Attributes::of_type("CustomerUsageSummary"),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SubscriptionUsageSummary {
    #[serde(flatten)]
    identity: Identity,
    billing_start_date: String,
    billing_end_date: String,
    #[serde(flatten)]
    figures: Figures,
    last_modified_date: String,
    links: Links,
    attributes: Attributes,
}

pub(super) fn subscription(world: &World, request: &Request) -> OperationResult {
    let customer = world.customer(request.path("customer"))?;
    let subscription = customer.subscription(request.path("subscription"))?;
    let dates = Dates::new(customer.offer, world.date());
    json(&SubscriptionUsageSummary {
        identity: Identity::in_summary(customer.offer, subscription.id, &subscription.name),
        billing_start_date: dates.start,
        billing_end_date: dates.end,
        figures: Figures::of_offer(customer.offer, customer.currency, subscription.cost),
        last_modified_date: dates.modified,
        links: Links::to_self(format!("/v1/customers/{}/subscriptions/{}/usagesummary", customer.id, subscription.id)),
        attributes: Attributes::of_type("SubscriptionUsageSummary"),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PartnerUsageSummary {
    emails_to_notify: [&'static str; 1],
    customers_over_budget: usize,
    customers_trending_over: usize,
    customers_with_usage_based_subscription: usize,
    #[serde(flatten)]
    identity: Identity,
    billing_start_date: String,
    billing_end_date: String,
    #[serde(flatten)]
    figures: Figures,
    last_modified_date: String,
    links: Links,
    attributes: Attributes,
}

/// As in the service, the summary covers legacy offers only. Their costs are added up in US dollars, because a partner is
/// billed in one currency.
pub(super) fn partner(world: &World, _: &Request) -> OperationResult {
    let legacy: Vec<&Customer> = world
        .customers()
        .iter()
        .filter(|customer| customer.offer == Offer::Legacy && !customer.subscriptions.is_empty())
        .collect();
    let dates = Dates::new(Offer::Legacy, world.date());
    let (today, last_day) = dates.day;
    let [over, over_at_this_pace] =
        [today, last_day].map(|day| legacy.iter().filter(|customer| is_over(customer, day, today)).count());
    json(&PartnerUsageSummary {
        emails_to_notify: ["billing@example.com"],
        customers_over_budget: over,
        customers_trending_over: over_at_this_pace - over,
        customers_with_usage_based_subscription: legacy.len(),
        identity: Identity::both(PARTNER_ID, "Blue Harbor Cloud"),
        billing_start_date: dates.start,
        billing_end_date: dates.end,
        figures: Figures::with_locale("en-US", legacy.iter().map(|customer| customer.cost.usd).sum()),
        last_modified_date: dates.modified,
        links: Links::to_self("/usagesummary".to_owned()),
        attributes: Attributes::of_type("PartnerUsageSummary"),
    })
}

/// Whether the customer is at or above its budget on `day`, if its costs of `days_so_far` continue at the same rate. A
/// customer without a cost is never over, not even with a budget of 0.
fn is_over(customer: &Customer, day: i64, days_so_far: i64) -> bool {
    let cost = customer.cost.local;
    let reaches = |budget: &Money| cost * Decimal::from(day) >= budget.value() * Decimal::from(days_so_far);
    cost > Decimal::ZERO && customer.budget.as_ref().is_some_and(reaches)
}
