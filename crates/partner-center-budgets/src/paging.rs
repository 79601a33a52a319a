//! Lists, read page by page while they are polled.

mod collection;
mod link;
mod list;
mod page;
mod query;
mod split;
mod step;
mod taker;

pub use list::List;
pub use query::CustomerQuery;
pub(crate) use query::filters_by_reseller;

pub(crate) use collection::Collection;
pub(crate) use step::Step;
pub(crate) use taker::TakeItems;
