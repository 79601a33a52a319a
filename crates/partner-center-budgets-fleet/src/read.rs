//! Reading the budgets, or the summaries, of many customers.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use partner_center_budgets::{CallReport, Client, CustomerId, CustomerUsageSummary, Decimal, Error};
use tokio::task::JoinSet;

use super::Progress;

/// The result of reading one customer's budget or summary.
#[derive(Debug)]
#[non_exhaustive]
pub struct ReadOutcome<T = Decimal> {
    /// The customer.
    pub customer: CustomerId,
    /// The budget or summary, `None` if the customer has none; or why it could not be read.
    pub result: Result<Option<T>, Error>,
    /// Ids, attempts and duration of the call.
    pub report: Option<CallReport>,
}

/// Reads the budgets of many customers: a stream of customers in, a stream of results out, in the order of completion.
///
/// A failure is the result of its customer and does not stop the stream. The stream keeps as many calls in flight as the
/// client allows ([`max_in_flight`](partner_center_budgets::ClientBuilder::max_in_flight)), at the rate of the
/// client's limiter. It polls `customers` only when another call may start. Results that are not consumed yet count as
/// calls, so memory is bounded for any number of customers. Dropping the stream cancels all calls.
///
/// Each call is a Tokio task, so poll the stream within a Tokio runtime. `customers` can be any stream, such as
/// `futures_util::stream::iter` over a list.
///
/// ```no_run
/// # use partner_center_budgets::{Client, CustomerId};
/// # use partner_center_budgets_fleet::read_budgets;
/// # async fn example(client: Client, customers: impl futures_core::Stream<Item = CustomerId>) {
/// let mut budgets = read_budgets(&client, customers);
/// while let Some(outcome) = budgets.next().await {
///     match outcome.result {
///         Ok(amount) => println!("{}: {amount:?}", outcome.customer),
///         Err(error) => eprintln!("{}: {error}", outcome.customer),
///     }
/// }
/// # }
/// ```
pub fn read_budgets<S: Stream<Item = CustomerId>>(client: &Client, customers: S) -> BudgetStream<S> {
    ReadStream::new(client, customers, |client, customer| Box::pin(async move { client.get_budget(customer).await }))
}

/// Reads the usage summaries of many customers: cost, budget and dates of the current billing period. It makes a call for
/// each customer, as [`read_budgets`] does. The summary is `None` for a customer who has not used Azure. Needs a token of
/// an app and a user.
///
/// The list of [usage records](Client::list_customer_usage_records) has the same figures for all customers in one call, but
/// not the dates of the billing period. [`CustomerUsage::needs_summary`](crate::CustomerUsage::needs_summary) selects the
/// customers whose record is not enough:
///
/// ```no_run
/// # use std::collections::BTreeMap;
/// # use futures_core::Stream;
/// # use partner_center_budgets::{Client, CustomerId, Error};
/// # use partner_center_budgets_fleet::{CustomerUsage, Thresholds, read_summaries};
/// # async fn example<S: Stream<Item = CustomerId>>(
/// #     client: Client, stream: impl Fn(Vec<CustomerId>) -> S
/// # ) -> Result<(), Error> {
/// let (now, thresholds) = (chrono::Utc::now(), Thresholds::default());
/// let mut insufficient = BTreeMap::new();
/// let mut records = client.list_customer_usage_records();
/// while let Some(record) = records.try_next().await? {
///     let usage = CustomerUsage::new(record);
///     match usage.record().customer_id {
///         Some(customer) if usage.needs_summary(&thresholds) => drop(insufficient.insert(customer, usage)),
///         _ => println!("{}", usage.assess(now, &thresholds).status),
///     }
/// }
/// let mut summaries = read_summaries(&client, stream(insufficient.keys().copied().collect()));
/// while let Some(outcome) = summaries.next().await {
///     if let (Some(usage), Some(summary)) = (insufficient.remove(&outcome.customer), outcome.result?) {
///         println!("{}", usage.with_summary(summary).assess(now, &thresholds).status);
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub fn read_summaries<S: Stream<Item = CustomerId>>(client: &Client, customers: S) -> SummaryStream<S> {
    ReadStream::new(client, customers, |client, customer| {
        Box::pin(async move { client.get_customer_usage_summary(customer).await })
    })
}

