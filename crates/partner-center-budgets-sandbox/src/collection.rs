//! Collections, and the links between their pages.

use serde::Serialize;

use crate::wire::Attributes;

/// A collection. `total_count` counts its own items, not those of the whole list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Collection<T> {
    total_count: usize,
    items: Vec<T>,
    links: Links,
    #[serde(skip_serializing_if = "Option::is_none")]
    continuation_token: Option<String>,
    attributes: Attributes,
}

impl<T> Collection<T> {
    pub(crate) fn new(items: Vec<T>, links: Links) -> Self {
        let attributes = Attributes::of_type("Collection");
        Self { total_count: items.len(), items, links, continuation_token: None, attributes }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Links {
    #[serde(rename = "self")]
    this: Link,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Link>,
}

impl<T> Collection<T> {
    /// One page of a list with continuation tokens.
    pub(crate) fn page(items: Vec<T>, mut links: Links, next: NextPage) -> Self {
        links.next = next.link;
        Self { continuation_token: next.token, ..Self::new(items, links) }
    }
}

/// How to request the next page: by a token in the body, a link, both, or not at all.
#[derive(Default)]
pub(crate) struct NextPage {
    pub(crate) token: Option<String>,
    pub(crate) link: Option<Link>,
}

impl Links {
    pub(crate) fn to_self(uri: String) -> Self {
        Self { this: Link::new(uri), next: None }
    }
}

#[derive(Serialize)]
pub(crate) struct Link {
    uri: String,
    method: &'static str,
    headers: Vec<LinkHeader>,
}

impl Link {
    fn new(uri: String) -> Self {
        Self { uri, method: "GET", headers: Vec::new() }
    }

    /// A link that needs a token.
    pub(crate) fn with_token(uri: String, value: String) -> Self {
        Self { headers: vec![LinkHeader { key: "MS-ContinuationToken", value }], ..Self::new(uri) }
    }
}

#[derive(Serialize)]
struct LinkHeader {
    key: &'static str,
    value: String,
}
