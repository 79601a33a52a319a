//! The operations that list something.

use std::sync::Arc;

use super::Client;
use crate::call::{CallOptions, Request};
use crate::paging::{Collection, CustomerQuery, List, PageSource};
use crate::records::{
    AzureResourceUsageRecord, Customer, CustomerUsageRecord, MeterUsageRecord, ResourceUsageRecord,
    SubscriptionUsageRecord,
};
use crate::{CustomerId, Error, SubscriptionId};

/// The lists: streams that read page by page, and that send nothing before they are polled.
impl Client {
    /// What each customer has consumed in the current billing period, beside its budget. Needs a token of an app and a user.
    ///
    /// # Errors
    ///
    /// The stream ends with [`Error::Api`] where the service refuses, and as [`List`] says.
    pub fn list_customer_usage_records(&self) -> List<CustomerUsageRecord> {
        self.list(None, self.request(async |api| api.list_customer_usage_records().await))
    }

    /// What each subscription of a customer has consumed in the current billing period. Needs a token of an app and a user.
    ///
    /// # Errors
    ///
    /// As [`list_customer_usage_records`](Self::list_customer_usage_records).
    pub fn list_subscription_usage_records(&self, customer: CustomerId) -> List<SubscriptionUsageRecord> {
        let request = self.request(async |api| api.list_subscription_usage_records(&customer.into()).await);
        self.list(Some(customer), request)
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
        let request = self
            .request(async |api| api.list_azure_resource_usage_records(&customer.into(), &subscription.into()).await);
        self.list(Some(customer), request)
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
        let request =
            self.request(async |api| api.list_meter_usage_records(&customer.into(), &subscription.into()).await);
        self.list(Some(customer), request)
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
        let request =
            self.request(async |api| api.list_resource_usage_records(&customer.into(), &subscription.into()).await);
        self.list(Some(customer), request)
    }

    /// The partner's customers; [`CustomerQuery::new`] asks for all of them. Only a filter by indirect reseller needs a token
    /// of an app and a user.
    ///
    /// # Errors
    ///
    /// The stream ends with [`Error::Api`] where the service refuses, among it a filter that it does not take (400, code
    /// 2000), and as [`List`] says.
    pub fn list_customers(&self, query: CustomerQuery) -> List<Customer> {
        let filter = query.filter();
        // The cursor sets the parameters of the other pages.
        let request = self.request(async |api| api.list_customers(filter.as_deref(), None, query.size(), None).await);
        self.list(None, request.map(|request| request.needing_user_for(query.needs_user_for())))
    }

    /// The list that begins with the page of this request.
    fn list<C: Collection>(&self, customer: Option<CustomerId>, first: Result<Request<C>, Error>) -> List<C::Record> {
        let options = CallOptions { customer, ..self.options.clone() };
        List::new(first.map(|first| PageSource { shared: Arc::clone(&self.shared), options, first }))
    }
}
