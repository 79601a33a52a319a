//! Reads one page: its records, and the cursor of the next one.

use std::sync::Arc;

use super::collection::Parts;
use super::cursor::{PageCursor, Received};
use super::decoder::{DecodedPage, PageDecoder};
use super::{Collection, link};
use crate::call::{Call, CallOptions, ClientState};
use crate::request::Request;
use crate::{CallIds, Error};

/// What the calls of a list have in common.
pub(crate) struct PageSource<C> {
    pub(crate) client: Arc<ClientState>,
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
    pub(super) async fn read(self: Arc<Self>, mut cursor: PageCursor) -> Result<Page<C::Record>, Error> {
        let request = cursor.request(&self.first);
        let url = request.url().clone();
        let call = Call::new(Arc::clone(&self.client), self.options.clone(), request);
        let ids = call.ids();
        let decoded = call.execute::<PageDecoder<C>>().await.and_then(|success| {
            let (envelope, records) = success.split(|DecodedPage { envelope, records }| (envelope, records));
            Ok((envelope.decode::<C>()?, records, envelope))
        });
        let (collection, records, envelope) = match decoded {
            Ok(decoded) => decoded,
            Err(error) => return self.end_or_error(&cursor, ids, error),
        };
        let Parts { items: left, total_count, token, links } = collection.parts();
        let mut items = records.map_err(|why| envelope.content_error(&why))?;
        // A list of items that is not written as `"items":[` stays in the envelope. Then the decoder found none.
        items.extend(left);
        cursor.add_page(items.len(), &url, total_count);
        items.drain(..cursor.position.skip.min(items.len()));
        let next = match link::next(self.client.base_url.as_str(), &url, token, links) {
            Ok(Some(next)) => cursor.advance(next).map(Some).map_err(|why| envelope.content_error(&why)),
            Ok(None) if cursor.received().is_short() => Err(self.incomplete(&cursor, ids, None)),
            Ok(None) => Ok(None),
            Err(why) => Err(envelope.content_error(&why)),
        };
        Ok(Page { items, next })
    }

    /// The end of the list if `error` means that, otherwise the error.
    fn end_or_error(&self, cursor: &PageCursor, ids: CallIds, error: Error) -> Result<Page<C::Record>, Error> {
        // A customer who never used Azure has no records, which is not a failure.
        let is_empty = cursor.is_first() && error.is_without_usage();
        // The service refuses to continue beyond the end of a list.
        let is_refused = !cursor.is_first() && (error.status(), error.code()) == (Some(400), Some("2000"));
        if is_empty || is_refused && cursor.received().can_end_with_refusal() {
            return Ok(Page { items: Vec::new(), next: Ok(None) });
        }
        Err(if is_refused { self.incomplete(cursor, ids, Some(error)) } else { error })
    }

    fn incomplete(&self, cursor: &PageCursor, ids: CallIds, refusal: Option<Error>) -> Error {
        let Received { items: received, total, .. } = *cursor.received();
        let operation = self.first.parts.operation;
        Error::IncompleteList { operation, received, total, ids, refusal: refusal.map(Box::new) }
    }
}
