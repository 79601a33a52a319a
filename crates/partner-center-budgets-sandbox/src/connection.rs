//! Connections that can be reset on demand.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use crate::counters::increment;
use crate::service::Service;

/// Accepts and counts connections, and gives each one a [`ResetHandle`].
pub(crate) struct ResettableListener {
    pub(crate) listener: TcpListener,
    pub(crate) service: Arc<Service>,
}

impl Listener for ResettableListener {
    type Io = Socket;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Socket, SocketAddr) {
        // The trait's method, because it waits and retries if the process has no file descriptor left.
        let (stream, address) = Listener::accept(&mut self.listener).await;
        increment(&self.service.counters.connections);
        // Without this a body in pieces would wait for the client's acknowledgements. A failure does no harm.
        let _ = stream.set_nodelay(true);
        (Socket { stream, reset_handle: ResetHandle::default() }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Resets the connection of a request.
#[derive(Debug, Clone, Default)]
pub(crate) struct ResetHandle(Arc<AtomicBool>);

impl ResetHandle {
    /// Makes the next write reset the connection instead.
    pub(crate) fn reset(&self) {
        self.0.store(true, Relaxed);
    }

    pub(crate) fn is_reset(&self) -> bool {
        self.0.load(Relaxed)
    }
}

impl Connected<IncomingStream<'_, ResettableListener>> for ResetHandle {
    fn connect_info(stream: IncomingStream<'_, ResettableListener>) -> Self {
        stream.io().reset_handle.clone()
    }
}

/// A connection. The server drops it when a write fails, which sends a RST because of the zero linger time.
pub(crate) struct Socket {
    stream: TcpStream,
    reset_handle: ResetHandle,
}

impl Socket {
    fn check(&self) -> io::Result<()> {
        if !self.reset_handle.is_reset() {
            return Ok(());
        }
        self.stream.set_zero_linger()?;
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // An orderly end would send a FIN before the RST.
        self.check()?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