/// The stream that [`read_budgets`] returns.
pub type BudgetStream<S> = ReadStream<S, Decimal>;

/// The stream that [`read_summaries`] returns.
pub type SummaryStream<S> = ReadStream<S, CustomerUsageSummary>;

/// The call for one customer.
type ReadCall<T> = fn(&Client, CustomerId) -> Pin<Box<dyn Future<Output = Result<Option<T>, Error>> + Send + '_>>;

/// A stream of results, one for each customer.
pub struct ReadStream<S, T> {
    client: Client,
    call: ReadCall<T>,
    /// `None` once it ended.
    customers: Option<Pin<Box<S>>>,
    calls: JoinSet<ReadOutcome<T>>,
    progress: Progress,
}

impl<S: Stream<Item = CustomerId>, T: Send + 'static> ReadStream<S, T> {
    fn new(client: &Client, customers: S, call: ReadCall<T>) -> Self {
        let progress = Progress::new();
        let total = match customers.size_hint() {
            (lower, Some(upper)) if lower == upper => Some(upper),
            _ => None,
        };
        progress.start(client, total);
        Self { client: client.clone(), call, customers: Some(Box::pin(customers)), calls: JoinSet::new(), progress }
    }

    /// The next result; `None` when every customer has one.
    ///
    /// Cancel safe: dropping the future loses no result.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId};
    /// # use partner_center_budgets_fleet::read_budgets;
    /// # async fn example(client: Client, customers: impl futures_core::Stream<Item = CustomerId>) {
    /// let mut budgets = read_budgets(&client, customers);
    /// while let Some(outcome) = budgets.next().await {
    ///     println!("{}: {:?}", outcome.customer, outcome.result);
    /// }
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<ReadOutcome<T>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The progress, for a display.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId};
    /// # use partner_center_budgets_fleet::read_budgets;
    /// # async fn example(client: Client, customers: impl futures_core::Stream<Item = CustomerId>) {
    /// let mut budgets = read_budgets(&client, customers);
    /// let progress = budgets.progress();
    /// while let Some(outcome) = budgets.next().await {
    ///     println!("{}: {} per second", outcome.customer, progress.snapshot().rate);
    /// }
    /// # }
    /// ```
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// Starts calls while there are free slots and further customers.
    fn start_calls(&mut self, context: &mut Context<'_>) {
        let max_calls = self.client.rate_limiter().max_in_flight();
        while let Some(customers) = self.customers.as_mut().filter(|_| self.calls.len() < max_calls) {
            match customers.as_mut().poll_next(context) {
                Poll::Ready(Some(customer)) => {
                    self.calls.spawn(read(self.client.clone(), customer, self.call));
                }
                Poll::Ready(None) => self.customers = None,
                Poll::Pending => break,
            }
        }
    }
}

async fn read<T>(client: Client, customer: CustomerId, call: ReadCall<T>) -> ReadOutcome<T> {
    let (client, log) = client.with_call_log();
    let result = call(&client, customer).await;
    ReadOutcome { customer, result, report: log.take().pop() }
}

/// The only field that must not move is boxed.
impl<S, T> Unpin for ReadStream<S, T> {}

impl<S: Stream<Item = CustomerId>, T: Send + 'static> Stream for ReadStream<S, T> {
    type Item = ReadOutcome<T>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<ReadOutcome<T>>> {
        let stream = self.get_mut();
        loop {
            stream.start_calls(context);
            return match stream.calls.poll_join_next(context) {
                Poll::Ready(Some(Ok(outcome))) => {
                    stream.progress.add(outcome.result.is_err());
                    Poll::Ready(Some(outcome))
                }
                Poll::Ready(Some(Err(error))) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                // The runtime is shutting down.
                Poll::Ready(Some(Err(_))) => continue,
                Poll::Ready(None) if stream.customers.is_none() => Poll::Ready(None),
                Poll::Ready(None) | Poll::Pending => Poll::Pending,
            };
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (lower, upper) = self.customers.as_ref().map_or((0, Some(0)), |customers| customers.size_hint());
        (lower.saturating_add(self.calls.len()), upper.and_then(|upper| upper.checked_add(self.calls.len())))
    }
}

impl<S, T> fmt::Debug for ReadStream<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadStream").field("progress", &self.progress).finish_non_exhaustive()
    }
}
