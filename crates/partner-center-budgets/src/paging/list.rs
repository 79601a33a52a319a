//! The stream that callers poll.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use progenitor_client::{ClientInfo, ResponseValue};

use super::page::{self, Page, Trail};
use super::taker::Taker;
use super::{Collection, Step};
use crate::{Error, generated};

type Asking<T> = Pin<Box<dyn Future<Output = Result<Page<T>, Error>> + Send>>;

/// A list of the service: a [`Stream`] that asks for a page when the one before has been read.
///
/// It holds the records of one page at a time, however long the list is. They are made while the page arrives, and handed
/// out once all of it was read and found good. Nothing is requested before it is first polled, and dropping it cancels what
/// is under way. An error ends the list; what came before it is valid. To read on after an error, start again.
///
/// Pages follow each other by a continuation token or a link, as the service likes. A link that leads away from the
/// client's base URL, and one that leads back to a page that was read already, is an [`Error::Decode`], and nothing is
/// sent there.
///
/// The service refuses to go beyond the end with status 400 and code 2000, and it refuses an expired continuation token in
/// the same way. The refusal is the end of the list only after a page that is not full, or after all items of a known
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
/// With the extension traits of `futures-util` in scope it has all that streams have, such as `try_collect`.
pub struct List<T> {
    ask: Box<dyn Fn(Trail) -> Asking<T> + Send>,
    items: std::vec::IntoIter<T>,
    state: State<T>,
}

enum State<T> {
    Next(Box<Trail>),
    Asking(Asking<T>),
    Refused(Error),
    Ended,
}

impl<T> List<T> {
    /// `call` calls the generated method for the first page; `api` makes the client to call it with.
    pub(crate) fn new<C, A, F, R, E>(api: A, call: F) -> Self
    where
        T: Send,
        C: Collection<Record = T>,
        A: Fn(Arc<Step>) -> generated::Client + Send + 'static,
        F: Fn(generated::Client) -> R + Send + 'static,
        R: Future<Output = Result<ResponseValue<C>, progenitor_client::Error<E>>> + Send + 'static,
        E: fmt::Debug + Send + Sync + 'static,
    {
        let ask = move |mut trail: Trail| {
            let taker = Arc::new(Taker::<C>::default());
            let step = trail.step(Arc::clone(&taker) as _);
            let api = api(Arc::clone(&step));
            let (base, context) = (api.baseurl().to_owned(), api.inner().clone());
            let answer = call(api);
            let asking = async move { page::read(&base, &step, &context, trail, &taker, context.finish(answer.await)) };
            Box::pin(asking) as Asking<T>
        };
        Self { ask: Box::new(ask), items: Vec::new().into_iter(), state: State::Next(Box::default()) }
    }

    /// The next item; `None` at the end of the list.
    ///
    /// Dropping the future loses nothing: the next call goes on where it was.
    ///
    /// # Errors
    ///
    /// As the method that made the list. The list ends with it.
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
            // Whatever happens from here, a state that is not set again is the end.
            match std::mem::replace(&mut list.state, State::Ended) {
                State::Next(trail) => list.state = State::Asking((list.ask)(*trail)),
                State::Asking(mut asking) => match asking.as_mut().poll(cx) {
                    Poll::Pending => {
                        list.state = State::Asking(asking);
                        return Poll::Pending;
                    }
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(Ok(page)) => {
                        list.items = page.items.into_iter();
                        list.state = match page.next {
                            Ok(next) => next.map_or(State::Ended, |trail| State::Next(Box::new(trail))),
                            Err(error) => State::Refused(error),
                        };
                    }
                },
                State::Refused(error) => return Poll::Ready(Some(Err(error))),
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
