//! The collections that lists return.

use serde::de::DeserializeOwned;

use crate::generated::types::ResourceLinks;
use crate::response_type::ResponseType;

/// A page, as generated from the document. [`document_tables`](crate::tables) implements it for each list.
pub(crate) trait Collection: ResponseType + DeserializeOwned + Send + 'static {
    /// One item of it.
    type Item: DeserializeOwned + Into<Self::Record>;
    /// The public type of an item.
    type Record: Send + 'static;

    fn parts(self) -> Parts<Self::Record>;
}

/// A page of a collection, decoded.
pub(crate) struct Parts<T> {
    pub(crate) items: Vec<T>,
    /// `totalCount`: the number of items in this page, or in the whole list; the service does not say which.
    pub(crate) total_count: Option<u64>,
    pub(crate) token: Option<String>,
    pub(crate) links: Option<ResourceLinks>,
}
