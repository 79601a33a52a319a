//! The operations that return a summary of the usage.

use super::Client;
use crate::records::{CustomerUsageSummary, PartnerUsageSummary, SubscriptionUsageSummary};
use crate::{CustomerId, Error, SubscriptionId};

/// Summaries: the usage of one customer, subscription or partner, in one record.
impl Client {
    /// The cost of a customer in the current billing period, with the budget; `None` for a customer without Azure usage.
    /// Needs a token of an app and a user.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error};
    /// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
    /// match client.get_customer_usage_summary(customer).await? {
    ///     Some(summary) => println!("cost {:?} of budget {:?}", summary.total_cost, summary.budget),
    ///     None => println!("no Azure usage"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the service refuses the call, for example for an unknown customer (404, code 60003).
    pub async fn get_customer_usage_summary(
        &self,
        customer: CustomerId,
    ) -> Result<Option<CustomerUsageSummary>, Error> {
        let call = self.call(Some(customer), async |api| api.get_customer_usage_summary(&customer.into()).await)?;
        summary_or_none(call.send().await)
    }

    /// The cost of all customers on legacy offers in the current billing period. Needs a token of an app and a user.
    ///
    /// Azure plans are not included. Microsoft plans to retire this operation.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let summary = client.get_partner_usage_summary().await?;
    /// if let Some(customers) = summary.customers_over_budget {
    ///     println!("{customers} customers are above their budget");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the service refuses the call.
    pub async fn get_partner_usage_summary(&self) -> Result<PartnerUsageSummary, Error> {
        let call = self.call(None, async |api| api.get_partner_usage_summary().await)?;
        call.send().await.map(PartnerUsageSummary::from)
    }

    /// The cost of one subscription in the current billing period; `None` for a subscription without usage. Needs a token of
    /// an app and a user.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error, SubscriptionId};
    /// # async fn example(client: Client, customer: CustomerId, subscription: SubscriptionId) -> Result<(), Error> {
    /// if let Some(summary) = client.get_subscription_usage_summary(customer, subscription).await? {
    ///     println!("cost {:?} since {:?}", summary.total_cost, summary.billing_start);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the service refuses the call.
    pub async fn get_subscription_usage_summary(
        &self,
        customer: CustomerId,
        subscription: SubscriptionId,
    ) -> Result<Option<SubscriptionUsageSummary>, Error> {
        let call = self.call(Some(customer), async |api| {
            api.get_subscription_usage_summary(&customer.into(), &subscription.into()).await
        })?;
        summary_or_none(call.send().await)
    }
}

/// The summary; `None` for a customer or subscription without usage.
fn summary_or_none<S: Into<R>, R>(summary: Result<S, Error>) -> Result<Option<R>, Error> {
    match summary {
        Ok(summary) => Ok(Some(summary.into())),
        Err(error) if error.is_without_usage() => Ok(None),
        Err(error) => Err(error),
    }
}
