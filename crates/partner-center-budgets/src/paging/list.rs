//! The stream that callers poll.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::Collection;
use super::cursor::PageCursor;
use super::page::{Page, PageSource};
use crate::Error;

type PageFuture<T> = Pin<Box<dyn Future<Output = Result<Page<T>, Error>> + Send>>;

/// A list: a [`Stream`] that requests a page after the page before it has been consumed.
///
/// A list holds the records of one page at a time. It decodes them while the page arrives, and yields them once the whole
/// page is valid. It sends nothing before the first poll, and dropping it cancels the request in flight. An error ends the
/// list. The records before the error are valid; to read the others, start again.
///
/// Pages follow each other by a continuation token or a link. A link to another host than the client's base URL, or back to
/// a page that was read already, is an [`Error::Decode`], and nothing is sent there.
///
/// After the last page the service refuses the next one with status 400 and code 2000. It refuses an expired continuation
/// token in the same way. The refusal counts as the end only after a page that is not full, or after all items of a known
/// total. Otherwise the list ends with [`Error::IncompleteList`].
///
/// ```no_run
/// # use partner_center_budgets::{Client, Error};
/// # async fn example(client: Client) -> Result<(), Error> {
/// let mut records = client.list_customer_usage_records();
/// while let Some(record) = records.try_next().await? {
///     println!("{:?}: {:?} %", record.customer_name, record.percent_used());
/// }
/// # Ok(())
/// # }
/// ```
///
/// The extension traits of `futures-util` add the methods of streams, such as `try_collect`.
pub struct List<T> {
    read_page: Box<dyn Fn(PageCursor) -> PageFuture<T> + Send>,
    items: std::vec::IntoIter<T>,
    state: State<T>,
}

enum State<T> {
    Next(Box<PageCursor>),
    Reading(PageFuture<T>),
    Failed(Error),
    Ended,
}

impl<T: Send + 'static> List<T> {
    /// The list whose pages come from `source`. Its first page is not yet requested.
    pub(crate) fn new<C: Collection<Record = T>>(source: Result<PageSource<C>, Error>) -> Self {
        let items = Vec::new().into_iter();
        match source {
            Ok(source) => {
                let source = Arc::new(source);
                let read_page = move |cursor| -> PageFuture<T> {
                    let source = Arc::clone(&source);
                    Box::pin(async move { source.read(cursor).await })
                };
                Self { read_page: Box::new(read_page), items, state: State::Next(Box::default()) }
            }
            Err(error) => {
                let read_page = |_| -> PageFuture<T> { Box::pin(std::future::pending()) };
                Self { read_page: Box::new(read_page), items, state: State::Failed(error) }
            }
        }
    }
}

impl<T> List<T> {
    /// The next item; `None` at the end of the list.
    ///
    /// Dropping the future loses no item.
    ///
    /// # Errors
    ///
    /// The errors of the method that made the list. An error ends the list.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await.transpose()
    }
}

/// Nothing in it is pinned in place.
impl<T> Unpin for List<T> {}

impl<T> Stream for List<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let list = self.get_mut();
        loop {
            if let Some(item) = list.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            // A state that is not set again is the end.
            match std::mem::replace(&mut list.state, State::Ended) {
                State::Next(cursor) => list.state = State::Reading((list.read_page)(*cursor)),
                State::Reading(mut reading) => match reading.as_mut().poll(cx) {
                    Poll::Pending => {
                        list.state = State::Reading(reading);
                        return Poll::Pending;
                    }
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(Ok(page)) => {
                        list.items = page.items.into_iter();
                        list.state = match page.next {
                            Ok(next) => next.map_or(State::Ended, |cursor| State::Next(Box::new(cursor))),
                            Err(error) => State::Failed(error),
                        };
                    }
                },
                State::Failed(error) => return Poll::Ready(Some(Err(error))),
                State::Ended => return Poll::Ready(None),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let at_hand = self.items.len();
        (at_hand, matches!(self.state, State::Ended).then_some(at_hand))
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List").field("items_at_hand", &self.items.len()).finish_non_exhaustive()
    }
}
