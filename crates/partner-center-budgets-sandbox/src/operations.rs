//! The operations: plain functions from the world and a request to an answer.

mod budget;
mod customers;
mod records;
mod summaries;

use axum::{Router, routing::get};

use crate::{
    answer::Family::{Customers, Framework, Usage},
    refusal::Refusal,
    server::{Operation, Shared},
};

/// Every path that is served.
pub(crate) fn routes() -> Router<Shared> {
    let usage = |run| Operation::new(Usage, run);
    Router::new()
        .route("/v1/customers", get(Operation::new(Customers, customers::list)))
        .route("/v1/customers/usagerecords", get(usage(records::customers)))
        .route("/v1/customers/{customer}/usagebudget", get(usage(budget::get)).patch(usage(budget::update)))
        .route("/v1/customers/{customer}/usagesummary", get(usage(summaries::customer)))
        .route("/v1/customers/{customer}/subscriptions/usagerecords", get(usage(records::subscriptions)))
        .route(
            "/v1/customers/{customer}/subscriptions/{subscription}/usagesummary",
            get(usage(summaries::subscription)),
        )
        .route(
            "/v1/customers/{customer}/subscriptions/{subscription}/usagerecords/resources",
            get(usage(records::azure_resources)),
        )
        .route("/v1/customers/{customer}/subscriptions/{subscription}/meterusagerecords", get(usage(records::meters)))
        .route(
            "/v1/customers/{customer}/subscriptions/{subscription}/resourceusagerecords",
            get(usage(records::resources)),
        )
        .route("/v1/usagesummary", get(usage(summaries::partner)))
        .fallback(Operation::new(Framework, |_, _| Err(Refusal::path_not_found())))
        .method_not_allowed_fallback(Operation::new(Framework, |_, request| {
            Err(Refusal::method_not_allowed(request.method.as_str()))
        }))
}
