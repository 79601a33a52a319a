//! A change of one budget, before it is sent.

use std::fmt;
use std::time::Duration;

use futures_util::future::join;
use partner_center_budgets::{Client, Currency, CustomerId, CustomerUsageSummary, Decimal, Error, RetryPolicy};

use crate::commands::customer_arg::SelectedCustomer;
use crate::commands::guards::exceeds_default_factor;
use crate::commands::plan::entries::amount;
use crate::commands::question::{ask, can_ask};
use crate::error::CliError;

/// How long the usage may take. Only the name and the currency depend on it.
const USAGE_TIMEOUT: Duration = Duration::from_secs(10);

/// A customer's old and new budget.
pub(super) struct BudgetChange {
    /// With the name, if it is known.
    pub(super) customer: SelectedCustomer,
    before: Option<Decimal>,
    after: Option<Decimal>,
    currency: Option<Currency>,
}

impl BudgetChange {
    /// Reads the old budget, and the usage for the currency and the name. Usage that cannot be read is not an error: an app
    /// without a user may not, and some customers have none.
    pub(super) async fn read(
        client: &Client,
        customer: SelectedCustomer,
        after: Option<Decimal>,
    ) -> Result<Self, Error> {
        let (before, usage) = join(client.get_budget(customer.id), read_usage(client, customer.id)).await;
        let (currency, name) = usage.map_or((None, None), |usage| (usage.currency, usage.customer_name));
        let customer = SelectedCustomer { name: customer.name.or(name), ..customer };
        Ok(Self { customer, before: before?, after, currency })
    }

    /// Asks if the amount looks like a mistake.
    ///
    /// # Errors
    ///
    /// Another answer than yes, or no terminal.
    pub(super) async fn ensure_plausible(&self) -> anyhow::Result<()> {
        if !exceeds_default_factor(self.before, self.after) {
            return Ok(());
        }
        let why = "the budget would change by more than a factor of 10";
        let what = "nothing was changed";
        if !can_ask() {
            return Err(CliError::usage(what, why, "check the amount, then add --yes").into());
        }
        match ask("The budget would change by more than a factor of 10. Set it?").await? {
            true => Ok(()),
            false => Err(CliError::usage(what, "the answer was not yes", "run it again and answer y to set it").into()),
        }
    }
}

/// Such as `Contoso (11111111-…): EUR 97.00 -> 120.50`.
impl fmt::Display for BudgetChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SelectedCustomer { id, name } = &self.customer;
        match name {
            Some(name) => write!(f, "{name} ({id}): ")?,
            None => write!(f, "customer {id}: ")?,
        }
        if let Some(currency) = &self.currency {
            write!(f, "{currency} ")?;
        }
        write!(f, "{} -> {}", amount(self.before), amount(self.after))?;
        match self.currency {
            Some(_) => Ok(()),
            None => f.write_str(" (currency unknown)"),
        }
    }
}

async fn read_usage(client: &Client, customer: CustomerId) -> Option<CustomerUsageSummary> {
    let client = client.with_retry(RetryPolicy::never().total(USAGE_TIMEOUT));
    client.get_customer_usage_summary(customer).await.ok().flatten()
}
