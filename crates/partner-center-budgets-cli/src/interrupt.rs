//! Stopping a command with Ctrl-C.

use std::io;
use std::pin::Pin;

use anyhow::Context;

use crate::error::CliError;

/// Waits for Ctrl-C. As long as this exists, Ctrl-C does not end the program, so all work must be awaited through this.
pub(crate) struct Interrupt(Pin<Box<dyn Future<Output = ()> + Send>>);

impl Interrupt {
    pub(crate) fn listen() -> anyhow::Result<Self> {
        Ok(Self(Box::pin(interrupted().context("cannot listen for Ctrl-C")?)))
    }

    /// Awaits work that changes nothing, and so can stop at any time.
    pub(crate) async fn unless<F: Future>(&mut self, work: F) -> Result<F::Output, CliError> {
        tokio::select! {
            done = work => Ok(done),
            () = &mut self.0 => Err(CliError::interrupted("nothing was sent")),
        }
    }

    /// Completes at Ctrl-C.
    pub(crate) fn into_future(self) -> impl Future<Output = ()> + Send + 'static {
        self.0
    }
}

/// Completes at Ctrl-C or SIGTERM, but not at SIGHUP, which `nohup` ignores. A second Ctrl-C ends the program; the journal
/// survives that.
///
/// Listens from the call on, not from the first poll on.
#[cfg(unix)]
fn interrupted() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tokio::spawn(async move {
            interrupt.recv().await;
            std::process::exit(130);
        });
    })
}

/// Completes at Ctrl-C. A second Ctrl-C ends the program; the journal survives that.
#[cfg(not(unix))]
fn interrupted() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        drop(tokio::signal::ctrl_c().await);
        tokio::spawn(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(130);
            }
        });
    })
}
