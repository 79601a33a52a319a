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
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends budgets even if the current one is not the one that the plan saw.
    #[must_use]
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// Resumes from a journal with damaged lines. A damaged line may have been about any change, so every budget that is not
    /// certainly done is read back before it is sent.
    #[must_use]
    pub fn accept_damage(mut self, accept_damage: bool) -> Self {
        self.accept_damage = accept_damage;
        self
    }

    /// Records in the journal who sends the budgets, such as `admin@contoso.com`.
    #[must_use]
    pub fn actor(mut self, actor: impl Into<String>) -> Self {
        self.actor = Some(actor.into());
        self
    }

    /// Updates `progress`, for a display.
    #[must_use]
    pub fn progress(mut self, progress: Progress) -> Self {
        self.progress = progress;
        self
    }

    /// Stops the run when this future completes, such as the future of a Ctrl-C. Nothing more is sent: reads, and writes that
    /// wait for a permit or a retry, are given up. Writes in flight end.
    #[must_use]
    pub fn cancel_when(mut self, cancelled: impl Future<Output = ()> + Send + 'static) -> Self {
        self.cancelled = Some(Box::pin(cancelled));
        self
    }

    /// Calls `on_report` after each change that this run attempted.
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
