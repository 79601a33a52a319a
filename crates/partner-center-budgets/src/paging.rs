//! Lists, read page by page while they are polled.

mod audit_query;
mod collection;
mod continuation;
mod cursor;
mod decoder;
mod link;
mod list;
mod page;
mod query;
mod splitter;

pub use audit_query::AuditQuery;
pub use continuation::Continuation;
pub use list::List;
pub use query::CustomerQuery;

pub(crate) use collection::{Collection, Parts};
pub(crate) use page::PageSource;
