//! A customer's usage spending budget.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::error_response::ErrorResponse;
use crate::money::Money;
use crate::request::Request;
use crate::response::{OperationResult, json};
use crate::wire::Attributes;
use crate::world::{Customer, World};

/// A budget, alone or within records and summaries.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SpendingBudget<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<&'a Money>,
    /// Duplicate of `amount` for older clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage_spending_budget: Option<&'a Money>,
    attributes: Attributes,
}

impl SpendingBudget<'_> {
    pub(super) fn of_customer(customer: &Customer) -> SpendingBudget<'_> {
        let amount = customer.budget.as_ref();
        SpendingBudget { amount, usage_spending_budget: amount, attributes: Attributes::of_type("SpendingBudget") }
    }
}

pub(super) fn get(world: &World, request: &Request) -> OperationResult {
    json(&SpendingBudget::of_customer(world.customer(request.path("customer"))?))
}

pub(super) fn update(world: &mut World, request: &Request) -> OperationResult {
    let customer = world.customer_mut(request.path("customer"))?;
    let body: HashMap<String, Box<RawValue>> = serde_json::from_slice(&request.body)
        .map_err(|error| ErrorResponse::input(&format!("The request body is not a JSON object: {error}")))?;
    // Clients send the key in either letter case. The service's behaviour without the key is not known; an unchanged
    // budget does the least harm.
    if let Some(amount) = body.get("amount").or_else(|| body.get("Amount")) {
        customer.budget = match amount.get() {
            "null" => None,
            // No rule against zero and negative amounts is known.
            _ => Some(
                Money::from_json(amount).ok_or_else(|| ErrorResponse::input("The amount is not a decimal number."))?,
            ),
        };
    }
    customer.writes += 1;
    json(&SpendingBudget::of_customer(customer))
}
