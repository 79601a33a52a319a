//! The line on a terminal that shows which host a command waits for.

use std::future::poll_fn;
use std::io::{self, IsTerminal, Write};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use super::{progress, terminal, truncate, waiting};

const REDRAW: Duration = Duration::from_secs(1);

/// Runs a command, with the line on standard error if that is a terminal.
pub(crate) async fn with_wait_line<F: Future>(command: F) -> F::Output {
    if !io::stderr().is_terminal() {
        return command.await;
    }
    let mut command = pin!(command);
    let mut redraw = tokio::time::interval(REDRAW);
    let mut is_drawn = false;
    poll_fn(|context| {
        // Clear the line first: the command may print to the same terminal.
        if std::mem::take(&mut is_drawn) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
        if let Poll::Ready(output) = command.as_mut().poll(context) {
            return Poll::Ready(output);
        }
        while redraw.poll_tick(context).is_ready() {}
        if let Some(text) = waiting::text().filter(|_| !progress::is_drawing()) {
            is_drawn = write!(io::stderr(), "{}", truncate::end(&text, terminal::stderr_width())).is_ok();
        }
        Poll::Pending
    })
    .await
}
