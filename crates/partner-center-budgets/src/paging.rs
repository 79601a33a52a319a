//! Lists, read page by page while they are polled.

mod audit_query;
mod collection;
mod continuation;
mod cursor;
mod customer_query;
mod decoder;
mod link;
mod list;
mod page;
mod query;
mod splitter;

pub use audit_query::AuditQuery;
pub use continuation::Continuation;
pub use customer_query::CustomerQuery;
pub use list::List;

pub(crate) use collection::{Collection, Parts};
pub(crate) use page::PageSource;
