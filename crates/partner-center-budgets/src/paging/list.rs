//! The stream that callers poll.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use reqwest::Url;

use super::cursor::{PageCursor, Position};
use super::page::{Page, PageSource};
use super::{Collection, Continuation};
use crate::Error;
use crate::call::ClientState;

type PageFuture<T> = Pin<Box<dyn Future<Output = Result<Page<T>, Error>> + Send>>;
type ReadPage<T> = Box<dyn Fn(PageCursor) -> PageFuture<T> + Send>;

/// A list: a [`Stream`] that requests a page after the page before it has been consumed.
///
/// A list holds the records of one page at a time. It decodes them while the page arrives, and yields them once the whole
/// page is valid. It sends nothing before the first poll, and dropping it cancels the request in flight. An error ends the
/// list. The records before the error are valid. To read the others, start again, or where the list ended: see
/// [`continuation`](Self::continuation).
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
    read_page: ReadPage<T>,
    /// The client and the address of the first page. `None` if there is no valid request.
    source: Option<(Arc<ClientState>, Url)>,
    items: std::vec::IntoIter<T>,
    /// The position of the next item, while a page is read or has items.
    position: Position,
    state: State<T>,
}

enum State<T> {
    Next(Box<PageCursor>),
    Reading(PageFuture<T>),
    /// The list ends with an error; `None` after it was returned.
    Failed(Option<Error>),
    Ended,
}

impl<T: Send + 'static> List<T> {
    /// The list whose pages come from `source`. Its first page is not yet requested.
    pub(crate) fn new<C: Collection<Record = T>>(source: Result<PageSource<C>, Error>) -> Self {
        let (read_page, source, state): (ReadPage<T>, _, _) = match source {
            Ok(source) => {
                let origin = (Arc::clone(&source.client), source.first.url().clone());
                let source = Arc::new(source);
                let read_page = move |cursor| -> PageFuture<T> { Box::pin(Arc::clone(&source).read(cursor)) };
                (Box::new(read_page), Some(origin), State::Next(Box::default()))
            }
            // A list that failed reads no page.
            Err(error) => (Box::new(|_| Box::pin(std::future::pending())), None, State::Failed(Some(error))),
        };
        Self { read_page, source, items: Vec::new().into_iter(), position: Position::default(), state }
    }
}

impl<T> List<T> {
    /// The next item; `None` at the end of the list.
    ///
    /// Dropping the future loses no item.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerQuery, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let mut customers = client.list_customers(CustomerQuery::new());
    /// match customers.try_next().await? {
    ///     Some(customer) => println!("the first customer is {:?}", customer.company_name),
    ///     None => println!("there are no customers"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of the method that made the list. An error ends the list.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await.transpose()
    }

    /// Where the list continues after the items so far, as a value that can be printed, stored and parsed. `None` at the end
    /// of the list, and for a list with invalid arguments.
    ///
    /// It is available at any time, after an error, too. Pass it to [`starting_at`](Self::starting_at).
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Continuation, CustomerQuery, Error, List, ParseError};
    /// # async fn example(client: Client, save: impl Fn(Option<String>), saved: String) -> Result<(), Error> {
    /// let mut customers = client.list_customers(CustomerQuery::new());
    /// while let Some(customer) = customers.try_next().await? {
    ///     // Work with the customer.
    ///     save(customers.continuation().map(|position| position.to_string()));
    /// }
    ///
    /// // Later, in another process:
    /// let position: Continuation = saved.parse()?;
    /// let mut rest = client.list_customers(CustomerQuery::new()).starting_at(position);
    /// # Ok(())
    /// # }
    /// ```
    pub fn continuation(&self) -> Option<Continuation> {
        let (client, first) = self.source.as_ref()?;
        let position = match &self.state {
            _ if self.items.len() > 0 => &self.position,
            State::Ended => return None,
            State::Next(cursor) => &cursor.position,
            State::Reading(_) | State::Failed(_) => &self.position,
        };
        Some(Continuation::new(client.base_url.as_str(), first, position))
    }

    /// Starts the list at the [`continuation`](Self::continuation) of an earlier one, which the same method made with the same
    /// ids and the same query. For another list, the first item is an [`Error::Input`], and nothing is sent.
    ///
    /// The first item is the first one that the earlier list did not return. The client reads the page with this item again,
    /// and skips the items before it. While the service's list is unchanged, no item comes twice and none is missing. If
    /// items were added or removed in the meantime, items of that page can come twice or be missing, and so can others if the
    /// service reads its continuation token as a number of items; compare ids where this matters.
    ///
    /// The service does not publish how long it accepts a continuation token. It refuses an expired one with status 400 and
    /// code 2000. Then the list ends with [`Error::IncompleteList`], whose number of items includes those of the earlier list.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Customer, CustomerQuery, Error, List};
    /// # async fn example(client: Client, print_all: impl AsyncFn(&mut List<Customer>) -> Result<(), Error>) -> Result<(), Error> {
    /// let mut customers = client.list_customers(CustomerQuery::new());
    /// if let Err(error) = print_all(&mut customers).await {
    ///     let position = customers.continuation().ok_or(error)?;
    ///     print_all(&mut client.list_customers(CustomerQuery::new()).starting_at(position)).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn starting_at(mut self, position: Continuation) -> Self {
        let Some((client, first)) = &self.source else { return self };
        self.state = match position.resolve(client.base_url.as_str(), first) {
            Ok(position) => State::Next(Box::new(PageCursor::at(position))),
            Err(error) => State::Failed(Some(error)),
        };
        self.items = Vec::new().into_iter();
        self
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
                list.position.skip += 1;
                return Poll::Ready(Some(Ok(item)));
            }
            // After an error the state stays `Failed(None)`, which ends the list.
            match std::mem::replace(&mut list.state, State::Failed(None)) {
                State::Next(cursor) => {
                    list.position = cursor.position.clone();
                    list.state = State::Reading((list.read_page)(*cursor));
                }
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
                            Err(error) => State::Failed(Some(error)),
                        };
                    }
                },
                State::Failed(error) => return Poll::Ready(error.map(Err)),
                State::Ended => {
                    list.state = State::Ended;
                    return Poll::Ready(None);
                }
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let at_hand = self.items.len();
        (at_hand, matches!(self.state, State::Ended | State::Failed(None)).then_some(at_hand))
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List").field("items_at_hand", &self.items.len()).finish_non_exhaustive()
    }
}
