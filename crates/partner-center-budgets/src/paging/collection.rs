//! What the pages of all lists have in common.

use serde::de::DeserializeOwned;

use crate::generated::types::{
    AzureResourceMonthlyUsageRecord, AzureResourceMonthlyUsageRecordCollection, Customer as CustomerItem,
    CustomerCollection, CustomerMonthlyUsageRecord, CustomerMonthlyUsageRecordCollection,
    MeterUsageRecord as MeterUsageItem, MeterUsageRecordCollection, ResourceLinks,
    ResourceUsageRecord as ResourceUsageItem, ResourceUsageRecordCollection, SubscriptionMonthlyUsageRecord,
    SubscriptionMonthlyUsageRecordCollection,
};
use crate::{
    AzureResourceUsageRecord, Customer, CustomerUsageRecord, MeterUsageRecord, ResourceUsageRecord,
    SubscriptionUsageRecord,
};

/// A page as the service sends it.
pub(crate) trait Collection: DeserializeOwned + Send + 'static {
    /// One item of it.
    type Item: DeserializeOwned + Into<Self::Record>;
    /// What the list has, in our terms.
    type Record: Send + 'static;
    /// The operation that sends it.
    const OPERATION: &'static str;

    /// The items, the continuation token and the links.
    fn parts(self) -> (Vec<Self::Record>, Option<String>, Option<ResourceLinks>);
}

macro_rules! collections {
    ($($operation:literal: $collection:ident of $item:ident, $record:ident;)*) => {
        $(
            impl Collection for $collection {
                type Item = $item;
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
    "list_azure_resource_usage_records":
        AzureResourceMonthlyUsageRecordCollection of AzureResourceMonthlyUsageRecord, AzureResourceUsageRecord;
    "list_customer_usage_records":
        CustomerMonthlyUsageRecordCollection of CustomerMonthlyUsageRecord, CustomerUsageRecord;
    "list_customers":
        CustomerCollection of CustomerItem, Customer;
    "list_meter_usage_records":
        MeterUsageRecordCollection of MeterUsageItem, MeterUsageRecord;
    "list_resource_usage_records":
        ResourceUsageRecordCollection of ResourceUsageItem, ResourceUsageRecord;
    "list_subscription_usage_records":
        SubscriptionMonthlyUsageRecordCollection of SubscriptionMonthlyUsageRecord, SubscriptionUsageRecord;
}
