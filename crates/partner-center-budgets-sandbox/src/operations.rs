//! The operations of the OpenAPI document: plain functions from the world and a request to a result.

mod budget;
mod customers;
mod records;
mod summaries;

use axum::routing::MethodFilter;

use crate::endpoint::Endpoint;
use crate::request::Request;
use crate::response::Family::{self, Customers, Usage};
use crate::response::OperationResult;
use crate::world::World;

/// An operation of the service.
pub(crate) struct Operation {
    pub(crate) endpoint: Endpoint,
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
    Write(fn(&mut World, &Request) -> OperationResult),
}

type Read = fn(&World, &Request) -> OperationResult;

/// Rejects a token without a user.
const APP_AND_USER: fn(&Request) -> bool = |_| true;

/// Accepts every token.
const APP_OR_USER: fn(&Request) -> bool = |_| false;

const fn get(endpoint: Endpoint, path: &'static str, needs_user: fn(&Request) -> bool, read: Read) -> Operation {
    Operation { endpoint, method: MethodFilter::GET, path, family: Usage, action: Action::Read(read), needs_user }
}

/// A line for each operation of the document. The test `operations::` compares ids, paths and credentials.
pub(crate) const OPERATIONS: &[Operation] = &[
    get(Endpoint::GetUsageBudget, "/v1/customers/{customer}/usagebudget", APP_OR_USER, budget::get),
    Operation {
        method: MethodFilter::PATCH,
        action: Action::Write(budget::update),
        ..get(Endpoint::UpdateUsageBudget, "/v1/customers/{customer}/usagebudget", APP_OR_USER, budget::get)
    },
    get(Endpoint::GetCustomerUsageSummary, "/v1/customers/{customer}/usagesummary", APP_AND_USER, summaries::customer),
    get(Endpoint::GetPartnerUsageSummary, "/v1/usagesummary", APP_AND_USER, summaries::partner),
    get(Endpoint::ListCustomerUsageRecords, "/v1/customers/usagerecords", APP_AND_USER, records::customers),
    get(
        Endpoint::ListSubscriptionUsageRecords,
        "/v1/customers/{customer}/subscriptions/usagerecords",
        APP_AND_USER,
        records::subscriptions,
    ),
    get(
        Endpoint::GetSubscriptionUsageSummary,
        "/v1/customers/{customer}/subscriptions/{subscription}/usagesummary",
        APP_AND_USER,
        summaries::subscription,
    ),
    get(
        Endpoint::ListAzureResourceUsageRecords,
        "/v1/customers/{customer}/subscriptions/{subscription}/usagerecords/resources",
        APP_OR_USER,
        records::azure_resources,
    ),
    get(
        Endpoint::ListMeterUsageRecords,
        "/v1/customers/{customer}/subscriptions/{subscription}/meterusagerecords",
        APP_AND_USER,
        records::meters,
    ),
    get(
        Endpoint::ListResourceUsageRecords,
        "/v1/customers/{customer}/subscriptions/{subscription}/resourceusagerecords",
        APP_AND_USER,
        records::resources,
    ),
    Operation {
        family: Customers,
        ..get(Endpoint::ListCustomers, "/v1/customers", customers::needs_user, customers::list)
    },
];
