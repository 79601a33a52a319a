//! The operations on budgets.

use super::Client;
use crate::{CustomerId, Decimal, Error, generated, records};

/// Budgets: one amount per customer.
impl Client {
    /// The usage spending budget of a customer, in the currency of the customer's usage; `None` if no budget is set.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error};
    /// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
    /// match client.get_budget(customer).await? {
    ///     Some(amount) => println!("the budget is {amount}"),
    ///     None => println!("there is no budget"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the service refuses the call, for example for an unknown customer (404, code 60003).
    pub async fn get_budget(&self, customer: CustomerId) -> Result<Option<Decimal>, Error> {
        let call = self.call(Some(customer), async |api| api.get_usage_budget(&customer.into()).await)?;
        Ok(records::amount(call.send().await?))
    }

    /// Sets the usage spending budget of a customer to `amount`, in the currency of the customer's usage.
    ///
    /// A budget is a threshold for reports and notifications: it never stops consumption. The service publishes no rule
    /// for amounts, so the client sends zero, negative and very precise amounts unchanged.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error};
    /// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
    /// match client.set_budget(customer, "2500.50".parse()?).await {
    ///     Ok(()) => println!("the budget is set"),
    ///     Err(error @ Error::NotConfirmed { .. }) => println!("check the budget: {error}"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the service refuses the call. [`Error::NotConfirmed`] if the service accepts the amount but reports
    /// another one, or if neither its response nor a read afterwards shows the budget. After [`Error::Transport`] and the
    /// statuses 408 and 5xx the budget may or may not be set. Setting it again is safe unless another program changed it in
    /// the meantime.
    pub async fn set_budget(&self, customer: CustomerId, amount: Decimal) -> Result<(), Error> {
        self.update_and_confirm_budget(customer, Some(amount)).await
    }

    /// Clears the usage spending budget of a customer: afterwards the customer has no budget.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error};
    /// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
    /// client.clear_budget(customer).await?;
    /// assert_eq!(client.get_budget(customer).await?, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`set_budget`](Self::set_budget).
    pub async fn clear_budget(&self, customer: CustomerId) -> Result<(), Error> {
        self.update_and_confirm_budget(customer, None).await
    }

    /// Updates a budget, and reads it back if the response is not a budget.
    async fn update_and_confirm_budget(&self, customer: CustomerId, requested: Option<Decimal>) -> Result<(), Error> {
        let Err(error) = self.update_budget(customer, requested).await else { return Ok(()) };
        let Some(ids) = error.ids_of_unclear_success() else { return Err(error) };
        let found = match self.get_budget(customer).await {
            Ok(found) if found == requested => return Ok(()),
            // The fault is the reason why the budget is unchanged.
            Ok(_) if matches!(error, Error::Api(_)) => return Err(error),
            found => found.map_err(Box::new),
        };
        Err(Error::NotConfirmed { requested, found, ids })
    }

    /// Sets a budget, or clears it with `None`, in one request and without the read that confirms it.
    ///
    /// [`set_budget`](Self::set_budget) and [`clear_budget`](Self::clear_budget) also read the budget back if the response
    /// leaves the outcome open. This method is for callers that read it back themselves.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Decimal, Error};
    /// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
    /// let requested: Decimal = "2500.50".parse()?;
    /// if let Err(error) = client.update_budget(customer, Some(requested)).await {
    ///     let found = client.get_budget(customer).await?;
    ///     println!("{error}; now the budget is {found:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`set_budget`](Self::set_budget). A success without a budget in its body is an [`Error::Decode`] or an
    /// [`Error::Api`]. In that case the budget may be set.
    pub async fn update_budget(&self, customer: CustomerId, requested: Option<Decimal>) -> Result<(), Error> {
        let body = generated::types::SpendingBudgetUpdate {
            amount: requested,
            attributes: generated::types::SpendingBudgetUpdateAttributes { object_type: "SpendingBudget".to_owned() },
        };
        let call = self.call(Some(customer), async |api| api.update_usage_budget(&customer.into(), &body).await)?;
        let ids = call.ids();
        let found = records::amount(call.send().await?);
        match requested == found {
            true => Ok(()),
            false => Err(Error::NotConfirmed { requested, found: Ok(found), ids }),
        }
    }
}
