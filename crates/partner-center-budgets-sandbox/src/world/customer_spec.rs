//! Customers that a test describes.

use serde_json::value::RawValue;
use uuid::Uuid;

use super::customer::{CURRENCIES, Customer};
use super::offer::Offer;
use super::usage::Subscription;
use crate::company_name;
use crate::money::Money;
use crate::random::Random;
use crate::rule_syntax::RuleError;

/// A customer as a test describes it: texts, which may be invalid.
#[derive(Debug, Clone)]
pub(crate) struct CustomerSpec {
    id: String,
    name: String,
    pub(crate) budget: Option<String>,
    /// The cost of each subscription.
    pub(crate) costs: Vec<String>,
    pub(crate) currency: String,
    pub(crate) is_legacy: bool,
}

impl CustomerSpec {
    pub(crate) fn new(id: String, name: String) -> Self {
        Self { id, name, budget: None, costs: Vec::new(), currency: "USD".to_owned(), is_legacy: false }
    }

    /// The customer with this number in the list, counted from 1.
    pub(super) fn build(&self, number: u32) -> Result<Customer, RuleError> {
        let Self { id, name, .. } = self;
        let offer = if self.is_legacy { Offer::Legacy } else { Offer::AzurePlan };
        let currency = CURRENCIES.iter().find(|currency| currency.code == self.currency).ok_or_else(|| {
            RuleError::new(format!("'{}' is not a currency of the sandbox; use EUR, GBP, SEK or USD", self.currency))
        })?;
        let costs = self.costs.iter().map(|cost| Ok(currency.cost(amount(cost)?.value())));
        let costs = costs.collect::<Result<Vec<_>, _>>()?;
        let mut random = Random::new(0, number.into());
        Ok(Customer {
            id: Uuid::parse_str(id).map_err(|_| RuleError::new(format!("'{id}' is not a GUID")))?,
            domain: company_name::domain(name),
            company: name.clone(),
            offer,
            currency,
            indirect_reseller: None,
            budget: self.budget.as_deref().map(amount).transpose()?,
            writes: 0,
            cost: costs.iter().copied().sum(),
            subscriptions: (1..)
                .zip(costs)
                .map(|(nth, cost)| Subscription::new(nth, number, offer, "active", cost, &mut random))
                .collect(),
        })
    }
}

fn amount(text: &str) -> Result<Money, RuleError> {
    let json = RawValue::from_string(text.to_owned()).ok();
    let amount = json.and_then(|json| Money::from_json(&json));
    amount.ok_or_else(|| RuleError::new(format!("'{text}' is not a decimal number of at most 28 digits")))
}
