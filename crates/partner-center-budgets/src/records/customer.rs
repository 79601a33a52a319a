//! Customers, and what each has consumed.

use chrono::{DateTime, FixedOffset};

use super::{Currency, Relationship, usage, wire};
use crate::generated::types;
use crate::{CustomerId, Decimal};

/// A customer of the partner.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Customer {
    /// Id of the customer: that of its tenant.
    pub customer_id: Option<CustomerId>,
    /// What the service sent as id where that is no GUID.
    pub customer_id_text: Option<String>,
    /// Name of the company.
    pub company_name: Option<String>,
    /// Domain of the customer, such as `contoso.onmicrosoft.com`.
    pub domain: Option<String>,
    /// How the customer stands to the partner.
    pub relationship: Option<Relationship>,
}

impl From<types::Customer> for Customer {
    fn from(wire: types::Customer) -> Self {
        let profile = wire.company_profile.unwrap_or_default();
        let (customer_id, customer_id_text) = wire::id(wire.id, profile.tenant_id);
        Self {
            customer_id,
            customer_id_text,
            company_name: profile.company_name,
            domain: profile.domain,
            relationship: wire.relationship_to_partner.map(Relationship::from),
        }
    }
}

macro_rules! beside_budget {
    ($name:ident) => {
        impl $name {
            /// Share of the budget that the cost makes up, in percent, as the service computes it: both in the
            /// customer's own currency, with two places, half away from zero. Can exceed 100.
            ///
            /// So 99.999 of 100 are 100.00 percent; [`has_reached`](Self::has_reached) compares without rounding.
            ///
            /// `None` without a budget, with a budget of zero, and where no cost is known.
            #[must_use]
            pub fn percent_used(&self) -> Option<Decimal> {
                usage::percent_used(self.total_cost, self.budget)
            }

            /// Whether the cost has reached this share of the budget in percent, compared without rounding; `None` without
            /// a budget and where no cost is known.
            ///
            /// A budget of zero has reached all shares with the first cost, and a credit has reached none.
            #[must_use]
            pub fn has_reached(&self, percent: Decimal) -> Option<bool> {
                usage::has_reached(self.total_cost, self.budget, percent)
            }

            /// Whether the cost is at or above the budget: whether it has reached 100 percent, as
            /// [`has_reached`](Self::has_reached) compares. `None` without a budget and where no cost is known.
            #[must_use]
            pub fn is_over_budget(&self) -> Option<bool> {
                usage::is_over_budget(self.total_cost, self.budget)
            }
        }
    };
}

/// What one customer has consumed in the current billing period, beside its budget: one line of the partner's list.
///
/// Costs are estimates without taxes and credits, renewed about once a day.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct CustomerUsageRecord {
    /// Id of the customer.
    pub customer_id: Option<CustomerId>,
    /// What the service sent as id where that is no GUID.
    pub customer_id_text: Option<String>,
    /// Name of the customer.
    pub customer_name: Option<String>,
    /// Budget of the customer, in `currency`; `None` where there is none.
    pub budget: Option<Decimal>,
    /// Cost so far in the current billing period, in `currency`.
    pub total_cost: Option<Decimal>,
    /// Currency of `budget` and `total_cost`.
    pub currency: Option<Currency>,
    /// The same cost in US dollars. Sent for Azure plans; legacy offers may have a zero here that means nothing.
    pub usd_total_cost: Option<Decimal>,
    /// What the service itself reports as the share used, in percent; 0 where there is no budget.
    /// [`percent_used`](Self::percent_used) computes it from the figures of this record.
    pub reported_percent_used: Option<Decimal>,
    /// Whether the customer is on an Azure plan, and not on a legacy offer.
    pub is_azure_plan: Option<bool>,
    /// When the service last renewed these figures.
    pub last_modified: Option<DateTime<FixedOffset>>,
}

beside_budget!(CustomerUsageRecord);

impl From<types::CustomerMonthlyUsageRecord> for CustomerUsageRecord {
    fn from(wire: types::CustomerMonthlyUsageRecord) -> Self {
        let (customer_id, customer_id_text) = wire::id(wire.resource_id, wire.id);
        Self {
            customer_id,
            customer_id_text,
            customer_name: wire::text(wire.resource_name, wire.name),
            budget: wire::budget(wire.budget, wire.customer_spending_budget, None),
            total_cost: wire.total_cost,
            currency: Currency::new(wire.currency_code, wire.currency_locale),
            usd_total_cost: wire.usd_total_cost,
            reported_percent_used: wire.percent_used,
            is_azure_plan: wire.is_upgraded,
            last_modified: wire::date(wire.last_modified_date),
        }
    }
}

/// What one customer has consumed in the current billing period, over all its subscriptions, beside its budget.
///
/// Costs are estimates without taxes and credits, renewed about once a day.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct CustomerUsageSummary {
    /// Id of the customer.
    pub customer_id: Option<CustomerId>,
    /// What the service sent as id where that is no GUID.
    pub customer_id_text: Option<String>,
    /// Name of the customer.
    pub customer_name: Option<String>,
    /// Budget of the customer, in `currency`; `None` where there is none.
    pub budget: Option<Decimal>,
    /// Start of the billing period. Legacy offers have an offset of the Pacific coast, Azure plans UTC.
    pub billing_start: Option<DateTime<FixedOffset>>,
    /// End of the billing period.
    pub billing_end: Option<DateTime<FixedOffset>>,
    /// Cost so far in the billing period, in `currency`.
    pub total_cost: Option<Decimal>,
    /// Currency of `budget` and `total_cost`.
    pub currency: Option<Currency>,
    /// The same cost in US dollars. Sent for Azure plans.
    pub usd_total_cost: Option<Decimal>,
    /// When the service last renewed these figures.
    pub last_modified: Option<DateTime<FixedOffset>>,
}

beside_budget!(CustomerUsageSummary);

impl From<types::CustomerUsageSummary> for CustomerUsageSummary {
    fn from(wire: types::CustomerUsageSummary) -> Self {
        let (customer_id, customer_id_text) = wire::id(wire.resource_id, wire.id);
        Self {
            customer_id,
            customer_id_text,
            customer_name: wire::text(wire.resource_name, wire.name),
            budget: wire::budget(wire.budget, wire.customer_spending_budget, wire.spending_budget),
            billing_start: wire::date(wire.billing_start_date),
            billing_end: wire::date(wire.billing_end_date),
            total_cost: wire.total_cost,
            currency: Currency::new(wire.currency_code, wire.currency_locale),
            usd_total_cost: wire.usd_total_cost,
            last_modified: wire::date(wire.last_modified_date),
        }
    }
}
