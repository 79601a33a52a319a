//! Writes that must neither be repeated blindly nor start after a cancellation.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::sync::CancellationToken;

/// Guards one write whose caller reads the budget back before it repeats the write.
///
/// The client retries a guarded call only after an attempt that definitely had no effect. On cancellation it gives up
/// where it waits, and sends nothing more; an attempt in flight ends. See
/// [`Client::with_write_guard`](crate::Client::with_write_guard).
///
/// ```no_run
/// # use partner_center_budgets::{Client, CustomerId, Decimal, Error, WriteGuard};
/// # async fn example(client: Client, customer: CustomerId, amount: Decimal, stop: tokio_util::sync::CancellationToken) -> Result<(), Error> {
/// let guard = WriteGuard::new(stop);
/// match client.with_write_guard(guard.clone()).update_budget(customer, Some(amount)).await {
///     Err(error) if guard.outcome_unknown() => println!("read the budget back: {error}"),
///     Err(_) if guard.is_cancelled() => println!("stopped; the budget is unchanged"),
///     result => result?,
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct WriteGuard(Arc<State>);

#[derive(Debug)]
struct State {
    cancellation: CancellationToken,
    outcome_unknown: AtomicBool,
    is_cancelled: AtomicBool,
}

impl WriteGuard {
    /// A guard for one call, which `cancellation` can stop.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error, WriteGuard};
    /// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
    /// let stop = tokio_util::sync::CancellationToken::new();
    /// let guard = WriteGuard::new(stop.child_token());
    /// client.with_write_guard(guard).update_budget(customer, None).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(cancellation: CancellationToken) -> Self {
        Self(Arc::new(State {
            cancellation,
            outcome_unknown: AtomicBool::new(false),
            is_cancelled: AtomicBool::new(false),
        }))
    }

    /// Whether the call may have taken effect although it failed, whatever its error is.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error, WriteGuard};
    /// # async fn example(client: Client, customer: CustomerId, guard: WriteGuard) -> Result<(), Error> {
    /// match client.with_write_guard(guard.clone()).update_budget(customer, None).await {
    ///     Err(_) if guard.outcome_unknown() => println!("the budget is {:?}", client.get_budget(customer).await?),
    ///     result => result?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn outcome_unknown(&self) -> bool {
        self.0.outcome_unknown.load(Ordering::SeqCst)
    }

    /// Whether the cancellation prevented an attempt.
    ///
    /// ```
    /// # use partner_center_budgets::{Client, CustomerId, Error, WriteGuard, auth::FixedToken};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let client = Client::builder(FixedToken::new("a-token")).base_url("http://127.0.0.1:7780").build()?;
    /// # let customer: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// let stop = tokio_util::sync::CancellationToken::new();
    /// let guard = WriteGuard::new(stop.clone());
    /// stop.cancel();
    /// assert!(client.with_write_guard(guard.clone()).update_budget(customer, None).await.is_err());
    /// assert!(guard.is_cancelled(), "nothing was sent");
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::SeqCst)
    }

    /// Starts an attempt, whose outcome is unknown from then on. Returns false, and starts none, after the cancellation.
    pub(crate) fn start_attempt(&self) -> bool {
        let is_cancelled = self.0.cancellation.is_cancelled();
        // No attempt follows one with an unknown outcome, so the flag is about this attempt alone.
        let flag = if is_cancelled { &self.0.is_cancelled } else { &self.0.outcome_unknown };
        flag.store(true, Ordering::SeqCst);
        !is_cancelled
    }

    /// The attempt definitely had no effect.
    pub(crate) fn definitely_rejected(&self) {
        self.0.outcome_unknown.store(false, Ordering::SeqCst);
    }

    /// The output of `wait`; `None` if the cancellation comes first.
    pub(crate) async fn unless_cancelled<T>(&self, wait: impl Future<Output = T>) -> Option<T> {
        let output = self.0.cancellation.run_until_cancelled(wait).await;
        if output.is_none() {
            self.0.is_cancelled.store(true, Ordering::SeqCst);
        }
        output
    }
}
