//! The collections that lists return.

use serde::de::DeserializeOwned;

use crate::answer::Answer;
use crate::generated::types::{
    AzureResourceMonthlyUsageRecord, AzureResourceMonthlyUsageRecordCollection, Customer as CustomerItem,
    CustomerCollection, CustomerMonthlyUsageRecord, CustomerMonthlyUsageRecordCollection,
    MeterUsageRecord as MeterUsageItem, MeterUsageRecordCollection, ResourceAttributes, ResourceLinks,
    ResourceUsageRecord as ResourceUsageItem, ResourceUsageRecordCollection, SubscriptionMonthlyUsageRecord,
    SubscriptionMonthlyUsageRecordCollection,
};
use crate::{
    AzureResourceUsageRecord, Customer, CustomerUsageRecord, MeterUsageRecord, ResourceUsageRecord,
    SubscriptionUsageRecord,
};

/// A page, as generated from the document.
pub(crate) trait Collection: Answer + DeserializeOwned + Send + 'static {
    /// One item of it.
    type Item: DeserializeOwned + Into<Self::Record>;
    /// The public type of an item.
    type Record: Send + 'static;
    /// The operation that returns it.
    const OPERATION: &'static str;

    fn parts(self) -> Parts<Self::Record>;
}

/// A page of a collection, decoded.
pub(crate) struct Parts<T> {
    pub(super) items: Vec<T>,
    /// `totalCount`: the number of items in this page, or in the whole list; the service does not say which.
    pub(super) total_count: Option<u64>,
    pub(super) token: Option<String>,
    pub(super) links: Option<ResourceLinks>,
}

macro_rules! collections {
    ($($operation:literal: $collection:ident of $item:ident, $record:ident;)*) => {
        $(
            impl Collection for $collection {
                type Item = $item;
                type Record = $record;
                const OPERATION: &'static str = $operation;

                fn parts(self) -> Parts<$record> {
                    Parts {
                        items: self.items.unwrap_or_default().into_iter().map($record::from).collect(),
                        total_count: self.total_count.and_then(|count| count.try_into().ok()),
                        token: self.continuation_token,
                        links: self.links,
                    }
                }
            }

            impl Answer for $collection {
                const OBJECT_TYPE: &'static str = "Collection";
                const FIELDS: &'static [&'static str] = &["items"];

                fn has_value(&self) -> bool {
                    self.items.is_some() || self.total_count == Some(0)
                }

                fn attributes(&self) -> Option<&ResourceAttributes> {
                    self.attributes.as_ref()
                }

                /// Some services say `PagedResourceCollection`.
                fn is_named(object_type: &str) -> bool {
                    object_type.to_ascii_lowercase().ends_with("collection")
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
