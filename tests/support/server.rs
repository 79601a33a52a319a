//! A small HTTP server with scripted responses, on a real socket. Each test binary includes this file.
#![allow(dead_code, reason = "not every test binary uses all functions")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// A request as received.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The request line and the headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Request {
    /// Method and target, such as `GET /v1/customers`.
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap().strip_suffix(" HTTP/1.1").unwrap()
    }

    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.head.lines().skip(1).filter_map(|line| line.split_once(": "))
    }

    /// The base URL of the server, from the header `Host`.
    pub(crate) fn base_url(&self) -> String {
        let host = self.headers().find(|(name, _)| name.eq_ignore_ascii_case("host"));
        format!("http://{}", host.unwrap().1)
    }
}

/// A complete response. `headers` are lines that end with CRLF.
pub(crate) fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// Serves each connection in its own thread, and closes it after one response. Stops when dropped.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    is_stopped: Arc<AtomicBool>,
    listening: Mutex<Option<JoinHandle<()>>>,
}

impl Server {
    /// `respond` gets a request and its number, from 0. It returns the bytes to send, which may be an incomplete response.
    pub(crate) fn start(respond: impl Fn(&Request, usize) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (requests, is_stopped) = (Arc::<Mutex<Vec<Request>>>::default(), Arc::<AtomicBool>::default());
        let (received, stopped, respond) = (Arc::clone(&requests), Arc::clone(&is_stopped), Arc::new(respond));
        let listening = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (received, respond) = (Arc::clone(&received), Arc::clone(&respond));
                std::thread::spawn(move || serve(stream.unwrap(), &received, &*respond));
            }
        });
        Self { address, requests, is_stopped, listening: Mutex::new(Some(listening)) }
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// Closes the port.
    pub(crate) fn stop(&self) {
        let Some(listening) = self.listening.lock().unwrap().take() else { return };
        self.is_stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect(self.address);
        listening.join().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Serves one connection on a port that closes meanwhile: sends `bytes` after a request, and then no server listens.
pub(crate) fn serve_once(bytes: Vec<u8>) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        drop(listener);
        read(&mut stream);
        stream.write_all(&bytes).unwrap();
    });
    (base_url, server)
}

fn serve(mut stream: TcpStream, requests: &Mutex<Vec<Request>>, respond: &dyn Fn(&Request, usize) -> Vec<u8>) {
    // Without a request, the client has closed the connection.
    let Some(request) = read(&mut stream) else { return };
    let number = {
        let mut requests = requests.lock().unwrap();
        requests.push(request.clone());
        requests.len() - 1
    };
    // The client may have given up.
    let _ = stream.write_all(&respond(&request, number));
}

/// Reads a complete request, because closing a connection with unread bytes resets it.
fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let length =
            head.to_ascii_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if bytes.len() >= end + 4 + length.unwrap_or(0) {
            return Some(Request { head, body: String::from_utf8(bytes[end + 4..].to_vec()).unwrap() });
        }
    }
}
