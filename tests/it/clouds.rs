//! The clouds and their addresses.

use partner_center_budgets::auth::{ClientSecret, FixedToken};
use partner_center_budgets::{Client, Cloud, Error, RetryPolicy};
use partner_center_budgets_sandbox::{CLIENT_SECRET, Sandbox};

use crate::fleet_plan::customer;

#[test]
fn each_cloud_has_its_addresses() {
    let addresses = ["global", "US-Government", "china"].map(|name| {
        let cloud: Cloud = name.parse().unwrap();
        format!("{} {} {}", cloud.api(), cloud.authority(), cloud.audience())
    });
    insta::assert_snapshot!(addresses.join("\n"), @"
    https://api.partnercenter.microsoft.com https://login.microsoftonline.com https://api.partnercenter.microsoft.com
    https://api.partnercenter.microsoft.com https://login.microsoftonline.us https://api.partnercenter.microsoft.com
    https://partner.partnercenterapi.microsoftonline.cn https://login.partner.microsoftonline.cn https://partner.partnercenterapi.microsoftonline.cn
    ");
}

#[test]
fn explains_that_the_german_cloud_was_closed() {
    let error = "germany".parse::<Cloud>().unwrap_err().to_string();
    assert_eq!(error, "the cloud `germany` was closed; its tenants moved to the global cloud, so write global");
    "moon".parse::<Cloud>().unwrap_err();
}

#[test]
fn checks_every_address_of_a_cloud() {
    let good = "https://login.example.com";
    for (api, authority) in [("http://api.example.com", good), (good, "http://login.example.com"), ("", good)] {
        let cloud = Cloud::custom(api, authority, good);
        let error = Client::builder(FixedToken::new("token")).cloud(cloud).build().unwrap_err();
        assert!(matches!(error, Error::Input { .. }), "{error:?}");
    }
    let cloud = Cloud::custom("http://127.0.0.1:1", "http://localhost:2", good);
    Client::builder(FixedToken::new("token")).cloud(cloud).build().unwrap();
}

#[tokio::test]
async fn a_stand_in_has_a_sign_in_of_its_own() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = sandbox.base_url();
    let client = |secret| {
        let secret = ClientSecret::new("contoso.example", "an-app", secret);
        let cloud = Cloud::custom(&url, &url, &url);
        Client::builder(secret).cloud(cloud).retry(RetryPolicy::never()).build().unwrap()
    };
    client(CLIENT_SECRET).get_budget(customer(1)).await.unwrap();
    let error = client("another-secret").get_budget(customer(1)).await.unwrap_err();
    assert!(error.is_unauthenticated() && error.to_string().contains("AADSTS7000215"), "{error}");
}
