//! What the pages of all lists have in common.

use crate::generated::types::{
    AzureResourceMonthlyUsageRecordCollection, CustomerCollection, CustomerMonthlyUsageRecordCollection,
    MeterUsageRecordCollection, ResourceLinks, ResourceUsageRecordCollection, SubscriptionMonthlyUsageRecordCollection,
};
use crate::{
    AzureResourceUsageRecord, Customer, CustomerUsageRecord, MeterUsageRecord, ResourceUsageRecord,
    SubscriptionUsageRecord,
};

/// A page as the service sends it.
pub(crate) trait Collection: Send + 'static {
    /// What the list has, in our terms.
    type Record: Send + 'static;
    /// The operation that sends it.
    const OPERATION: &'static str;

    /// The items, the continuation token and the links.
    fn parts(self) -> (Vec<Self::Record>, Option<String>, Option<ResourceLinks>);
}

macro_rules! collections {
    ($($operation:literal: $collection:ident of $record:ident,)*) => {
        $(
            impl Collection for $collection {
                type Record = $record;
                const OPERATION: &'static str = $operation;

                fn parts(self) -> (Vec<$record>, Option<String>, Option<ResourceLinks>) {
                    let items = self.items.unwrap_or_default().into_iter().map($record::from).collect();
                    (items, self.continuation_token, self.links)
                }
            }
        )*
    };
}

collections! {
    "list_azure_resource_usage_records": AzureResourceMonthlyUsageRecordCollection of AzureResourceUsageRecord,
    "list_customer_usage_records": CustomerMonthlyUsageRecordCollection of CustomerUsageRecord,
    "list_customers": CustomerCollection of Customer,
    "list_meter_usage_records": MeterUsageRecordCollection of MeterUsageRecord,
    "list_resource_usage_records": ResourceUsageRecordCollection of ResourceUsageRecord,
    "list_subscription_usage_records": SubscriptionMonthlyUsageRecordCollection of SubscriptionUsageRecord,
}
