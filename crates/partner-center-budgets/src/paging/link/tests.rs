//! Every form of a link.

use proptest::prelude::*;

use super::*;
use crate::generated::types::{Link, LinkHeader};

const BASE: &str = "https://api.example";

fn url_at(base: &str, uri: &str) -> Result<String, Reason> {
    resolve(base, uri).map(|url| url.to_string())
}

fn url(uri: &str) -> Result<String, Reason> {
    url_at(BASE, uri)
}

fn links(uri: Option<&str>, headers: &[(&str, &str)]) -> Option<ResourceLinks> {
    let headers = headers
        .iter()
        .map(|(key, value)| LinkHeader { key: Some((*key).to_owned()), value: Some((*value).to_owned()) });
    let next = Link { uri: uri.map(str::to_owned), headers: Some(headers.collect()), ..Link::default() };
    Some(ResourceLinks { next: Some(next), ..ResourceLinks::default() })
}

/// Address and token of the page after `asked`.
fn step(asked: &str, token: Option<&str>, links: Option<ResourceLinks>) -> Result<Option<(String, String)>, Reason> {
    let next = next(BASE, &Url::parse(asked).unwrap(), token.map(str::to_owned), links)?;
    let token = |next: &PageAddress| next.headers.get(TOKEN).map_or("-", |value| value.to_str().unwrap()).to_owned();
    Ok(next.map(|next| (next.url.to_string(), token(&next))))
}

#[test]
fn every_form_of_a_link_leads_below_the_base_url() {
    let customers = "https://api.example/v1/customers?size=2&seekOperation=Next";
    for uri in [
        "https://api.example/v1/customers?size=2&seekOperation=Next",
        "HTTPS://API.EXAMPLE:443/v1/customers?size=2&seekOperation=Next",
        "https://user:password@api.example/v1/customers?size=2&seekOperation=Next",
        "https://api.example/customers?size=2&seekOperation=Next",
        "//api.example/v1/customers?size=2&seekOperation=Next",
        "/v1/customers?size=2&seekOperation=Next",
        "/customers?size=2&seekOperation=Next",
        "v1/customers?size=2&seekOperation=Next",
        "customers?size=2&seekOperation=Next",
        "customers?size=2?seekOperation=Next",
        "/v1/customers?size=2?seekOperation=Next#top",
        "/v1/../../v1/%2e%2e/customers?size=2&seekOperation=Next",
    ] {
        assert_eq!(url(uri).as_deref(), Ok(customers), "{uri}");
        let elsewhere = uri.replace("https://api.example/", "https://api.example/stem/");
        let elsewhere = elsewhere.replace("//api.example/v1", "//api.example/stem/v1");
        assert!(url_at("https://api.example/stem", &elsewhere).is_ok(), "{elsewhere}");
    }
    assert_eq!(url("customers?a=b?c").as_deref(), Ok("https://api.example/v1/customers?a=b?c"), "part of a value");
    assert_eq!(
        url_at("https://api.example/stem", "/customers").as_deref(),
        Ok("https://api.example/stem/v1/customers")
    );
}

#[test]
fn a_link_to_elsewhere_is_refused() {
    for uri in [
        "https://elsewhere.example/v1/customers",
        "http://api.example/v1/customers",
        "https://api.example:8443/v1/customers",
        "https://api.example.elsewhere.example/v1/customers",
        "https://api.example@elsewhere.example/v1/customers",
        "//elsewhere.example/v1/customers",
        "\\\\elsewhere.example\\v1\\customers",
        "/\\elsewhere.example/v1/customers",
        "file:///v1/customers",
        "customers:8080/v1",
        "https://",
    ] {
        assert!(url(uri).is_err(), "{uri}: {:?}", url(uri));
    }
    let why = url("https://elsewhere.example/v1/customers?x=secret").unwrap_err();
    assert!(why.contains("https://elsewhere.example,") && !why.contains("secret"), "{why}");
}

#[test]
fn a_list_goes_on_by_token_by_link_or_by_both() {
    let asked = "https://api.example/v1/customers?size=2";
    let seek = "https://api.example/v1/customers?size=2&seekOperation=Next";
    let some = |url: &str, token: &str| Ok(Some((url.to_owned(), token.to_owned())));
    assert_eq!(step(asked, None, None), Ok(None));
    assert_eq!(step(asked, Some(""), links(None, &[])), Ok(None));
    assert_eq!(step(asked, None, links(Some(""), &[("MS-ContinuationToken", "")])), Ok(None));
    assert_eq!(step(asked, Some("a=="), None), some(seek, "a=="));
    assert_eq!(step(seek, Some("b=="), None), some(seek, "b=="), "no parameter twice");
    assert_eq!(step(asked, None, links(None, &[("ms-continuationTOKEN", "a==")])), some(seek, "a=="));
    let records = "https://api.example/v1/customers/usagerecords";
    assert_eq!(step(records, Some("a"), None), some(&format!("{records}?seekOperation=Next"), "a"));
    // The link's own header counts, and a link may do without a token.
    let link = links(Some("customers?page=2"), &[("MS-ContinuationToken", "header")]);
    assert_eq!(
        step(asked, Some("body"), link),
        some("https://api.example/v1/customers?page=2&seekOperation=Next", "header")
    );
    let link = links(Some("customers?seek_operation=next"), &[]);
    assert_eq!(step(asked, Some("body"), link), some("https://api.example/v1/customers?seek_operation=next", "body"));
    assert_eq!(
        step(asked, None, links(Some("customers?page=2"), &[])),
        some("https://api.example/v1/customers?page=2", "-")
    );
}

#[test]
fn a_link_sets_headers_of_the_service_only() {
    let sent =
        [("X-Shard", "7"), ("Authorization", "other"), ("Host", "elsewhere.example"), ("MS-CV", "1"), ("X-", "")];
    let next = next(BASE, &Url::parse(BASE).unwrap(), None, links(Some("customers"), &sent)).unwrap().unwrap();
    let mut names: Vec<_> = next.headers.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["ms-cv", "x-shard"]);
}

#[test]
fn what_cannot_be_sent_is_refused() {
    let asked = Url::parse(BASE).unwrap();
    for (token, links) in [
        (Some("line\nbreak"), None),
        (None, links(None, &[("MS-ContinuationToken", "line\nbreak")])),
        (None, links(Some("customers"), &[("X-\u{e9}", "1")])),
        (
            None,
            Some(ResourceLinks {
                next: Some(Link {
                    uri: Some("customers".to_owned()),
                    method: Some("POST".to_owned()),
                    ..Link::default()
                }),
                ..ResourceLinks::default()
            }),
        ),
    ] {
        next(BASE, &asked, token.map(str::to_owned), links).unwrap_err();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn no_link_leads_away(
        stem in prop_oneof![Just(""), Just("/stem")],
        uri in prop_oneof![
            "\\PC*",
            "[ \\t]?(https?:)?[/\\\\.@:]{0,3}(api|elsewhere)?(\\.example)?[/\\\\.%2eE?#@:&= \\t]{0,8}(v1)?[/\\\\.a-z%2E?#@:&=]{0,12}",
        ],
    ) {
        let base = format!("https://api.example{stem}");
        if let Ok(url) = resolve(&base, &uri) {
            prop_assert!(url.as_str().starts_with(&format!("{base}/v1/")), "{uri:?} leads to {url}");
            prop_assert_eq!(url.fragment(), None);
        }
    }
}
