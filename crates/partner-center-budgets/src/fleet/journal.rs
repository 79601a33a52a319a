//! What was meant to be done and what was done, on the disk.
//!
//! The file has lines of JSON. The first has the plan, so that a journal alone is enough to go on with. Each further line
//! is about one customer: `intent` before its budget is sent, and what became of it after.
//!
//! Nothing is ever taken for done because of a line that is missing: an intent without an outcome is read back from the
//! service, and a change without an intent is compared with the service before it is sent. So what a crash tears off the
//! end costs a read, and never a change.

mod line;
mod replay;
mod writer;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

pub(super) use line::{Event, Line};
pub use replay::journaled_plan;

use super::Plan;
use crate::{Error, auth};
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
    pub(super) async fn open(path: &Path, plan: &Plan) -> Result<(Self, Told), Error> {
        let header = line::header(plan)?;
        let customers: Vec<_> = plan.changes().map(|change| change.customer).collect();
        let (path, fingerprint) = (path.to_owned(), plan.fingerprint());
        let opening = move || -> Result<_, Error> {
            let file = locked(&path)?;
            let replayed = replay::replay(&path, &file.0, &header, fingerprint, &customers)?;
            let length = begin(&path, &file.0, replayed.length, &header)
                .map_err(|error| failed(&path, "cannot be written", CANNOT_WRITE, error))?;
            Ok((path, file, length, replayed.told))
        };
        let opened = tokio::task::spawn_blocking(opening).await;
        let gone = |_| Error::journal("the journal was given up", "the runtime is ending");
        let (path, file, length, told) = opened.map_err(gone)??;
        let (requests, received) = mpsc::unbounded_channel();
        let writer = Writer { file, length, failed: None };
        // Waiting for a disk must not hold up the calls of other tasks.
        let writer = tokio::task::spawn_blocking(move || writer.run(received));
        Ok((Self { path, requests, writer }, told))
    }

    /// Writes a line and waits until it is on the disk.
    ///
    /// Lines that come while others are being written go to the disk together, so that their number is not limited by how
    /// often the disk can be waited for.
    pub(super) async fn write(&self, line: &Line) -> Result<(), Error> {
        let (written, answer) = oneshot::channel();
        let stopped = || io::Error::other("the writer has ended");
        let sent = self.requests.send(Request { bytes: line.bytes(), written });
        let result = match sent {
            Ok(()) => answer.await.unwrap_or_else(|_| Err(Arc::new(stopped()))),
            Err(_) => Err(Arc::new(stopped())),
        };
        result.map_err(|error| failed(&self.path, "cannot be written", CANNOT_WRITE, error))
    }

    /// Closes the journal, so that another may open it.
    pub(super) async fn close(self) {
        drop(self.requests);
        // It has told its failures to those who waited for it.
        drop(self.writer.await);
    }
}

const CANNOT_WRITE: &str =
    "nothing more was sent: make room on the disk or check the permissions, then run it again with the same journal";

/// A file that is locked until this is dropped.
struct Locked(File);

impl Drop for Locked {
    fn drop(&mut self) {
        // Closing would leave the lock to a process that is just being started and still has all files of this one. A
        // failure leaves it to the closing.
        drop(self.0.unlock());
    }
}

/// Opens the file, and keeps others out until it is closed or the process ends, however that happens.
fn locked(path: &Path) -> Result<Locked, Error> {
    let mut options = OpenOptions::new();
    // Not opened for appending alone, as then some systems cut nothing off. Whoever writes is the only one.
    options.read(true).write(true).create(true).truncate(false);
    // It names customers and amounts.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let advice = "check that its folder exists and may be written";
    let file = options.open(path).map_err(|error| failed(path, "cannot be opened", advice, error))?;
    let metadata = file.metadata().map_err(|error| failed(path, "cannot be read", advice, error))?;
    if !metadata.is_file() {
        return Err(Error::journal(format!("the journal {} is no file", path.display()), "give the path of a file"));
    }
    match file.try_lock() {
        Ok(()) => Ok(Locked(file)),
        Err(TryLockError::WouldBlock) => Err(Error::journal(
            format!("the journal {} is in use", path.display()),
            "another process carries out this plan: wait for its end",
        )),
        Err(TryLockError::Error(error)) => {
            Err(failed(path, "cannot be locked", "put it on a disk whose file system knows locks", error))
        }
    }
}

/// Cuts off what a crash left half written, and writes the header of a journal that is new. Returns the length.
fn begin(path: &Path, mut file: &File, length: u64, header: &[u8]) -> io::Result<u64> {
    if file.metadata()?.len() != length {
        file.set_len(length)?;
        file.sync_all()?;
    }
    file.seek(SeekFrom::Start(length))?;
    if length > 0 {
        return Ok(length);
    }
    if let Err(error) = file.write_all(header).and_then(|()| file.sync_all()) {
        // Best effort: what is left of a header is cut off the next time, too.
        drop(file.set_len(0));
        return Err(error);
    }
    // A new name is on the disk once its folder is.
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    auth::sync_folder(folder)?;
    Ok(header.len() as u64)
}

fn failed(
    path: &Path,
    what: &str,
    advice: &'static str,
    source: impl std::error::Error + Send + Sync + 'static,
) -> Error {
    let what = format!("the journal {} {what}", path.display());
    Error::Journal { what, advice, source: Some(Box::new(source)) }
}
