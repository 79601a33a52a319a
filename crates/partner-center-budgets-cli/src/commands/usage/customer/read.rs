//! Reading the subscriptions and the cost items of a customer.

use std::collections::BTreeMap;

use partner_center_budgets::{
    Client, CustomerId, Decimal, List, SubscriptionId, SubscriptionUsageRecord, SubscriptionUsageSummary,
};

use super::costs::Costs;
use super::item::{CostItem, is_legacy};
use super::options::By;
use crate::error::CliError;
use crate::output::notice::notice;
use crate::output::sanitize::sanitized;

pub(super) async fn read_subscriptions(
    client: &Client,
    customer: CustomerId,
) -> anyhow::Result<Vec<SubscriptionUsageRecord>> {
    let (mut list, mut subscriptions) = (client.list_subscription_usage_records(customer), Vec::new());
    while let Some(record) = list.try_next().await? {
        subscriptions.push(record);
    }
    Ok(subscriptions)
}

/// The subscription with this id. Its summary is newer than its record, so its cost takes precedence.
pub(super) async fn select(
    client: &Client,
    customer: CustomerId,
    subscriptions: Vec<SubscriptionUsageRecord>,
    id: SubscriptionId,
) -> anyhow::Result<Vec<SubscriptionUsageRecord>> {
    let describe = |one: &SubscriptionUsageRecord| {
        let id = one.subscription_id.map(|id| id.to_string());
        [id, one.subscription_name.clone()].into_iter().flatten().collect::<Vec<_>>().join("  ")
    };
    let items: Vec<String> = subscriptions.iter().map(describe).collect();
    let Some(mut subscription) = subscriptions.into_iter().find(|one| one.subscription_id == Some(id)) else {
        let (why, next) = match items.is_empty() {
            true => ("it has none with usage", "leave out --subscription"),
            false => ("its subscriptions are listed above", "write the id of one of them"),
        };
        let what = format_args!("the customer has no subscription {id}");
        return Err(CliError::usage(what, why, next).items(items).into());
    };
    if let Some(SubscriptionUsageSummary { total_cost: Some(cost), .. }) =
        client.get_subscription_usage_summary(customer, id).await?
    {
        subscription.total_cost = Some(cost);
    }
    Ok(vec![subscription])
}

/// Reads the cost items, and returns the operations that had them.
pub(super) async fn read_items(
    client: &Client,
    customer: CustomerId,
    subscriptions: &[SubscriptionUsageRecord],
    by: By,
    costs: &mut Costs,
) -> anyhow::Result<Vec<&'static str>> {
    if by == By::Subscription {
        subscriptions.iter().for_each(|one| costs.add(CostItem::of_subscription(one.clone())));
        return Ok(vec!["list_subscription_usage_records"]);
    }
    let mut categories = Categories::default();
    let mut operations = Vec::new();
    for subscription in subscriptions {
        let Some(id) = subscription.subscription_id else {
            let name = subscription.subscription_id_text.as_deref().unwrap_or("a subscription without an id");
            let name = sanitized(name);
            notice(format_args!("warning: {name} left out: its id is not a GUID, so its usage cannot be read"));
            continue;
        };
        operations.push(match (by, is_legacy(subscription)) {
            (By::Resource, true) => {
                let list = client.list_azure_resource_usage_records(customer, id);
                each(list, |record| costs.add(CostItem::of_kind(record, subscription))).await?;
                "list_azure_resource_usage_records"
            }
            (By::Resource, false) => {
                let list = client.list_resource_usage_records(customer, id);
                each(list, |record| costs.add(CostItem::of_resource(record, subscription))).await?;
                "list_resource_usage_records"
            }
            (By::Category, _) => {
                let list = client.list_meter_usage_records(customer, id);
                each(list, |record| categories.add(CostItem::of_meter(record, subscription))).await?;
                "list_meter_usage_records"
            }
            (By::Meter | By::Subscription, _) => {
                let list = client.list_meter_usage_records(customer, id);
                each(list, |record| costs.add(CostItem::of_meter(record, subscription))).await?;
                "list_meter_usage_records"
            }
        });
    }
    categories.0.into_values().for_each(|item| costs.add(item));
    operations.dedup();
    Ok(operations)
}

async fn each<T>(mut list: List<T>, mut add: impl FnMut(T)) -> anyhow::Result<()>
where
    List<T>: Unpin,
{
    while let Some(record) = list.try_next().await? {
        add(record);
    }
    Ok(())
}

/// The sums of the meters of each category and currency.
#[derive(Default)]
struct Categories(BTreeMap<(Option<String>, String), CostItem>);

impl Categories {
    fn add(&mut self, meter: CostItem) {
        let key = (meter.category.clone(), meter.currency_code());
        let zero = || CostItem {
            item: meter.category.clone(),
            total_cost: Some(Decimal::default()),
            currency: meter.currency.clone(),
            currency_locale: meter.currency_locale.clone(),
            ..CostItem::default()
        };
        let sum = self.0.entry(key).or_insert_with(zero);
        // A sum with too many digits is not known.
        sum.total_cost = sum.total_cost.and_then(|so_far| so_far.checked_add(meter.total_cost.unwrap_or_default()));
    }
}
