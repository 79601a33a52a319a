//! The line that says on a terminal which host a command waits for.

use std::future::poll_fn;
use std::io::{self, IsTerminal, Write};
use std::pin::pin;
use std::sync::LazyLock;
use std::task::Poll;
use std::time::Duration;

use partner_center_budgets::InFlight;

use crate::progress::{self, time, width};
use crate::table::cut;

/// The requests of all clients of this process.
pub(crate) static IN_FLIGHT: LazyLock<InFlight> = LazyLock::new(InFlight::default);

/// How long a request may take before the line appears.
const SILENT: Duration = Duration::from_secs(5);
const REDRAW: Duration = Duration::from_secs(1);

/// The host that has not answered for some seconds.
pub(crate) fn text() -> Option<String> {
    let (host, waited) = IN_FLIGHT.longest()?;
    (waited >= SILENT).then(|| format!("waiting for {host}, {} so far", time(waited.as_secs())))
}

/// Runs a command, with the line on standard error where that is a terminal.
pub(crate) async fn shown<F: Future>(command: F) -> F::Output {
    if !io::stderr().is_terminal() {
        return command.await;
    }
    let mut command = pin!(command);
    let mut redraw = tokio::time::interval(REDRAW);
    let mut is_drawn = false;
    poll_fn(|context| {
        // Before the command can print, since it may print to the same terminal.
        if std::mem::take(&mut is_drawn) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
        if let Poll::Ready(output) = command.as_mut().poll(context) {
            return Poll::Ready(output);
        }
        while redraw.poll_tick(context).is_ready() {}
        if let Some(text) = text().filter(|_| !progress::is_drawing()) {
            is_drawn = write!(io::stderr(), "{}", cut::to(&text, width())).is_ok();
        }
        Poll::Pending
    })
    .await
}
