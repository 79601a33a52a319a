//! Sandboxes with customers of one's own, and the log of requests.

use std::io::ErrorKind;

use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::{Client, Currency, CustomerId, CustomerQuery, Error, RetryPolicy};
use partner_center_budgets_sandbox::{Builder, Sandbox, TOKEN};

use crate::operations::all;
use crate::replay::{CUSTOMER, customer};
use crate::sandbox_operations::raw;

fn client(sandbox: &Sandbox) -> Client {
    let builder = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url());
    builder.retry(RetryPolicy::never()).build().unwrap()
}

fn texts(sandbox: &Sandbox) -> Vec<String> {
    sandbox.requests().iter().map(|request| request.to_string().replace(CUSTOMER, "{customer}")).collect()
}

#[tokio::test]
async fn customers_have_the_figures_of_the_test() {
    let other: CustomerId = "22222222-1843-4b3b-872f-206e08a08e51".parse().unwrap();
    let sandbox = Sandbox::builder()
        .customer(customer(), "Contoso")
        .budget("300.000000")
        .usage("120.28860766744404945074")
        .usage(0.5)
        .currency("EUR")
        .customer(other, "Fabrikam Ltd")
        .usage(7)
        .currency("GBP")
        .legacy_offer()
        .customer("33333333-1843-4b3b-872f-206e08a08e51", "Unused")
        .budget(-1)
        .start()
        .await
        .unwrap();
    let client = client(&sandbox);

    let customers = all(client.list_customers(CustomerQuery::new())).await.unwrap();
    let names: Vec<_> = customers.iter().map(|customer| customer.company_name.as_deref().unwrap()).collect();
    assert_eq!(names, ["Contoso", "Fabrikam Ltd", "Unused"]);

    let records = all(client.list_customer_usage_records()).await.unwrap();
    assert_eq!(records.len(), 2, "customers with usage");
    assert_eq!(records[0].customer_id, Some(customer()));
    assert_eq!(records[0].budget.unwrap().to_string(), "300.000000");
    assert_eq!(records[0].total_cost.unwrap().to_string(), "120.78860766744404945074");
    assert_eq!(records[0].currency, Some(Currency::Code("EUR".to_owned())));
    assert_eq!((records[1].budget, records[1].total_cost), (None, Some(7.into())));
    assert_eq!(records[1].currency, Some(Currency::Locale("en-GB".to_owned())));

    let subscriptions = all(client.list_subscription_usage_records(customer())).await.unwrap();
    let costs: Vec<_> = subscriptions.iter().map(|subscription| subscription.total_cost.unwrap()).collect();
    assert_eq!(costs, ["120.28860766744404945074", "0.5"].map(|cost| cost.parse().unwrap()));
    let meters = client.list_meter_usage_records(customer(), subscriptions[0].subscription_id.unwrap());
    let meters = all(meters).await.unwrap();
    let sum = meters.iter().fold(0.into(), |sum: partner_center_budgets::Decimal, meter| {
        sum.checked_add(meter.total_cost.unwrap()).unwrap()
    });
    assert_eq!(sum, costs[0]);

    let unused = customers[2].customer_id.unwrap();
    assert_eq!(client.get_customer_usage_summary(unused).await.unwrap(), None);
    assert_eq!(client.get_budget(unused).await.unwrap(), Some((-1).into()));
    let unknown = client.get_budget("00000000-0000-0000-0000-000000000001".parse().unwrap()).await.unwrap_err();
    assert!(unknown.is_unknown_customer(), "{unknown}");
}

#[tokio::test]
async fn added_customers_follow_the_generated_ones() {
    let builder = Sandbox::builder().config(|config| config.customers = 2).customer(CUSTOMER, "Contoso").budget(5);
    let sandbox = builder.clone().start().await.unwrap();
    let client = client(&sandbox);
    let first = "00000000-0000-0000-0000-000000000001";
    assert_eq!(client.get_budget(first.parse().unwrap()).await.unwrap(), Some(97.into()));
    assert_eq!(client.get_budget(customer()).await.unwrap(), Some(5.into()));
    let third = client.get_budget("00000000-0000-0000-0000-000000000003".parse().unwrap()).await.unwrap_err();
    assert!(third.is_unknown_customer(), "the number of an added customer is not an id");
    client.clear_budget(customer()).await.unwrap();
    assert_eq!(client.get_budget(customer()).await.unwrap(), None);
    assert_eq!(sandbox.counters().budget_writes.len(), 1);
    assert_eq!(builder.customer(first, "Again").start().await.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn start_reports_what_is_invalid() {
    let contoso = || Sandbox::builder().customer(CUSTOMER, "Contoso");
    let cases: [(Builder, &str); 8] = [
        (Sandbox::builder().customer("contoso", "Contoso"), "'contoso' is not a GUID"),
        (contoso().budget("1,000"), "'1,000' is not a decimal number"),
        (contoso().usage("12e90"), "'12e90' is not a decimal number"),
        (contoso().usage(f64::NAN), "'NaN' is not a decimal number"),
        (contoso().currency("CHF"), "use EUR, GBP, SEK or USD"),
        (contoso().customer(customer(), "Contoso"), "two customers have the id"),
        (contoso().fault("stauts=503"), "'stauts' is not a fault"),
        (Sandbox::builder().budget(1).customer(CUSTOMER, "Contoso"), "call `customer` before `budget`"),
    ];
    for (builder, expected) in cases {
        let error = builder.start().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn records_requests_without_tokens() {
    let sandbox = Sandbox::builder()
        .customer(customer(), "Contoso")
        .budget(100)
        .fault("status=503@get_usage_budget:nth=2")
        .fault("reset@get_usage_budget:nth=2")
        .start()
        .await
        .unwrap();
    let client = client(&sandbox);
    assert_eq!(client.get_budget(customer()).await.unwrap(), Some(100.into()));
    assert_eq!(client.get_budget(customer()).await.unwrap_err().status(), Some(503));
    assert!(matches!(client.get_budget(customer()).await.unwrap_err(), Error::Transport { .. }));
    all(client.list_customers(CustomerQuery::new().page_size(2).unwrap())).await.unwrap();
    let path = "/v1/customers/{customer}/usagebudget";
    let expected = [
        format!("GET {path} 200"),
        format!("GET {path} 503"),
        format!("GET {path} no response"),
        "GET /v1/customers?size=2 200".to_owned(),
    ];
    assert_eq!(texts(&sandbox), expected);
    assert!(!format!("{:?}", sandbox.requests()).contains(TOKEN));
    let form = "grant_type=refresh_token&refresh_token=a-secret&client_id=x";
    raw(&sandbox, "POST", "/contoso.example/oauth2/v2.0/token", None, form).await;
    let request = sandbox.requests().pop().unwrap();
    assert_eq!(request.to_string(), "POST /contoso.example/oauth2/v2.0/token 400");
    assert!(!format!("{request:?}").contains("secret"));
}

#[tokio::test]
async fn stops_when_dropped() {
    let sandbox = Sandbox::builder().customer(customer(), "Contoso").start().await.unwrap();
    let client = client(&sandbox);
    client.get_budget(customer()).await.unwrap();
    drop(sandbox);
    // The server is a task of this thread: it stops at the next wait.
    tokio::task::yield_now().await;
    assert!(matches!(client.get_budget(customer()).await, Err(Error::Transport { .. })));
}
