//! Filters of the customer list: fields, and the tokens that may use them.

use std::sync::Arc;

use partner_center_budgets::auth::{ClientSecret, FixedToken, MemoryStore, RefreshToken};
use partner_center_budgets::{Client, CustomerQuery, Error, List};
use partner_center_budgets_sandbox::{Sandbox, TOKEN};

use crate::authority::{APP, Authority, TENANT};
use crate::operations::all;
use crate::replay::Replay;

const RESELLER: &str = "00000000-0000-0000-0002-000000000001";
const GRANT: &str = r#"{"access_token":"granted","expires_in":3600}"#;
const NOBODY: &str = r#"{"totalCount":0,"items":[],"attributes":{"objectType":"Collection"}}"#;

#[tokio::test]
async fn sends_each_filter_as_json_in_the_query() {
    let prefix = "a\"&=+é ?";
    for (query, field) in [
        (CustomerQuery::new().company_name_starts_with(prefix), "CompanyName"),
        (CustomerQuery::new().domain_starts_with(prefix), "Domain"),
        (CustomerQuery::new().indirect_reseller_starts_with(prefix), "IndirectReseller"),
        // The last one counts.
        (CustomerQuery::new().indirect_reseller_starts_with("gone").domain_starts_with(prefix), "Domain"),
    ] {
        let replay = Replay::start(200, &[], NOBODY).await;
        assert_eq!(all(replay.client().list_customers(query)).await.unwrap(), []);
        let [seen] = &replay.seen()[..] else { panic!("one request") };
        let filter = format!(
            "%7B%22Field%22%3A%22{field}%22%2C%22Value%22%3A%22a%5C%22%26%3D%2B%C3%A9+%3F%22\
             %2C%22Operator%22%3A%22starts_with%22%7D"
        );
        assert_eq!(seen.line, format!("GET /v1/customers?filter={filter}&size=500"));
    }
}

#[tokio::test]
async fn finds_customers_of_an_indirect_reseller_on_all_pages() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build().unwrap();
    for (prefix, expected) in
        [(RESELLER, vec![6, 12, 18, 24, 30, 36]), ("00000000-0000-0000-0002-000000000002", vec![])]
    {
        let query = CustomerQuery::new().indirect_reseller_starts_with(prefix).page_size(2).unwrap();
        let customers = all(client.list_customers(query)).await.unwrap();
        let ids: Vec<_> = customers.iter().map(|one| one.customer_id.unwrap()).collect();
        let expected: Vec<_> = expected.into_iter().map(|number| uuid::Uuid::from_u128(number).into()).collect();
        assert_eq!(ids, expected, "{prefix}");
    }
}

/// The first error of a list, if it has one.
async fn refusal<T: std::fmt::Debug>(list: List<T>) -> Option<String> {
    match all(list).await {
        Ok(_) => None,
        Err(error @ Error::Input { .. }) => Some(error.to_string()),
        Err(error) => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn refuses_an_indirect_reseller_filter_for_an_app_alone_before_sending() {
    let answer = |sign_in| (200, if sign_in { GRANT } else { NOBODY }.to_owned());
    let authority = Authority::start(move |seen, _| answer(seen.is_sign_in())).await;
    let app = authority.client(ClientSecret::new(TENANT, APP, "made-up-secret"));
    let by_reseller = || CustomerQuery::new().indirect_reseller_starts_with(RESELLER);

    let refused = refusal(app.list_customers(by_reseller())).await.expect("a refusal of our own");
    assert!(
        refused.contains("list_customers with a filter by indirect reseller takes no token of an app alone"),
        "{refused}"
    );
    assert!(authority.seen().is_empty(), "neither a sign-in nor a call");

    // An app may use every other filter, even with a name that looks like the refused one.
    let looks_alike = r#""Field":"IndirectReseller""#;
    for query in [
        CustomerQuery::new(),
        CustomerQuery::new().domain_starts_with("a"),
        CustomerQuery::new().company_name_starts_with(looks_alike),
        by_reseller().company_name_starts_with("IndirectReseller"),
    ] {
        assert_eq!(refusal(app.list_customers(query.clone())).await, None, "{query:?}");
    }
    let user = authority.client(RefreshToken::new(TENANT, APP, Arc::new(MemoryStore::new("made-up-token"))));
    assert_eq!(refusal(user.list_customers(by_reseller())).await, None);
}
