//! Collections and the links between their pages.

use serde::Serialize;

use crate::wire::Attributes;

/// A collection; its count is that of its own items, not of a whole list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Collection<T> {
    total_count: usize,
    items: Vec<T>,
    links: Links,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) continuation_token: Option<String>,
    attributes: Attributes,
}

impl<T> Collection<T> {
    pub(crate) fn new(items: Vec<T>, links: Links) -> Collection<T> {
        let attributes = Attributes::of("Collection");
        Collection { total_count: items.len(), items, links, continuation_token: None, attributes }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Links {
    #[serde(rename = "self")]
    this: Link,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<Link>,
}

impl Links {
    pub(crate) fn to(uri: String) -> Links {
        Links { this: Link::new(uri), next: None }
    }
}

#[derive(Serialize)]
pub(crate) struct Link {
    uri: String,
    method: &'static str,
    pub(crate) headers: Vec<LinkHeader>,
}

impl Link {
    pub(crate) fn new(uri: String) -> Link {
        Link { uri, method: "GET", headers: Vec::new() }
    }
}

#[derive(Serialize)]
pub(crate) struct LinkHeader {
    pub(crate) key: &'static str,
    pub(crate) value: String,
}
