//! What was meant to be done and what was done, on the disk.
//!
//! The file has lines of JSON. The first has the plan, so that a journal alone is enough to go on with. Each further line
//! is about one customer: `intent` before its budget is sent, and what became of it after. Now and then there is one with
//! the rate of calls that was learned by then, for the limiter of a run that goes on.
//!
//! Each line ends with a checksum of its text and its position.
//!
//! Nothing is ever taken for done because of a line that is missing: an intent without an outcome is read back from the
//! service, and a change without an intent is compared with the service before it is sent. So what a crash tears off the
//! end costs a read, and never a change. A line that is damaged elsewhere stops the run, unless the caller accepts the
//! damage: then every change that is not certainly done is read back.

mod checksum;
mod error;
mod file;
mod line;
mod rate;
mod replay;
mod writer;

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

pub use error::{JournalError, JournalErrorKind};
pub(super) use line::{Event, Line};
pub(super) use rate::Remembered;
pub use replay::{is_journal_complete, journaled_plan};

use super::Plan;
use file::Locked;
use partner_center_budgets::Known;
use partner_center_budgets::files::sync_folder;
use rate::RateLine;
use writer::{Request, Writer};

/// A journal that is open for this process alone.
pub(super) struct Journal {
    path: PathBuf,
    requests: mpsc::UnboundedSender<Request>,
    writer: JoinHandle<()>,
}

/// What a journal says of the changes of its plan, one after the other.
pub(super) type Told = Vec<Option<Event>>;

impl Journal {
    /// Opens the journal of a plan, or begins one.
    pub(super) async fn open(
        path: &Path,
        plan: &Plan,
        accept_damage: bool,
    ) -> Result<(Self, Told, Remembered), JournalError> {
        let header = line::header(plan);
        let customers: Vec<_> = plan.changes().map(|change| change.customer).collect();
        let shutdown = JournalError::new(path, JournalErrorKind::Shutdown);
        let (path, identity) = (path.to_owned(), plan.identity());
        let opening = move || -> Result<_, JournalError> {
            let file = Locked::open(&path)?;
            let expected =
                replay::Expected { header: &header, identity: &identity, customers: &customers, accept_damage };
            let replayed = replay::replay(&path, &file.file, &expected)?;
            // Not before it is known to be a journal: the modes of other files are nobody's business here.
            file.keep_private().map_err(|error| JournalError::new(&path, JournalErrorKind::Protect(error)))?;
            let cannot_write = |error| JournalError::new(&path, JournalErrorKind::Write(Arc::new(error)));
            let mut length = begin(&path, &file.file, replayed.length, &header, sync_folder).map_err(cannot_write)?;
            if replayed.is_damaged {
                let line = checksum::seal(&line::object(&line::DamageAccepted::now()), length);
                (&file.file).write_all(&line).and_then(|()| file.file.sync_all()).map_err(cannot_write)?;
                length += line.len() as u64;
            }
            Ok((path, file, length, replayed))
        };
        let opened = tokio::task::spawn_blocking(opening).await;
        let (path, file, length, replayed) = opened.map_err(|_| shutdown)??;
        let (requests, received) = mpsc::unbounded_channel();
        let writer = Writer { file, length, failed: None };
        // Waiting for a disk must not hold up the calls of other tasks.
        let writer = tokio::task::spawn_blocking(move || writer.run(received));
        Ok((Self { path, requests, writer }, replayed.told, replayed.rate))
    }

    /// Writes a line and waits until it is on the disk.
    ///
    /// Lines that come while others are being written go to the disk together, so that their number is not limited by how
    /// often the disk can be waited for.
    pub(super) async fn write(&self, line: &Line) -> Result<(), JournalError> {
        let (written, answer) = oneshot::channel();
        let stopped = || io::Error::other("the writer has ended");
        let sent = self.requests.send(Request { object: line::object(line), written });
        let result = match sent {
            Ok(()) => answer.await.unwrap_or_else(|_| Err(Arc::new(stopped()))),
            Err(_) => Err(Arc::new(stopped())),
        };
        result.map_err(|error| JournalError::new(&self.path, JournalErrorKind::Write(error)))
    }

    /// Writes what is known of the rate, or that nothing is, some time soon.
    pub(super) fn note_rate(&self, known: Option<Known>) {
        let is_number = |known: &Known| [known.per_second, known.burst, known.evidence].iter().all(|it| it.is_finite());
        if known.as_ref().is_none_or(is_number) {
            // A failure is told to the next who waits for a line of his own.
            let (written, _) = oneshot::channel();
            drop(self.requests.send(Request { object: line::object(&RateLine::now(known)), written }));
        }
    }

    /// Closes the journal, so that another may open it.
    pub(super) async fn close(self) {
        drop(self.requests);
        // It has told its failures to those who waited for it.
        drop(self.writer.await);
    }
}

/// Cuts off what a crash left half written, and writes the header of a journal that is new. Returns the length.
fn begin(path: &Path, file: &File, length: u64, header: &[u8], sync_folder: SyncFolder) -> io::Result<u64> {
    let length = write_header(file, length, header)?;
    // A new name is on the disk once its folder is. The process that wrote the header may have been killed before that.
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    sync_folder(folder)?;
    Ok(length)
}

type SyncFolder = fn(&Path) -> io::Result<()>;

fn write_header(mut file: &File, length: u64, header: &[u8]) -> io::Result<u64> {
    if file.metadata()?.len() != length {
        file.set_len(length)?;
    }
    file.seek(SeekFrom::Start(length))?;
    if length > 0 {
        // What was replayed may have been in the memory of the system alone.
        file.sync_all()?;
        return Ok(length);
    }
    if let Err(error) = file.write_all(header).and_then(|()| file.sync_all()) {
        // Best effort: what is left of a header is cut off the next time, too.
        drop(file.set_len(0));
        return Err(error);
    }
    Ok(header.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_synced_by_whoever_goes_on_too() {
        let path = std::env::temp_dir().join(format!("journal-{}", uuid::Uuid::new_v4()));
        std::fs::write(&path, "header\n").unwrap();
        let file = File::options().read(true).write(true).open(&path).unwrap();
        let full: SyncFolder = |_| Err(io::Error::other("the disk is gone"));
        assert!(begin(&path, &file, 7, b"header\n", full).is_err());
        assert_eq!(begin(&path, &file, 7, b"header\n", sync_folder).unwrap(), 7);
        std::fs::remove_file(path).unwrap();
    }
}
