//! Reads one page: its records, and the cursor of the next one.

use std::sync::Arc;

use super::collection::Parts;
use super::cursor::PageCursor;
use super::decoder::{DecodedPage, PageDecoder};
use super::{Collection, link};
use crate::call::{Call, CallOptions, Shared};
use crate::request::Request;
use crate::{CallIds, Error};

/// What the calls of a list have in common.
pub(crate) struct PageSource<C> {
    pub(crate) shared: Arc<Shared>,
    pub(crate) options: CallOptions,
    /// The request for the first page.
    pub(crate) first: Request<C>,
}

/// One page of a list.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// Where the list continues. The items are valid even if the list cannot continue.
    pub(super) next: Result<Option<PageCursor>, Error>,
}

impl<C: Collection> PageSource<C> {
    /// Reads the page at `cursor`.
    pub(super) async fn read(&self, mut cursor: PageCursor) -> Result<Page<C::Record>, Error> {
        let request = cursor.request(&self.first);
        let url = request.url().clone();
        let call = Call::new(Arc::clone(&self.shared), self.options.clone(), request);
        let ids = call.ids();
        let decoded = match call.execute::<PageDecoder<C>>().await {
            Ok(success) => {
                let (envelope, records) = success.split(|DecodedPage { envelope, records }| (envelope, records));
                envelope.decode::<C>().map(|page| (page, records, envelope))
            }
            Err(error) => Err(error),
        };
        let (page, records, response) = match decoded {
            Ok(decoded) => decoded,
            Err(error) => return end::<C>(&cursor, ids, error),
        };
        let Parts { items: left, total_count, token, links } = page.parts();
        let mut items = records.map_err(|why| response.content_error(&why))?;
        // A list of items that is not written as `"items":[` stays in the envelope. Then the decoder found none.
        items.extend(left);
        cursor.add_page(items.len(), &url, total_count);
        items.drain(..cursor.position.skip.min(items.len()));
        let missing = cursor.received().is_short().then(|| incomplete::<C>(&cursor, ids, None));
        let next = link::next(self.shared.base_url.as_str(), &url, token, links)
            .and_then(|next| next.map(|next| cursor.advance(next)).transpose())
            .map_err(|why| response.content_error(&why));
        let next = match (next, missing) {
            (Ok(None), Some(missing)) => Err(missing),
            (next, _) => next,
        };
        Ok(Page { items, next })
    }
}

/// The end of the list, if `error` means that; otherwise the error.
fn end<C: Collection>(cursor: &PageCursor, ids: CallIds, error: Error) -> Result<Page<C::Record>, Error> {
    let is_end = match &error {
        // The service refuses to continue beyond the end of a list.
        Error::Api(fault) if !cursor.is_first() => {
            let is_refusal = fault.status == 400 && fault.code.as_deref() == Some("2000");
            if is_refusal && !cursor.received().can_end_with_refusal() {
                return Err(incomplete::<C>(cursor, ids, Some(error)));
            }
            is_refusal
        }
        // A customer who never used Azure has no records, which is not a failure.
        Error::Api(fault) => fault.is_without_usage(),
        _ => false,
    };
    if is_end { Ok(Page { items: Vec::new(), next: Ok(None) }) } else { Err(error) }
}

fn incomplete<C: Collection>(cursor: &PageCursor, ids: CallIds, refusal: Option<Error>) -> Error {
    let received = cursor.received();
    Error::IncompleteList {
        operation: C::OPERATION,
        received: received.items,
        total: received.total,
        ids,
        refusal: refusal.map(Box::new),
    }
}
