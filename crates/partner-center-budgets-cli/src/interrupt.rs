//! How a command is stopped.

use std::io;
use std::pin::Pin;

use anyhow::Context;

use crate::failure::Told;

/// Ctrl-C, from the moment on at which it is listened for. Then it no longer ends the program by itself, so whatever waits
/// has to wait for this too.
pub(crate) struct Interrupt(Pin<Box<dyn Future<Output = ()> + Send>>);

impl Interrupt {
    pub(crate) fn listen() -> anyhow::Result<Self> {
        Ok(Self(Box::pin(interrupted().context("cannot listen for Ctrl-C")?)))
    }

    /// Awaits work that changes nothing, and so may end at once.
    pub(crate) async fn unless<F: Future>(&mut self, work: F) -> Result<F::Output, Told> {
        tokio::select! {
            done = work => Ok(done),
            () = &mut self.0 => Err(Told::interrupted("stopped: nothing was sent\n".to_owned())),
        }
    }

    /// Ends when it comes.
    pub(crate) fn into_future(self) -> impl Future<Output = ()> + Send + 'static {
        self.0
    }
}

/// Ends at Ctrl-C, and where there is one at a polite SIGTERM, but not at SIGHUP, which `nohup` means to be ignored. A second
/// Ctrl-C ends the program: the journal survives that.
///
/// Listening begins at once, and not when this is first polled.
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

/// Ends at Ctrl-C. A second one ends the program: the journal survives that.
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
