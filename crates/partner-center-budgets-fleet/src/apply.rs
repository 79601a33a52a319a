//! Carrying out a plan.

use std::future::{pending, poll_fn};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::change::{Change, Ended, Run};
use super::journal::{Event, Journal};
use super::rate::RateKeeper;
use super::{Applied, Entry, Options, Plan, Report, Stop, Summary};
use partner_center_budgets::Client;
#[cfg(doc)]
use partner_center_budgets::Error;

use crate::JournalError;

/// Carries out the changes of a plan, and notes in the file `journal` what is about to be done and what was done.
///
/// Each customer's budget is read first. Where it is as wanted nothing is sent. Where it is not what the plan saw,
/// somebody changed it meanwhile, and it is skipped unless [`Options::overwrite`] says otherwise; the service has no way
/// to make the two one step, so a change in the moment between them goes unseen.
///
/// Of the client's [`RetryPolicy`](partner_center_budgets::RetryPolicy) a write repeats only what surely was not carried out: what was
/// refused with 429, what never had a connection, a token that was renewed. A write whose outcome is not known (statuses
/// 408 and 5xx, an answer that is missing, cut or cannot be read) is read back, and repeated once where it had no effect.
/// If that does not end in a budget that is as wanted, the change is [`Applied::Unknown`]; [`Applied::Failed`] is what
/// was refused and cannot have been made.
///
/// # Going on
///
/// Whatever ends the run, a call with the same plan and journal goes on: what is done stays done, what an earlier run may
/// have sent is read back first and sent again only where it is not as wanted, and all else is done, failed changes and
/// skipped ones again among it. That holds for a process that was killed and for a power cut: before a budget is sent its
/// intent is on the disk, and its outcome before the change counts as done. The journal holds the plan, too
/// ([`journaled_plan`](super::journaled_plan)), and is of that one alone: a plan that is made anew has another
/// [`Plan::id`] and needs another journal, even if it wants the same.
///
/// It also holds the rate of calls that was learned by then, so that the next run need not be refused to learn it anew. A
/// client that knows a rate itself keeps to that, and after ten minutes without a run the one in the journal is forgotten.
///
/// A failure of one change stops nothing. A sign-in that fails, a token that is refused, and a journal that cannot be
/// written, was deleted or was moved stop the run, as does [`Options::cancel_when`], and are told as [`Summary::stopped`].
/// From then on nothing is sent: what waits for its turn is given up, and only calls that are on their way come to their
/// end. Dropping the future ends everything at once, and leaves a journal to go on with, too.
///
/// # What it cannot do
///
/// - A write that was on its way when the process was killed, or whose answer never came, can reach the service after its
///   budget was read back. Then it is made twice, with the same amount, and can undo what somebody else changed between.
/// - The lock that keeps a second process out is an advisory one. Mounts of a network may not have it, or not between
///   machines, and may number a file anew, which looks as if it was replaced: keep the journal on a local disk.
/// - Where the service rounds an amount, or makes another one of it, the change is told as [`Applied::Unknown`] with
///   [`Error::NotConfirmed`], and by the next run as [`Applied::Changed`], with what is there. It never becomes done.
/// - [`Plan::problems`] are not sent. [`Summary::problems`] counts them, and with any of them
///   [`Summary::is_complete`] is false.
///
/// # Errors
///
/// [`JournalError`] where nothing was begun: the file cannot be opened, is a symbolic link, is in use by another process,
/// is of another plan, is not a journal, or has a damaged line other than an end that a crash tore off
/// ([`Options::accept_damage`] resumes all the same). A file that is not a journal of this plan is not changed.
pub async fn apply(
    client: &Client,
    plan: &Plan,
    journal: impl AsRef<Path>,
    options: Options,
) -> Result<Summary, JournalError> {
    let (journal, told, remembered) = Journal::open(journal.as_ref(), plan, options.accept_damage).await?;
    let rate = RateKeeper::begin(client.throttle(), &remembered);
    let changes: Vec<_> = plan.changes().collect();
    options.progress.begin(client, Some(changes.len()));
    let mut applying = Applying {
        run: Arc::new(Run {
            client: client.clone(),
            journal,
            overwrite: options.overwrite,
            cancellation: CancellationToken::new(),
        }),
        stopped: None,
        // Twice as many as calls, since some of them wait for the disk.
        room: 2 * client.throttle().most_in_flight(),
        tasks: JoinSet::new(),
        applied: told.iter().map(|told| before(*told)).collect(),
        changes,
        problems: plan.problems().count(),
        rate,
        options,
    };
    applying.run(&told).await;
    Ok(applying.end().await)
}

/// What a change is before this run has dealt with it.
fn before(told: Option<Event>) -> Applied {
    match told {
        Some(Event::Done) => Applied::Done,
        Some(Event::Already) => Applied::Already,
        Some(Event::Intent | Event::Unknown) => Applied::Unknown(None),
        Some(Event::Changed | Event::Failed) | None => Applied::NotReached,
    }
}

