//! One run: starts the changes of a plan, and collects their outcomes.

use std::future::pending;
use std::sync::Arc;

use partner_center_budgets::Client;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::executor::{Change, ChangeExecutor, Executed};
use super::rate_persistence::RatePersistence;
use super::{ApplyOptions, ApplySummary, ChangeOutcome, ChangeReport, StopReason};
use crate::journal::{Event, OpenedJournal};
use crate::{Entry, Plan};

pub(super) struct Run<'a> {
    executor: Arc<ChangeExecutor>,
    changes: Vec<&'a Entry>,
    /// The last event of each change in the journal, before this run.
    events: Vec<Option<Event>>,
    /// The outcome of each change so far.
    outcomes: Vec<ChangeOutcome>,
    /// Changes that are being executed, by their index.
    tasks: JoinSet<(usize, Executed)>,
    max_tasks: usize,
    attempted: usize,
    problems: usize,
    stopped: Option<StopReason>,
    rate: RatePersistence,
    options: ApplyOptions,
}

/// The number of calls to keep waiting in the limiter, so that it never idles. If none waits, each finished change starts this
/// many, so the number in flight grows fast.
const MIN_WAITING: usize = 2;

impl<'a> Run<'a> {
    pub(super) fn new(client: &Client, plan: &'a Plan, opened: OpenedJournal, options: ApplyOptions) -> Self {
        let changes: Vec<_> = plan.changes().collect();
        options.progress.start(client, Some(changes.len()));
        let rate = RatePersistence::restore(client.rate_limiter(), &opened.rate);
        let executor = ChangeExecutor {
            client: client.clone(),
            journal: opened.journal,
            overwrite: options.overwrite,
            actor: options.actor.clone(),
            cancellation: CancellationToken::new(),
        };
        Self {
            executor: Arc::new(executor),
            changes,
            outcomes: opened.events.iter().map(|event| outcome_before(*event)).collect(),
            events: opened.events,
            tasks: JoinSet::new(),
            // Twice the number of calls, because some changes wait for the disk.
            max_tasks: 2 * client.rate_limiter().max_in_flight(),
            attempted: 0,
            problems: plan.problems().count(),
            stopped: None,
            rate,
            options,
        }
    }

    /// Executes all changes that are not finished, first those that may have been sent.
    pub(super) async fn execute(mut self) -> ApplySummary {
        let unfinished: Vec<_> =
            (0..self.changes.len()).filter(|index| !self.events[*index].is_some_and(Event::is_finished)).collect();
        for _ in unfinished.len()..self.changes.len() {
            self.options.progress.add(false);
        }
        let (unknown, others): (Vec<_>, Vec<_>) =
            unfinished.into_iter().partition(|index| self.events[*index].is_some_and(Event::is_unknown));
        let mut remaining = unknown.into_iter().chain(others);
        let mut cancelled = self.options.cancelled.take().unwrap_or_else(|| Box::pin(pending()));
        loop {
            for index in remaining.by_ref().take(self.free_slots()) {
                self.start(index);
            }
            tokio::select! {
                biased;
                () = &mut cancelled, if self.stopped.is_none() => self.stop(StopReason::Cancelled),
                ended = self.tasks.join_next() => match ended {
                    Some(ended) => self.finish(ended),
                    None => break,
                },
            }
        }
        self.summarize().await
    }

    /// The number of changes to start now. If the service limits the rate, further changes would only wait, and their
    /// budgets would have to be read again if the process is killed.
    fn free_slots(&self) -> usize {
        if self.stopped.is_some() {
            return 0;
        }
        let running = self.tasks.len();
        let missing = MIN_WAITING.saturating_sub(self.executor.client.rate_limiter().waiting());
        // Other jobs may keep the same client busy, so a few changes are always running.
        missing.max(MIN_WAITING.saturating_sub(running)).min(self.max_tasks.saturating_sub(running))
    }

    fn start(&mut self, index: usize) {
        let Entry { customer, from, to, .. } = *self.changes[index];
        let may_have_been_sent = self.events[index].is_some_and(Event::is_unknown);
        let (executor, change) = (Arc::clone(&self.executor), Change { customer, from, to, may_have_been_sent });
        self.attempted += 1;
        self.tasks.spawn(async move { (index, executor.execute(&change).await) });
    }

    fn finish(&mut self, ended: Result<(usize, Executed), JoinError>) {
        let (index, Executed { outcome, stop }) = match ended {
            Ok(ended) => ended,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // The runtime is shutting down.
            Err(_) => return self.stop(StopReason::Cancelled),
        };
        if let Some(reason) = stop {
            self.stop(reason);
        }
        self.rate.record_if_changed(self.executor.client.rate_limiter(), &self.executor.journal);
        let report = ChangeReport::new(self.changes[index], outcome);
        if !matches!(report.outcome, ChangeOutcome::NotReached) {
            let is_failed = matches!(report.outcome, ChangeOutcome::Failed(_) | ChangeOutcome::Unknown(_));
            self.options.progress.add(is_failed);
            if let Some(on_report) = &mut self.options.on_report {
                on_report(&report);
            }
        }
        self.outcomes[index] = report.outcome;
    }

    fn stop(&mut self, reason: StopReason) {
        // The first reason causes the later ones.
        self.stopped.get_or_insert(reason);
        self.executor.cancellation.cancel();
    }

    /// Closes the journal and adds up the outcomes.
    async fn summarize(self) -> ApplySummary {
        // All tasks have ended, so this is the last reference.
        if let Some(executor) = Arc::into_inner(self.executor) {
            executor.journal.close().await;
        }
        let mut summary = ApplySummary {
            problems: self.problems,
            attempted: self.attempted,
            stopped: self.stopped,
            ..ApplySummary::default()
        };
        for (change, outcome) in self.changes.into_iter().zip(self.outcomes) {
            summary.add(ChangeReport::new(change, outcome));
        }
        summary
    }
}

/// The outcome of a change that this run does not attempt.
fn outcome_before(event: Option<Event>) -> ChangeOutcome {
    match event {
        Some(Event::Done) => ChangeOutcome::Done,
        Some(Event::AlreadySet) => ChangeOutcome::AlreadySet,
        Some(Event::Intent | Event::Unknown) => ChangeOutcome::Unknown(None),
        Some(Event::Conflict | Event::Failed) | None => ChangeOutcome::NotReached,
    }
}
