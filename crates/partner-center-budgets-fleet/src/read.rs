//! Reading the budgets of many customers, or their summaries.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::task::JoinSet;

use super::Progress;
use partner_center_budgets::{CallReport, Client, CustomerId, CustomerUsageSummary, Decimal, Error};

/// What became of reading one customer's budget, or summary.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome<T = Decimal> {
    /// The customer.
    pub customer: CustomerId,
    /// The budget or summary, `None` where there is none; or why it could not be read.
    pub result: Result<Option<T>, Error>,
    /// Ids, tries and duration of the call.
    pub report: Option<CallReport>,
}

/// Reads the budgets of many customers: a stream in, a stream of results out, in the order in which they come.
///
/// A failure is the result of its customer and stops nothing. As many calls are made at a time as the client allows
/// ([`calls_at_a_time`](partner_center_budgets::ClientBuilder::calls_at_a_time)), at the pace that the service does. `customers` is asked
/// for the next one only when there is room, and results that nobody takes count as calls, so that memory is bounded,
/// however many customers there are. Dropping the stream ends all calls at once.
///
/// Must be polled within a Tokio runtime, whose tasks the calls are. Anything that yields customers will do, such as
/// `futures_util::stream::iter` over a list.
///
/// ```no_run
/// # use partner_center_budgets::{Client, CustomerId};
/// # use partner_center_budgets_fleet as fleet;
/// # async fn example(client: Client, customers: impl futures_core::Stream<Item = CustomerId>) {
/// let mut budgets = fleet::read_budgets(&client, customers);
/// while let Some(outcome) = budgets.next().await {
///     match outcome.result {
///         Ok(amount) => println!("{}: {amount:?}", outcome.customer),
///         Err(error) => eprintln!("{}: {error}", outcome.customer),
///     }
/// }
/// # }
/// ```
pub fn read_budgets<S: Stream<Item = CustomerId>>(client: &Client, customers: S) -> BudgetReads<S> {
    Reads::new(client, customers, |client, customer| Box::pin(async move { client.get_budget(customer).await }))
}

/// Reads what many customers have consumed in their billing periods, beside their budgets, as [`read_budgets`] reads
/// budgets: a call for each customer, and `None` for one who has not used Azure. Needs a token of an app and a user.
///
/// The list of [usage records](Client::list_customer_usage_records) has the same figures of all customers in one call, but
/// not the dates of the billing period. [`needs_summary`](super::needs_summary) tells for whom the record is not enough:
///
/// ```no_run
/// # use futures_core::Stream;
/// # use partner_center_budgets::{Client, CustomerId, Error};
/// # use partner_center_budgets_fleet as fleet;
/// # async fn example<S: Stream<Item = CustomerId>>(
/// #     client: Client, yesterday: chrono::NaiveDate, stream: impl Fn(Vec<CustomerId>) -> S
/// # ) -> Result<(), Error> {
/// let watch = fleet::Watch::default();
/// let (mut enough, mut too_little) = (Vec::new(), Vec::new());
/// let mut records = client.list_customer_usage_records();
/// while let Some(record) = records.try_next().await? {
///     match record.customer_id {
///         Some(customer) if fleet::needs_summary(&record) => too_little.push(customer),
///         _ => enough.push(record),
///     }
/// }
/// let mut signals = fleet::signals(&enough, yesterday, &watch);
/// let mut summaries = fleet::read_summaries(&client, stream(too_little));
/// while let Some(outcome) = summaries.next().await {
///     signals.extend(fleet::signals(&outcome.result?, yesterday, &watch));
/// }
/// # Ok(())
/// # }
/// ```
pub fn read_summaries<S: Stream<Item = CustomerId>>(client: &Client, customers: S) -> SummaryReads<S> {
    Reads::new(client, customers, |client, customer| {
        Box::pin(async move { client.get_customer_usage_summary(customer).await })
    })
}

/// The stream that [`read_budgets`] makes.
pub type BudgetReads<S> = Reads<S, Decimal>;

/// The stream that [`read_summaries`] makes.
pub type SummaryReads<S> = Reads<S, CustomerUsageSummary>;

/// How one customer is read.
type Read<T> = fn(&Client, CustomerId) -> Pin<Box<dyn Future<Output = Result<Option<T>, Error>> + Send + '_>>;

/// A stream of results, one for each customer.
pub struct Reads<S, T> {
    client: Client,
    read: Read<T>,
    /// There until its end.
    customers: Option<Pin<Box<S>>>,
    calls: JoinSet<Outcome<T>>,
    progress: Progress,
}

impl<S: Stream<Item = CustomerId>, T: Send + 'static> Reads<S, T> {
    fn new(client: &Client, customers: S, read: Read<T>) -> Self {
        let progress = Progress::new();
        let total = match customers.size_hint() {
            (least, Some(most)) if least == most => Some(most),
            _ => None,
        };
        progress.begin(client, total);
        Self { client: client.clone(), read, customers: Some(Box::pin(customers)), calls: JoinSet::new(), progress }
    }

    /// The next result; `None` when all customers have theirs.
    ///
    /// Dropping the future loses nothing: the next call goes on where it was.
    pub async fn next(&mut self) -> Option<Outcome<T>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// How far it is, for a display.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// Begins calls while there is room and a customer.
    fn fill(&mut self, context: &mut Context<'_>) {
        let room = self.client.throttle().most_in_flight();
        while let Some(customers) = self.customers.as_mut().filter(|_| self.calls.len() < room) {
            match customers.as_mut().poll_next(context) {
                Poll::Ready(Some(customer)) => {
                    self.calls.spawn(outcome(self.client.clone(), customer, self.read));
                }
                Poll::Ready(None) => self.customers = None,
                Poll::Pending => break,
            }
        }
    }
}

async fn outcome<T>(client: Client, customer: CustomerId, read: Read<T>) -> Outcome<T> {
    let (client, log) = client.recorded();
    let result = read(&client, customer).await;
    Outcome { customer, result, report: log.take().pop() }
}

/// What must not move is in a box.
impl<S, T> Unpin for Reads<S, T> {}

impl<S: Stream<Item = CustomerId>, T: Send + 'static> Stream for Reads<S, T> {
    type Item = Outcome<T>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Outcome<T>>> {
        let reads = self.get_mut();
        loop {
            reads.fill(context);
            return match reads.calls.poll_join_next(context) {
                Poll::Ready(Some(Ok(outcome))) => {
                    reads.progress.count(outcome.result.is_err());
                    Poll::Ready(Some(outcome))
                }
                Poll::Ready(Some(Err(error))) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                // The runtime is shutting down.
                Poll::Ready(Some(Err(_))) => continue,
                Poll::Ready(None) if reads.customers.is_none() => Poll::Ready(None),
                Poll::Ready(None) | Poll::Pending => Poll::Pending,
            };
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (least, most) = self.customers.as_ref().map_or((0, Some(0)), |customers| customers.size_hint());
        (least.saturating_add(self.calls.len()), most.and_then(|most| most.checked_add(self.calls.len())))
    }
}

impl<S, T> fmt::Debug for Reads<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reads").field("progress", &self.progress).finish_non_exhaustive()
    }
}
