//! A customer's usage spending budget.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::caller::Caller;
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

pub(super) fn update(world: &mut World, request: &Request, caller: &Caller) -> OperationResult {
    let id = request.path("customer");
    world.customer(id)?;
    let body: HashMap<String, Box<RawValue>> = serde_json::from_slice(&request.body)
        .map_err(|error| ErrorResponse::input(&format!("The request body is not a JSON object: {error}")))?;
    // Clients send the key in either letter case. The service's behaviour without the key is not known; an unchanged
    // budget does the least harm.
    let amount = body.get("amount").or_else(|| body.get("Amount"));
    let amount = amount.map(|amount| parse_amount(amount)).transpose()?;
    json(&SpendingBudget::of_customer(world.update_budget(id, amount, caller, request.header("MS-CorrelationId"))?))
}

/// The amount of a request; `None` clears the budget.
fn parse_amount(amount: &RawValue) -> Result<Option<Money>, ErrorResponse> {
    match amount.get() {
        "null" => Ok(None),
        // No rule against zero and negative amounts is known.
        _ => match Money::from_json(amount) {
            Some(amount) => Ok(Some(amount)),
            None => Err(ErrorResponse::input("The amount is not a decimal number.")),
        },
    }
}
