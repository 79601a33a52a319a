//! How a plan is carried out.

use std::fmt;
use std::pin::Pin;

use super::{Progress, Report};

type Tell = Box<dyn FnMut(&Report) + Send>;

/// How a plan is carried out. The default is to skip what was changed meanwhile.
#[derive(Default)]
pub struct Options {
    pub(super) overwrite: bool,
    pub(super) accept_damage: bool,
    pub(super) progress: Progress,
    pub(super) cancelled: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    pub(super) on_report: Option<Tell>,
}

impl Options {
    /// The default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends budgets also where the current one is not what the plan saw.
    #[must_use]
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// Resumes although lines of the journal are damaged. A damaged line may have been about any change, so every budget
    /// that is not certainly done is read back before it is sent.
    #[must_use]
    pub fn accept_damage(mut self, accept_damage: bool) -> Self {
        self.accept_damage = accept_damage;
        self
    }

    /// Tells a display how far it is.
    #[must_use]
    pub fn progress(mut self, progress: Progress) -> Self {
        self.progress = progress;
        self
    }

    /// Stops when this future ends, such as the one of a Ctrl-C: nothing more is sent, reads are given up, and so are
    /// writes that wait for their turn or before another try. Writes that are on their way come to their end.
    #[must_use]
    pub fn cancel_when(mut self, cancelled: impl Future<Output = ()> + Send + 'static) -> Self {
        self.cancelled = Some(Box::pin(cancelled));
        self
    }

    /// Tells of each change that this run has dealt with, when it has.
    #[must_use]
    pub fn on_report(mut self, tell: impl FnMut(&Report) + Send + 'static) -> Self {
        self.on_report = Some(Box::new(tell));
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("overwrite", &self.overwrite).finish_non_exhaustive()
    }
}
