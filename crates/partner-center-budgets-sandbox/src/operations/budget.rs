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

/// A budget as it stands on its own and within records and summaries.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SpendingBudget<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<&'a Money>,
    /// The twin of `amount` for older clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage_spending_budget: Option<&'a Money>,
    attributes: Attributes,
}

impl SpendingBudget<'_> {
    pub(super) fn of(customer: &Customer) -> SpendingBudget<'_> {
        let amount = customer.budget.as_ref();
        SpendingBudget { amount, usage_spending_budget: amount, attributes: Attributes::of("SpendingBudget") }
    }
}

pub(super) fn get(world: &World, request: &Request) -> OperationResult {
    json(&SpendingBudget::of(world.customer(request.path("customer"))?))
}

pub(super) fn update(world: &mut World, request: &Request) -> OperationResult {
    let customer = world.customer_mut(request.path("customer"))?;
    let body: HashMap<String, Box<RawValue>> = serde_json::from_slice(&request.body)
        .map_err(|error| ErrorResponse::input(&format!("The request body is not a JSON object: {error}")))?;
    // Clients of the service write either casing. What the service does when the key is missing is not known;
    // leaving the budget as it is does the least harm.
    if let Some(amount) = body.get("amount").or_else(|| body.get("Amount")) {
        customer.budget = match amount.get() {
            "null" => None,
            // Zero and negative amounts pass, because no rule of the service against them is known.
            _ => Some(
                Money::from_json(amount).ok_or_else(|| ErrorResponse::input("The amount is not a decimal number."))?,
            ),
        };
    }
    customer.writes += 1;
    json(&SpendingBudget::of(customer))
}
