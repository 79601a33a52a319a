//! The options of a run.

use std::fmt;
use std::pin::Pin;

use super::ChangeReport;
use crate::Progress;

type OnReport = Box<dyn FnMut(&ChangeReport) + Send>;

/// The options of [`apply`](crate::apply()). By default, customers whose budget changed after the plan was made are skipped.
#[derive(Default)]
pub struct ApplyOptions {
    pub(super) overwrite: bool,
    pub(super) accept_damage: bool,
    pub(super) actor: Option<String>,
    pub(super) progress: Progress,
    pub(super) cancelled: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    pub(super) on_report: Option<OnReport>,
}

impl ApplyOptions {
    /// The default options.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::ApplyOptions;
    /// let options = ApplyOptions::new().actor("admin@contoso.com").overwrite(true);
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends budgets even if the current one is not the one that the plan saw.
    ///
    /// ```no_run
    /// # use partner_center_budgets::Client;
    /// # use partner_center_budgets_fleet::{ApplyOptions, JournalError, Plan, apply};
    /// # async fn example(client: Client, plan: Plan, confirm: impl Fn(usize) -> bool) -> Result<(), JournalError> {
    /// let summary = apply(&client, &plan, "budgets.journal", ApplyOptions::new()).await?;
    /// if !summary.conflicts.is_empty() && confirm(summary.conflicts.len()) {
    ///     let options = ApplyOptions::new().overwrite(true);
    ///     println!("{}", apply(&client, &plan, "budgets.journal", options).await?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// Resumes from a journal with damaged lines. A damaged line may have been about any change, so every budget that is not
    /// certainly done is read back before it is sent.
    ///
    /// ```no_run
    /// # use partner_center_budgets::Client;
    /// # use partner_center_budgets_fleet::{ApplyOptions, JournalError, JournalErrorKind, Plan, apply};
    /// # async fn example(client: Client, plan: Plan) -> Result<(), JournalError> {
    /// let mut result = apply(&client, &plan, "budgets.journal", ApplyOptions::new()).await;
    /// if let Err(error) = &result
    ///     && let JournalErrorKind::Damaged { line } = error.kind()
    /// {
    ///     eprintln!("line {line} is damaged");
    ///     result = apply(&client, &plan, "budgets.journal", ApplyOptions::new().accept_damage(true)).await;
    /// }
    /// println!("{}", result?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn accept_damage(mut self, accept_damage: bool) -> Self {
        self.accept_damage = accept_damage;
        self
    }

    /// Records in the journal who sends the budgets.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::ApplyOptions;
    /// let options = ApplyOptions::new().actor("admin@contoso.com");
    /// ```
    #[must_use]
    pub fn actor(mut self, actor: impl Into<String>) -> Self {
        self.actor = Some(actor.into());
        self
    }

    /// Updates `progress`, for a display.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::{ApplyOptions, Progress};
    /// let progress = Progress::new();
    /// let options = ApplyOptions::new().progress(progress.clone());
    /// // The display is another task.
    /// println!("{} customers done", progress.snapshot().done);
    /// ```
    #[must_use]
    pub fn progress(mut self, progress: Progress) -> Self {
        self.progress = progress;
        self
    }

    /// Stops the run when this future completes, such as the future of a Ctrl-C. Nothing more is sent: reads, and writes that
    /// wait for a permit or a retry, are given up. Writes in flight end.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::{
    /// #     ApplyOptions, CurrentBudgets, DesiredBudget, Plan, StopReason, Target, apply
    /// # };
    /// # use partner_center_budgets::{Client, auth::FixedToken};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = Client::builder(FixedToken::new("token")).base_url("http://127.0.0.1:9").build()?;
    /// # let directory = tempfile::tempdir()?;
    /// # let journal = directory.path().join("budgets.journal");
    /// # let customer = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
    /// # let mut current = CurrentBudgets::new();
    /// # current.set_budget(customer, Some(100.into()));
    /// # let desired = DesiredBudget { line: 2, customer, target: Target::Set(120.into()) };
    /// # let plan = Plan::new([desired], &current);
    /// let token = tokio_util::sync::CancellationToken::new();
    /// let options = ApplyOptions::new().cancel_when(token.clone().cancelled_owned());
    /// // For example when the user presses Ctrl-C.
    /// token.cancel();
    /// let summary = apply(&client, &plan, &journal, options).await?;
    /// assert!(matches!(summary.stopped, Some(StopReason::Cancelled)));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn cancel_when(mut self, cancelled: impl Future<Output = ()> + Send + 'static) -> Self {
        self.cancelled = Some(Box::pin(cancelled));
        self
    }

    /// Calls `on_report` after each change that this run attempted.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::{ApplyOptions, ChangeOutcome};
    /// let options = ApplyOptions::new().on_report(|report| {
    ///     if let ChangeOutcome::Failed(error) = &report.outcome {
    ///         eprintln!("line {}: {error}", report.line);
    ///     }
    /// });
    /// ```
    #[must_use]
    pub fn on_report(mut self, on_report: impl FnMut(&ChangeReport) + Send + 'static) -> Self {
        self.on_report = Some(Box::new(on_report));
        self
    }
}

impl fmt::Debug for ApplyOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApplyOptions").field("overwrite", &self.overwrite).finish_non_exhaustive()
    }
}
