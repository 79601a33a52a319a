//! The operations: plain functions from the world and a request to an answer.

mod budget;
pub(crate) mod customers;
mod records;
mod summaries;

use axum::{
    Router,
    routing::{get, post},
};

use crate::{
    answer::{
        Answer,
        Family::{Customers, Usage},
    },
    endpoint::Endpoint,
    refusal::Refusal,
    request::Request,
    server::{Operation, Refuse, Run, Shared, SignIn},
    sign_in,
    world::World,
};

/// Every path that is served.
pub(crate) fn routes(byte_order_mark: bool) -> Router<Shared> {
    let usage = Usage { byte_order_mark };
    let read = move |endpoint, run: fn(&World, &Request) -> Answer| {
        let family = if endpoint == Endpoint::ListCustomers { Customers } else { usage };
        Operation { endpoint, family, run: Run::Read(run) }
    };
    let update = Operation { endpoint: Endpoint::UpdateUsageBudget, family: usage, run: Run::Write(budget::update) };
    let token = SignIn {
        endpoint: Endpoint::Token,
        run: |service, request, told| {
            sign_in::render(request, told.map_or_else(|| sign_in::token(service, request), Err))
        },
    };
    let device_code = SignIn {
        endpoint: Endpoint::DeviceCode,
        run: |service, request, told| {
            sign_in::render(request, told.map_or_else(|| sign_in::device_code(service, request), Err))
        },
    };
    let openid_configuration = SignIn {
        endpoint: Endpoint::Discovery,
        run: |service, request, told| {
            sign_in::render(request, told.map_or_else(|| sign_in::openid_configuration(service, request), Err))
        },
    };
    let instance = SignIn {
        endpoint: Endpoint::Discovery,
        run: |service, request, told| {
            sign_in::render(request, told.map_or_else(|| sign_in::instance(service, request), Err))
        },
    };
    let keys = SignIn {
        endpoint: Endpoint::Discovery,
        run: |service, request, told| {
            sign_in::render(request, told.map_or_else(|| sign_in::keys(service, request), Err))
        },
    };
    let authorize = SignIn { endpoint: Endpoint::Authorize, run: sign_in::authorize };
    let customer = "/v1/customers/{customer}";
    let subscription = "/v1/customers/{customer}/subscriptions/{subscription}";
    Router::new()
        .route("/v1/customers", get(read(Endpoint::ListCustomers, customers::list)))
        .route("/v1/customers/usagerecords", get(read(Endpoint::ListCustomerUsageRecords, records::customers)))
        .route(&format!("{customer}/usagebudget"), get(read(Endpoint::GetUsageBudget, budget::get)).patch(update))
        .route(&format!("{customer}/usagesummary"), get(read(Endpoint::GetCustomerUsageSummary, summaries::customer)))
        .route(
            &format!("{customer}/subscriptions/usagerecords"),
            get(read(Endpoint::ListSubscriptionUsageRecords, records::subscriptions)),
        )
        .route(
            &format!("{subscription}/usagesummary"),
            get(read(Endpoint::GetSubscriptionUsageSummary, summaries::subscription)),
        )
        .route(
            &format!("{subscription}/usagerecords/resources"),
            get(read(Endpoint::ListAzureResourceUsageRecords, records::azure_resources)),
        )
        .route(
            &format!("{subscription}/meterusagerecords"),
            get(read(Endpoint::ListMeterUsageRecords, records::meters)),
        )
        .route(
            &format!("{subscription}/resourceusagerecords"),
            get(read(Endpoint::ListResourceUsageRecords, records::resources)),
        )
        .route("/v1/usagesummary", get(read(Endpoint::GetPartnerUsageSummary, summaries::partner)))
        .route("/{tenant}/oauth2/v2.0/token", post(token))
        .route("/{tenant}/oauth2/token", post(token))
        .route("/{tenant}/oauth2/v2.0/devicecode", post(device_code))
        .route("/{tenant}/oauth2/v2.0/authorize", get(authorize))
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(openid_configuration))
        .route("/{tenant}/discovery/instance", get(instance))
        .route("/{tenant}/discovery/v2.0/keys", get(keys))
        .fallback(Refuse(|_| Refusal::path_not_found()))
        .method_not_allowed_fallback(Refuse(|request| Refusal::method_not_allowed(request.method.as_str())))
}
