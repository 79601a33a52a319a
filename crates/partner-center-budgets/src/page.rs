//! One page of a list.

use crate::types::{
    AzureResourceMonthlyUsageRecord, Customer, CustomerMonthlyUsageRecord, Link, MeterUsageRecord, ResourceLinks,
    ResourceUsageRecord, SubscriptionMonthlyUsageRecord,
};
use crate::{Error, generated};

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Leads to the next page; `None` on the last.
    pub next: Option<PageToken>,
}

/// Leads from one page of a list to the next.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageToken(String);

impl PageToken {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T> Page<T> {
    /// The next page can be asked for by a token only. A next link without one must not pass for the end of the list.
    fn new(items: Option<Vec<T>>, token: Option<String>, links: Option<ResourceLinks>) -> Result<Self, &'static str> {
        let next = links.and_then(|links| links.next).filter(|link| link.uri.is_some());
        let has_next_link = next.is_some();
        let token = token.or_else(|| token_of(next?)).filter(|token| !token.is_empty());
        if has_next_link && token.is_none() {
            return Err("there is a link to a next page, but no token that leads there");
        }
        Ok(Self { items: items.unwrap_or_default(), next: token.map(PageToken) })
    }

    /// The page after the last: the service tells the end of a list it is led through by a refusal.
    pub(crate) fn end_of_list(error: Error) -> Result<Self, Error> {
        match (error.status(), error.code()) {
            (Some(400), Some("2000")) => Ok(Self { items: Vec::new(), next: None }),
            _ => Err(error),
        }
    }
}

/// The token may stand in the headers of the next link only.
fn token_of(next: Link) -> Option<String> {
    let mut headers = next.headers?.into_iter();
    let is_token = |key: &Option<String>| key.as_deref().is_some_and(|key| key.eq_ignore_ascii_case(TOKEN_HEADER));
    headers.find(|header| is_token(&header.key))?.value
}

const TOKEN_HEADER: &str = "MS-ContinuationToken";

macro_rules! pages {
    ($($collection:ident of $item:ident,)*) => {
        $(
            impl TryFrom<generated::types::$collection> for Page<$item> {
                type Error = &'static str;

                fn try_from(page: generated::types::$collection) -> Result<Self, &'static str> {
                    Self::new(page.items, page.continuation_token, page.links)
                }
            }
        )*
    };
}

pages! {
    AzureResourceMonthlyUsageRecordCollection of AzureResourceMonthlyUsageRecord,
    CustomerCollection of Customer,
    CustomerMonthlyUsageRecordCollection of CustomerMonthlyUsageRecord,
    MeterUsageRecordCollection of MeterUsageRecord,
    ResourceUsageRecordCollection of ResourceUsageRecord,
    SubscriptionMonthlyUsageRecordCollection of SubscriptionMonthlyUsageRecord,
}
