//! Customers and their usage.

use chrono::{DateTime, FixedOffset};

use super::record::record;
use super::{Currency, Relationship, percent, wire};
use crate::generated::types;
use crate::{CustomerId, Decimal};

record! {
    /// A customer of the partner.
    Customer from (sent: types::Customer, profile = sent.company_profile.unwrap_or_default()) {
        /// Id of the customer: the id of its tenant.
        customer_id: Option<CustomerId> = wire::id(&sent.id, &profile.tenant_id),
        /// The id as the service sent it, if it is not a GUID.
        customer_id_text: Option<String> = wire::id_text(customer_id, sent.id, profile.tenant_id),
        /// Name of the company.
        company_name: Option<String> = profile.company_name,
        /// Domain of the customer, such as `contoso.onmicrosoft.com`.
        domain: Option<String> = profile.domain,
        /// Relationship of the partner to the customer.
        relationship: Option<Relationship> = sent.relationship_to_partner.map(Into::into),
    }
}

record! {
    /// Usage and budget of one customer in the current billing period: one item of the partner's list.
    ///
    /// Costs are estimates without taxes and credits. The service updates them about once a day.
    CustomerUsageRecord from (sent: types::CustomerMonthlyUsageRecord) {
        /// Id of the customer.
        customer_id: Option<CustomerId> = wire::id(&sent.resource_id, &sent.id),
        /// The id as the service sent it, if it is not a GUID.
        customer_id_text: Option<String> = wire::id_text(customer_id, sent.resource_id, sent.id),
        /// Name of the customer.
        customer_name: Option<String> = wire::text(sent.resource_name, sent.name),
        /// Budget of the customer, in `currency`; `None` without a budget.
        budget: Option<Decimal> = wire::budget(sent.budget, sent.customer_spending_budget, None),
        /// Cost so far in the current billing period, in `currency`.
        total_cost: Option<Decimal> = sent.total_cost,
        /// Currency of `budget` and `total_cost`.
        currency: Option<Currency> = Currency::new(sent.currency_code, sent.currency_locale),
        /// The same cost in US dollars. Sent for Azure plans. For legacy offers it can be a meaningless zero.
        usd_total_cost: Option<Decimal> = sent.usd_total_cost,
        /// Percentage of the budget as the service reports it; 0 without a budget.
        /// [`percent_used`](Self::percent_used) computes it from the amounts of this record.
        reported_percent_used: Option<Decimal> = sent.percent_used,
        /// Whether the customer has an Azure plan instead of a legacy offer.
        is_azure_plan: Option<bool> = sent.is_upgraded,
        /// When the service last updated the amounts.
        last_modified: Option<DateTime<FixedOffset>> = wire::date(sent.last_modified_date),
    }
}

record! {
    /// Usage and budget of one customer in the current billing period, over all its subscriptions.
    ///
    /// Costs are estimates without taxes and credits. The service updates them about once a day.
    CustomerUsageSummary from (sent: types::CustomerUsageSummary) {
        /// Id of the customer.
        customer_id: Option<CustomerId> = wire::id(&sent.resource_id, &sent.id),
        /// The id as the service sent it, if it is not a GUID.
        customer_id_text: Option<String> = wire::id_text(customer_id, sent.resource_id, sent.id),
        /// Name of the customer.
        customer_name: Option<String> = wire::text(sent.resource_name, sent.name),
        /// Budget of the customer, in `currency`; `None` without a budget.
        budget: Option<Decimal> = wire::budget(sent.budget, sent.customer_spending_budget, sent.spending_budget),
        /// Start of the billing period. Legacy offers have an offset of the Pacific coast, Azure plans UTC.
        billing_start: Option<DateTime<FixedOffset>> = wire::date(sent.billing_start_date),
        /// End of the billing period.
        billing_end: Option<DateTime<FixedOffset>> = wire::date(sent.billing_end_date),
        /// Cost so far in the billing period, in `currency`.
        total_cost: Option<Decimal> = sent.total_cost,
        /// Currency of `budget` and `total_cost`.
        currency: Option<Currency> = Currency::new(sent.currency_code, sent.currency_locale),
        /// The same cost in US dollars. Sent for Azure plans.
        usd_total_cost: Option<Decimal> = sent.usd_total_cost,
        /// When the service last updated the amounts.
        last_modified: Option<DateTime<FixedOffset>> = wire::date(sent.last_modified_date),
    }
}

macro_rules! budget_methods {
    ($name:ident) => {
        impl $name {
            /// Percentage of the budget that the cost makes up, computed as the service does: from the amounts in the
            /// customer's currency, rounded to two decimal places, half away from zero. Can exceed 100.
            ///
            /// [`has_reached`](Self::has_reached) compares without rounding.
            ///
            /// `None` without a budget, with a budget of zero, and if the cost is unknown.
            ///
            /// ```
            #[doc = concat!("use partner_center_budgets::", stringify!($name), ";")]
            ///
            #[doc = concat!("let mut record = ", stringify!($name), "::default();")]
            /// record.total_cost = Some("99.999".parse()?);
            /// record.budget = Some(100.into());
            /// assert_eq!(record.percent_used(), Some(100.into()), "rounded");
            /// assert_eq!(record.has_reached(100.into()), Some(false));
            /// # Ok::<(), partner_center_budgets::ParseError>(())
            /// ```
            #[must_use]
            pub fn percent_used(&self) -> Option<Decimal> {
                percent::percent_used(self.total_cost, self.budget)
            }

            /// Whether the cost is at least this percentage of the budget, compared without rounding. `None` without a
            /// budget and if the cost is unknown.
            ///
            /// Any cost above zero reaches every percentage of a budget of zero. A credit reaches none.
            ///
            /// ```
            #[doc = concat!("use partner_center_budgets::", stringify!($name), ";")]
            ///
            #[doc = concat!("let mut record = ", stringify!($name), "::default();")]
            /// record.total_cost = Some("80.00".parse()?);
            /// assert_eq!(record.has_reached(80.into()), None, "there is no budget");
            /// record.budget = Some(100.into());
            /// assert_eq!(record.has_reached(80.into()), Some(true));
            /// # Ok::<(), partner_center_budgets::ParseError>(())
            /// ```
            #[must_use]
            pub fn has_reached(&self, percent: Decimal) -> Option<bool> {
                percent::has_reached(self.total_cost, self.budget, percent)
            }

            /// Whether the cost is at or above the budget: whether it [`has_reached`](Self::has_reached) 100 percent.
            ///
            /// ```
            #[doc = concat!("use partner_center_budgets::", stringify!($name), ";")]
            ///
            #[doc = concat!("let mut record = ", stringify!($name), "::default();")]
            /// record.budget = Some("450.00".parse()?);
            /// record.total_cost = Some("56.25".parse()?);
            /// assert_eq!(record.is_over_budget(), Some(false));
            /// # Ok::<(), partner_center_budgets::ParseError>(())
            /// ```
            #[must_use]
            pub fn is_over_budget(&self) -> Option<bool> {
                self.has_reached(rust_decimal::Decimal::ONE_HUNDRED.into())
            }
        }
    };
}

budget_methods!(CustomerUsageRecord);
budget_methods!(CustomerUsageSummary);
