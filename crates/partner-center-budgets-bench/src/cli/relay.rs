//! A relay between a program and a sandbox that records the times of its first and last responses.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Instant;

/// Forwards all connections until this process ends.
pub(super) struct Relay {
    pub(super) base_url: String,
    times: Arc<Times>,
}

/// When the last byte of a response was forwarded.
#[derive(Default)]
struct Times {
    first_response: OnceLock<Instant>,
    last_response: Mutex<Option<Instant>>,
}

impl Relay {
    pub(super) fn start(to: &str) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let times = Arc::new(Times::default());
        let (to, recorded) = (to.to_owned(), Arc::clone(&times));
        thread::spawn(move || {
            for stream in listener.incoming() {
                // The measured program reports broken connections itself.
                let _ = stream.and_then(|stream| forward(stream, &to, Arc::clone(&recorded)));
            }
        });
        Ok(Self { base_url, times })
    }

    /// The time at which the last byte of the first response was forwarded.
    pub(super) fn first_response(&self) -> Option<Instant> {
        self.times.first_response.get().copied()
    }

    /// The time at which the last byte of the last response was forwarded so far.
    pub(super) fn last_response(&self) -> Option<Instant> {
        *self.times.last_response.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forward(mut near: TcpStream, to: &str, recorded: Arc<Times>) -> std::io::Result<()> {
    let mut far = TcpStream::connect(to)?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let (mut near_back, mut far_back) = (near.try_clone()?, far.try_clone()?);
    thread::spawn(move || {
        let _ = std::io::copy(&mut near, &mut far);
        let _ = far.shutdown(Shutdown::Write);
    });
    thread::spawn(move || -> std::io::Result<()> {
        let mut response = Response::default();
        let mut bytes = vec![0; 64 * 1024];
        loop {
            let count = far_back.read(&mut bytes)?;
            if count == 0 {
                return near_back.shutdown(Shutdown::Write);
            }
            near_back.write_all(&bytes[..count])?;
            let now = Instant::now();
            *recorded.last_response.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
            if recorded.first_response.get().is_none() && response.is_complete_with(&bytes[..count]) {
                // No other connection can be earlier: a list waits for its first page.
                let _ = recorded.first_response.set(now);
            }
        }
    });
    Ok(())
}

/// The received part of a connection's first response.
#[derive(Default)]
struct Response {
    head: Vec<u8>,
    /// Missing bytes of the body, known once the head is complete.
    missing: Option<usize>,
}

impl Response {
    fn is_complete_with(&mut self, bytes: &[u8]) -> bool {
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
