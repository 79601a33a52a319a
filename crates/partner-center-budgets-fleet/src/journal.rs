//! The journal: the planned and the completed changes, on disk.
//!
//! The file has lines of JSON. The first line, the header, has the plan, so a run can resume from the journal alone. Each
//! further line is a record:
//!
//! | record | written | meaning for the next run |
//! |---|---|---|
//! | `intent` | before a budget is sent | the budget may have been sent: read it back |
//! | `done`, `already-set` | after the change | the change is finished |
//! | `conflict`, `failed` | after the change | nothing was changed: retry the change |
//! | `unknown` | after the change | the budget may have been sent: read it back |
//! | `rate` | now and then | the limiter can start with this rate |
//! | `damage_accepted` | when damage is accepted | read back every change that is not finished |
//!
//! A run sends a budget only after its `intent` is on disk, and counts a change as done only after its `done` is. A missing
//! record therefore never makes a change look finished: an intent without an outcome is read back from the service, and a
//! change without an intent is compared with the service before it is sent. A crash can tear off the end of the file; that
//! costs a read, never a change. Each line ends with a checksum of its text and its position. A line that is damaged
//! elsewhere stops the run, unless the caller accepts the damage.

mod checksum;
mod error;
mod header;
mod history;
mod record;
mod replay;
mod version;
mod writer;

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use durable_files::{LockedFile, folder_of, sync_folder};
use partner_center_budgets::LearnedRate;
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

pub use error::{JournalError, JournalErrorKind};
pub use history::{ChangeStatus, JournalHistory, JournaledChange, journal_history};
pub(crate) use record::{ChangeRecord, Event};
pub(crate) use replay::JournaledRate;
pub use replay::{is_journal_complete, journaled_plan};

use super::Plan;
use record::{DamageAccepted, RateRecord, to_json};
use replay::ExpectedPlan;
use writer::{WriteRequest, Writer};

/// A journal that this process has locked.
pub(crate) struct Journal {
    path: Arc<Path>,
    requests: mpsc::UnboundedSender<WriteRequest>,
    writer: JoinHandle<()>,
}

/// A journal and its content.
pub(crate) struct OpenedJournal {
    pub(crate) journal: Journal,
    /// The last event of each change of the plan, in the plan's order.
    pub(crate) events: Vec<Option<Event>>,
    pub(crate) rate: JournaledRate,
}

impl Journal {
    /// Opens the journal of a plan, or creates it.
    pub(crate) async fn open(path: &Path, plan: &Plan, accept_damage: bool) -> Result<OpenedJournal, JournalError> {
        let path: Arc<Path> = path.into();
        let failed = {
            let path = Arc::clone(&path);
            move |kind| JournalError::new(&path, kind)
        };
        let expected = ExpectedPlan::new(plan);
        let open = {
            let path = Arc::clone(&path);
            move || -> Result<_, JournalErrorKind> {
                let file = LockedFile::open(&path, Duration::ZERO)?;
                let replayed = replay::replay(file.file(), &expected, accept_damage)?;
                // Only after the file is known to be a journal: the mode of another file must not change.
                file.make_private().map_err(JournalErrorKind::Protect)?;
                let cannot_write = |error| JournalErrorKind::Write(Arc::new(error));
                let mut length = prepare_file(&path, file.file(), replayed.length, &expected.header, sync_folder)
                    .map_err(cannot_write)?;
                if replayed.is_damaged {
                    let line = checksum::seal(&to_json(&DamageAccepted::now()), length);
                    let mut open_file = file.file();
                    open_file.write_all(&line).and_then(|()| open_file.sync_all()).map_err(cannot_write)?;
                    length += line.len() as u64;
                }
                Ok((Writer::new(file, length), replayed))
            }
        };
        let opened = tokio::task::spawn_blocking(open).await;
        let (writer, replayed) = opened.unwrap_or(Err(JournalErrorKind::Shutdown)).map_err(failed)?;
        let (requests, received) = mpsc::unbounded_channel();
        // On a separate thread, because waiting for the disk must not block the calls.
        let writer = tokio::task::spawn_blocking(move || writer.run(received));
        let journal = Self { path, requests, writer };
        Ok(OpenedJournal { journal, events: replayed.events, rate: replayed.rate })
    }

    /// Appends a record about a change, and waits until it is on disk.
    ///
    /// Records that arrive during a write go to disk together with the next one, so the latency of the disk does not limit
    /// their rate.
    pub(crate) async fn record(&self, record: &ChangeRecord) -> Result<(), JournalError> {
        let written = self.append(record).await.unwrap_or_else(|_| Err(Arc::new(io::Error::other("the writer ended"))));
        written.map_err(|error| JournalError::new(&self.path, JournalErrorKind::Write(error)))
    }

    /// Appends the learned rate, or that there is none. Does not wait for the disk, because nothing depends on the record.
    pub(crate) fn record_rate(&self, rate: Option<LearnedRate>) {
        let is_finite =
            |rate: &LearnedRate| [rate.per_second, rate.burst, rate.evidence].iter().all(|it| it.is_finite());
        if rate.as_ref().is_none_or(is_finite) {
            // The next record of a change reports a failure.
            drop(self.append(&RateRecord::now(rate)));
        }
    }

    /// Passes a record to the writer. The receiver gets an error if the writer ended.
    fn append(&self, record: &impl Serialize) -> oneshot::Receiver<Result<(), Arc<io::Error>>> {
        let (written, result) = oneshot::channel();
        drop(self.requests.send(WriteRequest { json: to_json(record), written }));
        result
    }

    /// Closes the journal, so that another run can open it.
    pub(crate) async fn close(self) {
        drop(self.requests);
        // The writer has reported its failures with the records.
        drop(self.writer.await);
    }
}

type SyncFolder = fn(&Path) -> io::Result<()>;

/// Truncates the file after its `length` valid bytes, and writes the header of a new journal. Returns the new length.
fn prepare_file(path: &Path, file: &File, length: u64, header: &[u8], sync_folder: SyncFolder) -> io::Result<u64> {
    let length = truncate_or_begin(file, length, header)?;
    // The name is on disk only after its folder is. The process that wrote the header may have been killed before that.
    sync_folder(folder_of(path))?;
    Ok(length)
}

/// As [`prepare_file`], without its folder.
fn truncate_or_begin(mut file: &File, length: u64, header: &[u8]) -> io::Result<u64> {
    if file.metadata()?.len() != length {
        file.set_len(length)?;
    }
    file.seek(SeekFrom::Start(length))?;
    if length > 0 {
        // What was replayed may be in memory only, if the last run was killed.
        file.sync_all()?;
        return Ok(length);
    }
    if let Err(error) = file.write_all(header).and_then(|()| file.sync_all()) {
        // Best effort: the next run cuts off an incomplete header, too.
        drop(file.set_len(0));
        return Err(error);
    }
    Ok(header.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syncs_the_folder_of_an_existing_journal_too() {
        let path = std::env::temp_dir().join(format!("journal-{}", uuid::Uuid::new_v4()));
        std::fs::write(&path, "header\n").unwrap();
        let file = File::options().read(true).write(true).open(&path).unwrap();
        let failing: SyncFolder = |_| Err(io::Error::other("the disk failed"));
        assert!(prepare_file(&path, &file, 7, b"header\n", failing).is_err());
        assert_eq!(prepare_file(&path, &file, 7, b"header\n", sync_folder).unwrap(), 7);
        std::fs::remove_file(path).unwrap();
    }
}
