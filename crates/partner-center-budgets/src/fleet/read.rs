//! Reading the budgets of many customers.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::task::JoinSet;

use super::Progress;
use crate::{CallReport, Client, CustomerId, Decimal, Error};

/// What became of reading one customer's budget.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// The customer.
    pub customer: CustomerId,
    /// The budget, `None` where there is none; or why it could not be read.
    pub result: Result<Option<Decimal>, Error>,
    /// Ids, tries and duration of the call.
    pub report: Option<CallReport>,
}

/// Reads the budgets of many customers: a stream in, a stream of results out, in the order in which they come.
///
/// A failure is the result of its customer and stops nothing. As many calls are made at a time as the client allows
/// ([`calls_at_a_time`](crate::ClientBuilder::calls_at_a_time)), at the pace that the service does. `customers` is asked
/// for the next one only when there is room, and results that nobody takes count as calls, so that memory is bounded,
/// however many customers there are. Dropping the stream ends all calls at once.
///
/// Must be polled within a Tokio runtime, whose tasks the calls are. Anything that yields customers will do, such as
/// `futures_util::stream::iter` over a list.
///
/// ```no_run
/// # use partner_center_budgets::{Client, CustomerId, fleet};
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
    let progress = Progress::new();
    let total = match customers.size_hint() {
        (least, Some(most)) if least == most => Some(most),
        _ => None,
    };
    progress.begin(client, total);
    BudgetReads { client: client.polled(), customers: Some(Box::pin(customers)), calls: JoinSet::new(), progress }
}

/// The stream that [`read_budgets`] makes.
pub struct BudgetReads<S> {
    client: Client,
    /// There until its end.
    customers: Option<Pin<Box<S>>>,
    calls: JoinSet<Outcome>,
    progress: Progress,
}

impl<S: Stream<Item = CustomerId>> BudgetReads<S> {
    /// The next result; `None` when all customers have theirs.
    ///
    /// Dropping the future loses nothing: the next call goes on where it was.
    pub async fn next(&mut self) -> Option<Outcome> {
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
                    self.calls.spawn(read(self.client.clone(), customer));
                }
                Poll::Ready(None) => self.customers = None,
                Poll::Pending => break,
            }
        }
    }
}

async fn read(client: Client, customer: CustomerId) -> Outcome {
    let (client, log) = client.recorded();
    let result = client.get_budget(customer).await;
    Outcome { customer, result, report: log.take().pop() }
}

/// What must not move is in a box.
impl<S> Unpin for BudgetReads<S> {}

impl<S: Stream<Item = CustomerId>> Stream for BudgetReads<S> {
    type Item = Outcome;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Outcome>> {
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

impl<S> fmt::Debug for BudgetReads<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BudgetReads").field("progress", &self.progress).finish_non_exhaustive()
    }
}
