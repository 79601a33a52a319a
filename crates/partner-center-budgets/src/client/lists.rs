//! The operations that return lists.

use std::sync::Arc;

use super::Client;
use crate::call::CallOptions;
use crate::paging::{AuditQuery, Collection, CustomerQuery, List, PageSource};
use crate::records::{
    AuditRecord, AzureResourceUsageRecord, Customer, CustomerUsageRecord, MeterUsageRecord, ResourceUsageRecord,
    SubscriptionUsageRecord,
};
use crate::request::Request;
use crate::{CustomerId, Error, SubscriptionId};

/// Lists: streams that read page by page, and send nothing before the first poll.
impl Client {
    /// The cost of each customer in the current billing period, with the budget. Needs a token of an app and a user.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// // The cost per currency: amounts of different currencies have no sum.
    /// let mut costs = std::collections::HashMap::<_, rust_decimal::Decimal>::new();
    /// let mut records = client.list_customer_usage_records();
    /// while let Some(record) = records.try_next().await? {
    ///     if let Some(cost) = record.total_cost {
    ///         *costs.entry(record.currency).or_default() += rust_decimal::Decimal::from(cost);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The stream ends with [`Error::Api`] if the service refuses the call, and with the errors of [`List`]. With the credential
    /// of an app alone it ends with [`Error::Input`], and nothing is sent.
    pub fn list_customer_usage_records(&self) -> List<CustomerUsageRecord> {
        self.list(None, self.build_request(async |api| api.list_customer_usage_records().await))
    }

    /// The cost of each subscription of a customer in the current billing period. Needs a token of an app and a user.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error};
    /// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
    /// let mut records = client.list_subscription_usage_records(customer);
    /// while let Some(record) = records.try_next().await? {
    ///     println!("{:?} costs {:?} so far", record.subscription_name, record.total_cost);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`list_customer_usage_records`](Self::list_customer_usage_records).
    pub fn list_subscription_usage_records(&self, customer: CustomerId) -> List<SubscriptionUsageRecord> {
        let request = self.build_request(async |api| api.list_subscription_usage_records(&customer.into()).await);
        self.list(Some(customer), request)
    }

    /// The cost of each kind of Azure resource within a legacy subscription (MS-AZR-0145P).
    ///
    /// An Azure plan has no such records. Use [`list_meter_usage_records`](Self::list_meter_usage_records), which serves
    /// both.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error, SubscriptionId};
    /// # async fn example(client: Client, customer: CustomerId, subscription: SubscriptionId) -> Result<(), Error> {
    /// let mut records = client.list_azure_resource_usage_records(customer, subscription);
    /// while let Some(record) = records.try_next().await? {
    ///     println!("{:?}, {:?}: cost {:?}", record.category, record.resource_name, record.total_cost);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`list_customer_usage_records`](Self::list_customer_usage_records).
    pub fn list_azure_resource_usage_records(
        &self,
        customer: CustomerId,
        subscription: SubscriptionId,
    ) -> List<AzureResourceUsageRecord> {
        let request = self.build_request(async |api| {
            api.list_azure_resource_usage_records(&customer.into(), &subscription.into()).await
        });
        self.list(Some(customer), request)
    }

    /// The cost of each meter within a subscription, legacy or Azure plan. Needs a token of an app and a user.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error, SubscriptionId};
    /// # async fn example(client: Client, customer: CustomerId, subscription: SubscriptionId) -> Result<(), Error> {
    /// let mut records = client.list_meter_usage_records(customer, subscription);
    /// while let Some(record) = records.try_next().await? {
    ///     println!("{:?}: {:?} {:?}", record.meter_name, record.quantity_used, record.unit);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`list_customer_usage_records`](Self::list_customer_usage_records).
    pub fn list_meter_usage_records(
        &self,
        customer: CustomerId,
        subscription: SubscriptionId,
    ) -> List<MeterUsageRecord> {
        let request =
            self.build_request(async |api| api.list_meter_usage_records(&customer.into(), &subscription.into()).await);
        self.list(Some(customer), request)
    }

    /// The cost of each Azure resource within an Azure plan. Needs a token of an app and a user.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error, SubscriptionId};
    /// # async fn example(client: Client, customer: CustomerId, subscription: SubscriptionId) -> Result<(), Error> {
    /// let mut records = client.list_resource_usage_records(customer, subscription);
    /// while let Some(record) = records.try_next().await? {
    ///     println!("{:?} in {:?}: cost {:?}", record.resource_name, record.resource_group_name, record.total_cost);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`list_customer_usage_records`](Self::list_customer_usage_records).
    pub fn list_resource_usage_records(
        &self,
        customer: CustomerId,
        subscription: SubscriptionId,
    ) -> List<ResourceUsageRecord> {
        let request = self
            .build_request(async |api| api.list_resource_usage_records(&customer.into(), &subscription.into()).await);
        self.list(Some(customer), request)
    }

    /// The partner's customers. [`CustomerQuery::new`] requests all of them. Only a filter by indirect reseller needs a
    /// token of an app and a user.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerQuery, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let query = CustomerQuery::new().company_name_starts_with("Blue");
    /// let mut customers = client.list_customers(query);
    /// while let Some(customer) = customers.try_next().await? {
    ///     println!("{:?}: {:?}", customer.customer_id, customer.company_name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The stream ends with [`Error::Api`] if the service refuses the call, for example because of an unsupported filter
    /// (400, code 2000), and with the errors of [`List`].
    pub fn list_customers(&self, query: CustomerQuery) -> List<Customer> {
        // The cursor sets the parameters of the other pages.
        let request =
            self.build_request(async |api| api.list_customers(query.filter(), None, query.size(), None).await);
        self.list(None, request.map(|request| request.needing_user_for(query.needs_user_for())))
    }

    /// The activity log of the partner: who changed what, and when. Published samples have the newest change first.
    ///
    /// It contains all changes. [`AuditRecord::is_budget_change`] selects those of budgets.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{AuditQuery, Client, CustomerId, Error};
    /// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
    /// let mut records = client.list_audit_records(AuditQuery::new().customer(customer));
    /// while let Some(record) = records.try_next().await? {
    ///     if record.is_budget_change() {
    ///         println!("{:?} by {:?}", record.operation_date, record.user_principal_name);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Input`], and nothing is sent, if the range of `query` begins more than 90 days ago or in the future, or ends
    /// before it begins. Otherwise as for [`list_customers`](Self::list_customers).
    pub fn list_audit_records(&self, query: AuditQuery) -> List<AuditRecord> {
        let (start, end) = (query.start_date(), query.end_date());
        let request = query.check_range().and_then(|()| {
            self.build_request(async |api| {
                api.list_audit_records(end.as_deref(), query.filter(), query.size(), start.as_deref(), None).await
            })
        });
        self.list(None, request)
    }

    /// The list that begins with the page of this request.
    fn list<C: Collection>(&self, customer: Option<CustomerId>, first: Result<Request<C>, Error>) -> List<C::Record> {
        let options = CallOptions { customer, ..self.options.clone() };
        List::new(first.map(|first| PageSource { client: Arc::clone(&self.state), options, first }))
    }
}
