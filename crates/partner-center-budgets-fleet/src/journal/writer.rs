//! The only one who writes to the file.

use std::io::{self, Write};
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::checksum;
use super::file::Locked;

/// A line to be written, and whom to tell.
pub(super) struct Request {
    /// The line as JSON, without its checksum.
    pub(super) object: Vec<u8>,
    pub(super) written: oneshot::Sender<Result<(), Arc<io::Error>>>,
}

pub(super) struct Writer {
    pub(super) file: Locked,
    /// Bytes that are on the disk.
    pub(super) length: u64,
    /// Nothing is written after a failure, of which it is not known how much of it reached the disk.
    pub(super) failed: Option<Arc<io::Error>>,
}

impl Writer {
    /// Writes until nobody is left who could ask for it.
    pub(super) fn run(mut self, mut requests: mpsc::UnboundedReceiver<Request>) {
        let mut bytes = Vec::new();
        while let Some(first) = requests.blocking_recv() {
            // Whoever came while the last lines were written waits for the disk together.
            let mut batch = vec![first];
            while let Ok(next) = requests.try_recv() {
                batch.push(next);
            }
            bytes.clear();
            for request in &batch {
                let position = self.length + bytes.len() as u64;
                bytes.extend_from_slice(&checksum::seal(&request.object, position));
            }
            let result = self.write(&bytes);
            for request in batch {
                // Who does not wait any more was cancelled.
                drop(request.written.send(result.clone()));
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Arc<io::Error>> {
        if let Some(error) = &self.failed {
            return Err(Arc::clone(error));
        }
        let written = self.try_to_write(bytes);
        if let Err(error) = written {
            let error = Arc::new(error);
            self.failed = Some(Arc::clone(&error));
            // Best effort: half a line at the end is cut off the next time, too.
            drop(self.file.file.set_len(self.length));
            return Err(error);
        }
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn try_to_write(&mut self, bytes: &[u8]) -> io::Result<()> {
        // The next run would not find in it what is about to be sent, and another one may be writing to the new file.
        if !self.file.has_its_name()? {
            return Err(io::Error::other("the file was deleted, moved or replaced while it was in use"));
        }
        self.file.file.write_all(bytes)?;
        self.file.file.sync_data()
    }
}
