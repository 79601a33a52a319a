//! Applying a plan.

mod executor;
mod options;
#[cfg(feature = "serde")]
mod outcome_document;
mod rate_persistence;
mod run;
mod summary;

use std::path::Path;

use partner_center_budgets::Client;
#[cfg(doc)]
use partner_center_budgets::Error;

pub use options::ApplyOptions;
pub use summary::{ApplySummary, ChangeOutcome, ChangeReport, StopReason};

use crate::journal::Journal;
use crate::{JournalError, Plan};
use run::Run;

/// Applies the changes of a plan, and records the planned and the completed changes in the file `journal`.
///
/// Each customer's budget is read first. If it is as desired, nothing is sent. If it is not the budget that the plan saw,
/// another change was made since, and the customer is skipped unless [`ApplyOptions::overwrite`] is set. The service has no
/// conditional write, so a change between the read and the write goes unnoticed.
///
/// Each write uses a [`WriteGuard`](partner_center_budgets::WriteGuard): the client's
/// [`RetryPolicy`](partner_center_budgets::RetryPolicy) retries it only if the attempt had no effect, that is after a 429,
/// after a failed connection, and after a renewed token. A write with an unknown outcome (statuses 408 and 5xx, a response
/// that is missing, truncated or unreadable) is read back, and sent once more if it had no effect. If the budget is not as
/// desired after that, the outcome is [`ChangeOutcome::Unknown`]. [`ChangeOutcome::Failed`] means that the service
/// definitely did not make the change.
///
/// ```no_run
/// # use partner_center_budgets::Client;
/// # use partner_center_budgets_fleet::{ApplyOptions, JournalError, Plan, apply};
/// # async fn example(client: Client, plan: Plan) -> Result<(), JournalError> {
/// let summary = apply(&client, &plan, "budgets.journal", ApplyOptions::new()).await?;
/// for report in &summary.failed {
///     println!("line {} of the sheet: {:?}", report.line, report.outcome);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Resuming
///
/// Call this function again with the same plan and journal, however the run ended. Finished changes stay finished. Changes
/// that an earlier run may have sent are read back first, and sent again only if the budget is not as desired. All others
/// are made, including failed and skipped ones. This also holds after the process was killed or the power failed: a budget
/// is sent only after its intent is on disk, and a change counts as done only after its outcome is.
///
/// The journal has the plan, too ([`journaled_plan`](crate::journaled_plan)). It belongs to one [`Plan::id`]: a plan that is
/// made anew needs another journal, even with the same changes.
///
/// The journal also has the rate that the client's limiter learned, so the next run does not have to be throttled to learn
/// it again. A client that has learned a rate itself keeps it. A rate is discarded ten minutes after the last record.
///
/// # Stopping
///
/// A failed change does not stop the run. A failed sign-in, a rejected token, a journal that cannot be written, was deleted
/// or was moved, and [`ApplyOptions::cancel_when`] do; [`ApplySummary::stopped`] has the reason. From then on nothing is
/// sent: waiting calls are given up, and calls in flight end. Dropping the future stops everything at once, and also leaves
/// a journal to resume.
///
/// # Limitations
///
/// - A write that was in flight when the process was killed, or whose response never came, can reach the service after its
///   budget was read back. Then the same amount is written twice, and can overwrite a change in between.
/// - The lock against a second process is advisory. Network file systems may not support it, or not between machines, and
///   may change a file's number, which looks like a replaced file: keep the journal on a local disk.
/// - If the service rounds an amount or changes it otherwise, the outcome is [`ChangeOutcome::Unknown`] with
///   [`Error::NotConfirmed`], and in the next run [`ChangeOutcome::Conflict`]. Such a change never becomes done.
/// - [`Plan::problems`] are not sent. [`ApplySummary::problems`] counts them, and [`ApplySummary::is_complete`] is false if
///   there are any.
///
/// # Errors
///
/// [`JournalError`] if the run did not start: the journal cannot be opened, is a symbolic link, is in use by another
/// process, belongs to another plan, is not a journal of this version, or has a damaged line other than an end that a crash
/// tore off ([`ApplyOptions::accept_damage`] resumes from such a journal). A file that is not a journal of this plan is not
/// changed.
pub async fn apply(
    client: &Client,
    plan: &Plan,
    journal: impl AsRef<Path>,
    options: ApplyOptions,
) -> Result<ApplySummary, JournalError> {
    let opened = Journal::open(journal.as_ref(), plan, options.accept_damage).await?;
    Ok(Run::new(client, plan, opened, options).execute().await)
}
