//! A relay between a program and a sandbox, which notes when the first answer was there.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Instant;

/// Passes all connections on, until this process ends.
pub(super) struct Relay {
    pub(super) base_url: String,
    answered: Arc<OnceLock<Instant>>,
}

impl Relay {
    pub(super) fn start(to: &str) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let answered = Arc::new(OnceLock::new());
        let (to, noted) = (to.to_owned(), Arc::clone(&answered));
        thread::spawn(move || {
            for stream in listener.incoming() {
                // A connection that breaks is the program's to notice.
                let _ = stream.and_then(|stream| pass_on(stream, &to, Arc::clone(&noted)));
            }
        });
        Ok(Self { base_url, answered })
    }

    /// When the last byte of the first answer had been passed on.
    pub(super) fn answered(&self) -> Option<Instant> {
        self.answered.get().copied()
    }
}

fn pass_on(mut near: TcpStream, to: &str, noted: Arc<OnceLock<Instant>>) -> std::io::Result<()> {
    let mut far = TcpStream::connect(to)?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let (mut near_back, mut far_back) = (near.try_clone()?, far.try_clone()?);
    thread::spawn(move || {
        let _ = std::io::copy(&mut near, &mut far);
        let _ = far.shutdown(Shutdown::Write);
    });
    thread::spawn(move || -> std::io::Result<()> {
        let mut answer = Answer::default();
        let mut bytes = vec![0; 64 * 1024];
        loop {
            let count = far_back.read(&mut bytes)?;
            if count == 0 {
                return near_back.shutdown(Shutdown::Write);
            }
            near_back.write_all(&bytes[..count])?;
            if noted.get().is_none() && answer.is_whole_with(&bytes[..count]) {
                // Another connection was not earlier: a list waits for its first page.
                let _ = noted.set(Instant::now());
            }
        }
    });
    Ok(())
}

/// How far the first answer of a connection is.
#[derive(Default)]
struct Answer {
    head: Vec<u8>,
    /// There once the head is whole.
    missing: Option<usize>,
}

impl Answer {
    fn is_whole_with(&mut self, bytes: &[u8]) -> bool {
        if let Some(missing) = &mut self.missing {
            *missing = missing.saturating_sub(bytes.len());
            return *missing == 0;
        }
        self.head.extend_from_slice(bytes);
        let Some(end) = self.head.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
        let head = String::from_utf8_lossy(&self.head[..end]).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        let missing = length.unwrap_or_default().saturating_sub(self.head.len() - end - 4);
        self.missing = Some(missing);
        missing == 0
    }
}
