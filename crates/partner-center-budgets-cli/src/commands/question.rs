//! Questions on the terminal before something is sent.

use std::fmt::Display;
use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::Context;
use tokio::sync::oneshot;

/// Whether there is a terminal that shows a question and reads the answer.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks on standard error. Only `y` and `yes` are a yes.
pub(crate) async fn ask(question: impl Display) -> anyhow::Result<bool> {
    let mut err = io::stderr();
    write!(err, "{question} [y/N] ")?;
    err.flush()?;
    // Read in a detached thread, so that Ctrl-C can end the wait.
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        let mut answer = String::new();
        drop(sender.send(io::stdin().lock().read_line(&mut answer).map(|_| answer)));
    });
    let answer = receiver.await.context("cannot read the answer")??;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}
