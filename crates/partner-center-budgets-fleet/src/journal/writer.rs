//! The thread that writes to the file.

use std::io::{self, Write};
use std::sync::Arc;

use durable_files::LockedFile;
use tokio::sync::{mpsc, oneshot};

use super::checksum;

/// A record to write, and the channel for the result.
pub(super) struct WriteRequest {
    /// The record without its checksum.
    pub(super) json: Vec<u8>,
    pub(super) written: oneshot::Sender<Result<(), Arc<io::Error>>>,
}

pub(super) struct Writer {
    file: LockedFile,
    /// Bytes that are on disk.
    length: u64,
    /// The first failure. Nothing is written after it, because an unknown part of the bytes reached the disk.
    failure: Option<Arc<io::Error>>,
}

impl Writer {
    pub(super) fn new(file: LockedFile, length: u64) -> Self {
        Self { file, length, failure: None }
    }

    /// Writes until all senders are dropped.
    pub(super) fn run(mut self, mut requests: mpsc::UnboundedReceiver<WriteRequest>) {
        let mut bytes = Vec::new();
        while let Some(first) = requests.blocking_recv() {
            // Requests that arrived during the last write share one sync.
            let mut batch = vec![first];
            while let Ok(next) = requests.try_recv() {
                batch.push(next);
            }
            bytes.clear();
            for request in &batch {
                let position = self.length + bytes.len() as u64;
                bytes.extend_from_slice(&checksum::seal(&request.json, position));
            }
            let result = self.write(&bytes);
            for request in batch {
                // A receiver that is gone was cancelled.
                drop(request.written.send(result.clone()));
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Arc<io::Error>> {
        if let Some(error) = &self.failure {
            return Err(Arc::clone(error));
        }
        self.append(bytes).map_err(|error| {
            let error = Arc::new(error);
            self.failure = Some(Arc::clone(&error));
            // Best effort: the next run cuts off an incomplete line, too.
            drop(self.file.file().set_len(self.length));
            error
        })?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Otherwise the next run would not find these records, and another run may be writing to the new file.
        if !self.file.is_still_at_path()? {
            return Err(io::Error::other("the file was deleted, moved or replaced while it was in use"));
        }
        let mut file = self.file.file();
        file.write_all(bytes)?;
        file.sync_data()
    }
}
