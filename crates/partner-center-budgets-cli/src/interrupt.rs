//! How a command is stopped.

use std::io;

use anyhow::Context;

use crate::failure::Told;

/// Work that changes nothing: it may end at once, and that is said.
pub(crate) async fn unless_interrupted<F: Future>(work: F) -> anyhow::Result<F::Output> {
    let interrupted = interrupted().context("cannot listen for Ctrl-C")?;
    tokio::select! {
        done = work => Ok(done),
        () = interrupted => Err(Told::interrupted("stopped: nothing was sent\n".to_owned()).into()),
    }
}

/// Ends at Ctrl-C, and where there are such at a polite SIGTERM and at the SIGHUP of a lost connection. A second Ctrl-C ends the program: the journal survives that.
///
/// Listening begins at once, and not when this is first polled.
#[cfg(unix)]
pub(crate) fn interrupted() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let mut hang_up = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
        tokio::spawn(async move {
            interrupt.recv().await;
            std::process::exit(130);
        });
    })
}

/// Ends at Ctrl-C. A second one ends the program: the journal survives that.
#[cfg(not(unix))]
pub(crate) fn interrupted() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        drop(tokio::signal::ctrl_c().await);
        tokio::spawn(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(130);
            }
        });
    })
}