/// With so many calls waiting for their turn, none that comes is missed. Each change that ends lets as many begin where
/// nobody waits, so that their number grows fast.
const ENOUGH_WAITING: usize = 2;

struct Applying<'a> {
    changes: Vec<&'a Entry>,
    /// Entries of the plan that nothing can be done for.
    problems: usize,
    /// What is known of each change so far.
    applied: Vec<Applied>,
    run: Arc<Run>,
    rate: RateKeeper,
    stopped: Option<Stop>,
    tasks: JoinSet<(usize, Ended)>,
    /// Changes under way at the same time.
    room: usize,
    options: Options,
}

/// What happens next in a run.
enum Next {
    Ended(usize, Ended),
    Cancelled,
    Over,
}

impl Applying<'_> {
    /// Deals with all changes that are not done yet, first with those that may have been sent.
    async fn run(&mut self, told: &[Option<Event>]) {
        let is_unknown = |at: &usize| matches!(told[*at], Some(Event::Intent | Event::Unknown));
        let is_done = |at: &usize| matches!(told[*at], Some(Event::Done | Event::Already));
        let all = || 0..told.len();
        let mut todo = all().filter(is_unknown).chain(all().filter(|at| !is_unknown(at) && !is_done(at)));
        all().filter(is_done).for_each(|_| self.options.progress.count(false));
        let mut cancelled = self.options.cancelled.take().unwrap_or_else(|| Box::pin(pending()));
        loop {
            for _ in 0..self.room_now() {
                let Some(at) = todo.next() else { break };
                self.begin(at, is_unknown(&at));
            }
            match poll_fn(|context| self.poll_next(cancelled.as_mut(), context)).await {
                Next::Ended(at, (applied, stop)) => self.note(at, applied, stop),
                Next::Cancelled => self.stop_with(Stop::Cancelled),
                Next::Over => break,
            }
        }
    }

    /// How many changes to begin. Where the service sets the pace, further ones would only wait, and if the process is
    /// killed, their budgets have to be read again.
    fn room_now(&self) -> usize {
        let under_way = self.tasks.len();
        let enough = ENOUGH_WAITING.saturating_sub(self.run.client.throttle().waiting());
        // Others may wait for the same client, so a few are always under way.
        let room = enough.max(ENOUGH_WAITING.saturating_sub(under_way)).min(self.room.saturating_sub(under_way));
        if self.stopped.is_some() { 0 } else { room }
    }

    fn begin(&mut self, at: usize, may_be_sent: bool) {
        let Entry { customer, from, to, .. } = *self.changes[at];
        let (run, change) = (Arc::clone(&self.run), Change { customer, from, to, may_be_sent });
        self.tasks.spawn(async move { (at, run.carry_out(&change).await) });
    }

    fn poll_next(
        &mut self,
        cancelled: Pin<&mut (dyn Future<Output = ()> + Send)>,
        context: &mut Context<'_>,
    ) -> Poll<Next> {
        // Nobody can stop what is stopping.
        if self.stopped.is_none() && cancelled.poll(context).is_ready() {
            return Poll::Ready(Next::Cancelled);
        }
        self.tasks.poll_join_next(context).map(|ended| match ended {
            Some(Ok((at, ended))) => Next::Ended(at, ended),
            Some(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // The runtime is shutting down.
            Some(Err(_)) => Next::Cancelled,
            None => Next::Over,
        })
    }

    fn note(&mut self, at: usize, applied: Applied, stop: Option<Stop>) {
        if let Some(stop) = stop {
            self.stop_with(stop);
        }
        self.rate.keep(self.run.client.throttle(), &self.run.journal);
        let report = report(self.changes[at], applied);
        if !matches!(report.applied, Applied::NotReached) {
            self.options.progress.count(matches!(report.applied, Applied::Failed(_) | Applied::Unknown(_)));
            if let Some(tell) = &mut self.options.on_report {
                tell(&report);
            }
        }
        self.applied[at] = report.applied;
    }

    fn stop_with(&mut self, stop: Stop) {
        // The first reason is the one to tell, as the others follow from it.
        self.stopped.get_or_insert(stop);
        self.run.cancellation.cancel();
    }

    /// Closes the journal and adds everything up.
    async fn end(self) -> Summary {
        // All tasks have ended, so nobody else has it.
        if let Some(run) = Arc::into_inner(self.run) {
            run.journal.close().await;
        }
        let mut summary = Summary { problems: self.problems, stopped: self.stopped, ..Summary::default() };
        for (change, applied) in self.changes.into_iter().zip(self.applied) {
            summary.add(report(change, applied));
        }
        summary
    }
}

fn report(change: &Entry, applied: Applied) -> Report {
    Report { customer: change.customer, line: change.lines().next().unwrap_or_default(), applied }
}
