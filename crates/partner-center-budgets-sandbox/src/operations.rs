//! The operations of the OpenAPI document: plain functions from the world and a request to a result.

mod audit;
mod budget;
mod customers;
mod records;
mod summaries;

use axum::routing::MethodFilter;

use crate::caller::Caller;
use crate::request::Request;
use crate::response::Family::{self, Customers, Usage};
use crate::response::OperationResult;
use crate::world::World;

/// An operation of the service.
pub(crate) struct Operation {
    /// Its `operationId` in the OpenAPI document.
    pub(crate) id: &'static str,
    pub(crate) method: MethodFilter,
    pub(crate) path: &'static str,
    pub(crate) family: Family,
    pub(crate) action: Action,
    /// Whether the service rejects a token without a user.
    pub(crate) needs_user: fn(&Request) -> bool,
}

/// The action of an operation. Actions are short and never wait, so a lock around each is enough.
pub(crate) enum Action {
    Read(fn(&World, &Request) -> OperationResult),
    Write(fn(&mut World, &Request, &Caller) -> OperationResult),
}

type Read = fn(&World, &Request) -> OperationResult;

/// Rejects a token without a user.
const APP_AND_USER: fn(&Request) -> bool = |_| true;

/// Accepts every token.
const APP_OR_USER: fn(&Request) -> bool = |_| false;

const fn get(id: &'static str, path: &'static str, needs_user: fn(&Request) -> bool, read: Read) -> Operation {
    Operation { id, method: MethodFilter::GET, path, family: Usage, action: Action::Read(read), needs_user }
}

/// A line for each operation of the document. The test `operations::` compares ids, paths and credentials.
pub(crate) const OPERATIONS: &[Operation] = &[
    get("get_usage_budget", "/v1/customers/{customer}/usagebudget", APP_OR_USER, budget::get),
    Operation {
        method: MethodFilter::PATCH,
        action: Action::Write(budget::update),
        ..get("update_usage_budget", "/v1/customers/{customer}/usagebudget", APP_OR_USER, budget::get)
    },
    get("get_customer_usage_summary", "/v1/customers/{customer}/usagesummary", APP_AND_USER, summaries::customer),
    get("get_partner_usage_summary", "/v1/usagesummary", APP_AND_USER, summaries::partner),
    get("list_customer_usage_records", "/v1/customers/usagerecords", APP_AND_USER, records::customers),
    get(
        "list_subscription_usage_records",
        "/v1/customers/{customer}/subscriptions/usagerecords",
        APP_AND_USER,
        records::subscriptions,
    ),
    get(
        "get_subscription_usage_summary",
        "/v1/customers/{customer}/subscriptions/{subscription}/usagesummary",
        APP_AND_USER,
        summaries::subscription,
    ),
    get(
        "list_azure_resource_usage_records",
        "/v1/customers/{customer}/subscriptions/{subscription}/usagerecords/resources",
        APP_OR_USER,
        records::azure_resources,
    ),
    get(
        "list_meter_usage_records",
        "/v1/customers/{customer}/subscriptions/{subscription}/meterusagerecords",
        APP_AND_USER,
        records::meters,
    ),
    get(
        "list_resource_usage_records",
        "/v1/customers/{customer}/subscriptions/{subscription}/resourceusagerecords",
        APP_AND_USER,
        records::resources,
    ),
    Operation { family: Customers, ..get("list_customers", "/v1/customers", customers::needs_user, customers::list) },
    get("list_audit_records", "/v1/auditrecords", APP_OR_USER, audit::list),
];
