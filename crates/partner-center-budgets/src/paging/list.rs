//! The stream that callers poll.

use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use progenitor_client::{ClientInfo, ResponseValue};

use super::Collection;
use super::link;
use super::step::{Next, Step};
use crate::{Error, generated};

/// How many pages without an item may follow one another. The service may send some, and a list must not go on for ever
/// without giving anything to its reader.
const EMPTY_PAGES: u32 = 1000;

type Asking<T> = Pin<Box<dyn Future<Output = Result<Page<T>, Error>> + Send>>;

/// A list of the service: a [`Stream`] that asks for a page when the one before has been read.
///
/// It holds one page at a time, however long the list is. Nothing is requested before it is first polled, and dropping
/// it cancels what is under way. An error ends the list; what came before it is valid. To read on after an error, start
/// again.
///
/// Pages follow each other by a continuation token or a link, as the service likes. A link that leads away from the
/// client's base URL, and one that leads back to a page that was read already, is an [`Error::Decode`], and nothing is
/// sent there.
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
    Next(Trail),
    Asking(Asking<T>),
    Refused(Error),
    Ended,
}

struct Page<T> {
    items: Vec<T>,
    /// The items of a page are good even where it leads nowhere that the client would go.
    next: Result<Option<Trail>, Error>,
}

/// Where a list goes on, and what must not come again.
#[derive(Default)]
struct Trail {
    next: Option<Next>,
    /// Eight bytes for a page that was read.
    passed: HashSet<u64>,
    hasher: RandomState,
    empty_pages: u32,
}

impl Trail {
    /// False where the page was read already.
    fn pass(&mut self, key: &[u8]) -> bool {
        self.passed.insert(self.hasher.hash_one(key))
    }
}

impl<T> List<T> {
    /// `call` calls the generated method for the first page; `api` makes the client to call it with.
    pub(crate) fn new<C, A, F, R, E>(api: A, call: F) -> Self
    where
        C: Collection<Record = T>,
        A: Fn(Arc<Step>) -> generated::Client + Send + 'static,
        F: Fn(generated::Client) -> R + Send + 'static,
        R: Future<Output = Result<ResponseValue<C>, progenitor_client::Error<E>>> + Send + 'static,
        E: fmt::Debug + Send + Sync + 'static,
    {
        let ask = move |mut trail: Trail| {
            let follows = trail.next.is_some();
            let step = Arc::new(Step::to(trail.next.take()));
            let api = api(Arc::clone(&step));
            let (base, context) = (api.baseurl().to_owned(), api.inner().clone());
            let answer = call(api);
            let asking =
                async move {
                    let page = match context.finish(answer.await) {
                        Ok(page) => page,
                        // The service tells the end of a list that it is led through by a refusal.
                        Err(error) if follows && error.status() == Some(400) && error.code() == Some("2000") => {
                            return Ok(Page { items: Vec::new(), next: Ok(None) });
                        }
                        Err(error) => return Err(error),
                    };
                    let (items, token, links) = page.parts();
                    let next = match step.asked() {
                        Some(asked) => {
                            if !follows {
                                // A link without a token may lead back to the very page that it stands in.
                                trail.pass(asked.as_str().as_bytes());
                            }
                            link::next(&base, asked, token, links)
                        }
                        None => Err("the request for the page is not known".to_owned()),
                    };
                    let next = next.and_then(|next| trail.goes_on(next, items.is_empty())).map_err(|why| {
                        Error::Decode { operation: C::OPERATION, ids: context.ids(), source: why.into() }
                    });
                    Ok(Page { items, next })
                };
            Box::pin(asking) as Asking<T>
        };
        Self { ask: Box::new(ask), items: Vec::new().into_iter(), state: State::Next(Trail::default()) }
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

impl Trail {
    /// The trail to the next page, unless it has been walked already.
    fn goes_on(mut self, next: Option<Next>, empty: bool) -> Result<Option<Self>, String> {
        let Some(next) = next else { return Ok(None) };
        if !self.pass(next.key()) {
            return Err("the list leads back to a page that was read already, so it has no end".to_owned());
        }
        self.empty_pages = if empty { self.empty_pages + 1 } else { 0 };
        if self.empty_pages > EMPTY_PAGES {
            return Err(format!("more than {EMPTY_PAGES} pages in a row have no items"));
        }
        self.next = Some(next);
        Ok(Some(self))
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
                State::Next(trail) => list.state = State::Asking((list.ask)(trail)),
                State::Asking(mut asking) => match asking.as_mut().poll(cx) {
                    Poll::Pending => {
                        list.state = State::Asking(asking);
                        return Poll::Pending;
                    }
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(Ok(page)) => {
                        list.items = page.items.into_iter();
                        list.state = match page.next {
                            Ok(next) => next.map_or(State::Ended, State::Next),
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
