//! The operations that list something.

use std::fmt;

use progenitor_client::ResponseValue;

use super::Client;
use crate::paging::{Collection, CustomerQuery, List};
use crate::records::{
    AzureResourceUsageRecord, Customer, CustomerUsageRecord, MeterUsageRecord, ResourceUsageRecord,
    SubscriptionUsageRecord,
};
use crate::{CustomerId, SubscriptionId, generated};

/// The lists: streams that read page by page, and that send nothing before they are polled.
impl Client {
    /// What each customer has consumed in the current billing period, beside its budget. Needs a token of an app and a user.
    ///
    /// # Errors
    ///
    /// The stream ends with [`Error::Api`](crate::Error::Api) where the service refuses, and as [`List`] says.
    pub fn list_customer_usage_records(&self) -> List<CustomerUsageRecord> {
        self.list(|api| async move { api.list_customer_usage_records().await })
    }

    /// What each subscription of a customer has consumed in the current billing period. Needs a token of an app and a user.
    ///
    /// # Errors
    ///
    /// As [`list_customer_usage_records`](Self::list_customer_usage_records).
    pub fn list_subscription_usage_records(&self, customer: CustomerId) -> List<SubscriptionUsageRecord> {
        let customer = customer.into();
        self.list(move |api| async move { api.list_subscription_usage_records(&customer).await })
    }

    /// What each kind of Azure resource has consumed within a legacy subscription (MS-AZR-0145P).
    ///
    /// An Azure plan has no such records: use [`list_meter_usage_records`](Self::list_meter_usage_records), which serves
    /// both.
    ///
    /// # Errors
    ///
    /// As [`list_customer_usage_records`](Self::list_customer_usage_records).
    pub fn list_azure_resource_usage_records(
        &self,
        customer: CustomerId,
        subscription: SubscriptionId,
    ) -> List<AzureResourceUsageRecord> {
        let (customer, subscription) = (customer.into(), subscription.into());
        self.list(move |api| async move { api.list_azure_resource_usage_records(&customer, &subscription).await })
    }

    /// What each meter has consumed within a subscription, legacy or Azure plan. Needs a token of an app and a user.
    ///
    /// # Errors
    ///
    /// As [`list_customer_usage_records`](Self::list_customer_usage_records).
    pub fn list_meter_usage_records(
        &self,
        customer: CustomerId,
        subscription: SubscriptionId,
    ) -> List<MeterUsageRecord> {
        let (customer, subscription) = (customer.into(), subscription.into());
        self.list(move |api| async move { api.list_meter_usage_records(&customer, &subscription).await })
    }

    /// What each Azure resource has consumed within an Azure plan. Needs a token of an app and a user.
    ///
    /// # Errors
    ///
    /// As [`list_customer_usage_records`](Self::list_customer_usage_records).
    pub fn list_resource_usage_records(
        &self,
        customer: CustomerId,
        subscription: SubscriptionId,
    ) -> List<ResourceUsageRecord> {
        let (customer, subscription) = (customer.into(), subscription.into());
        self.list(move |api| async move { api.list_resource_usage_records(&customer, &subscription).await })
    }

    /// The partner's customers; [`CustomerQuery::new`] asks for all of them. Only a filter by indirect reseller needs a token
    /// of an app and a user.
    ///
    /// # Errors
    ///
    /// The stream ends with [`Error::Api`](crate::Error::Api) where the service refuses, among it a filter that it does not take (400, code
    /// 2000), and as [`List`] says.
    pub fn list_customers(&self, query: CustomerQuery) -> List<Customer> {
        self.list(move |api| {
            let (filter, size) = (query.filter(), query.size());
            // How the list goes on is the business of the step, for this list as for the others.
            async move { api.list_customers(filter.as_deref(), None, size, None).await }
        })
    }

    /// The list whose first page `call` asks for.
    fn list<C, F, R, E>(&self, call: F) -> List<C::Record>
    where
        C: Collection,
        F: Fn(generated::Client) -> R + Send + 'static,
        R: Future<Output = Result<ResponseValue<C>, progenitor_client::Error<E>>> + Send + 'static,
        E: fmt::Debug + Send + Sync + 'static,
    {
        let client = self.clone();
        let api = move |step| {
            let mut api = client.api();
            api.inner = api.inner.at(step);
            api
        };
        List::new(api, call)
    }
}
