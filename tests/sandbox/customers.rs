//! The list of customers and its filter by indirect reseller.

use partner_center_budgets_sandbox::{CLIENT_SECRET, Sandbox, TOKEN};

use crate::http::{get, post};

fn filtered(field: &str, value: &str) -> String {
    let filter = format!(r#"{{"Field":"{field}","Value":"{value}","Operator":"starts_with"}}"#);
    let filter = percent_encoded(&filter);
    format!("/v1/customers?size=500&filter={filter}")
}

/// Escapes all bytes.
fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn filters_customers_by_indirect_reseller() {
    let sandbox = Sandbox::start().await.unwrap();
    let reseller = "00000000-0000-0000-0002-000000000001";
    let ids = async |value: &str| {
        let body = get(&sandbox, &filtered("IndirectReseller", value), TOKEN).await.json();
        let items = body["items"].as_array().unwrap();
        let id = |item: &serde_json::Value| uuid_number(item["id"].as_str().unwrap());
        items.iter().map(id).collect::<Vec<u128>>()
    };
    assert_eq!(ids(reseller).await, [6, 12, 18, 24, 30, 36]);
    assert_eq!(ids("00000000-0000-0000-0002").await, [6, 12, 18, 24, 30, 36], "the filter compares prefixes");
    assert_eq!(ids("00000000-0000-0000-0002-000000000002").await, []);
    assert_eq!(ids("").await, [6, 12, 18, 24, 30, 36], "every customer with an indirect reseller");
}

fn uuid_number(id: &str) -> u128 {
    u128::from_str_radix(&id.replace('-', ""), 16).unwrap()
}

#[tokio::test]
async fn indirect_reseller_filter_needs_a_user() {
    let sandbox = Sandbox::start().await.unwrap();
    let form = format!(
        "grant_type=client_credentials&client_id=app&client_secret={CLIENT_SECRET}\
         &scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default"
    );
    let token = post(&sandbox, "/contoso.example/oauth2/v2.0/token", &form).await.json();
    let token = token["access_token"].as_str().unwrap();
    let error = get(&sandbox, &filtered("IndirectReseller", "0"), token).await;
    assert_eq!(error.status_and_code(), (403, "900329".to_owned()));
    assert_eq!(get(&sandbox, &filtered("Domain", "b"), token).await.status, 200);
}

#[tokio::test]
async fn only_records_of_azure_plans_have_a_currency_symbol() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = get(&sandbox, "/v1/customers/usagerecords", TOKEN).await.json();
    let records = body["items"].as_array().unwrap();
    assert_eq!(records[0]["currencySymbol"], "£");
    for record in records {
        assert_eq!(record.get("currencySymbol").is_some(), record.get("currencyCode").is_some(), "{record}");
    }
}
