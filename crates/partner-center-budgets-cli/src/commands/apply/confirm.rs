//! The question before changes are sent.

use std::io::{self, BufRead, Write};

use anyhow::Context;
use partner_center_budgets_fleet::Plan;
use tokio::sync::oneshot;

use crate::error::CliError;
use crate::output::number::quantity;

/// Shows the totals, and asks for a yes unless the user gave it on the command line.
pub(super) async fn ensure_confirmed(yes: bool, plan: &Plan, is_resumed: bool) -> anyhow::Result<()> {
    let mut err = io::stderr();
    let written = write!(err, "{plan}");
    if yes {
        // Without a question, a closed standard error must not stop the run.
        return Ok(());
    }
    written?;
    let changes = quantity(plan.changes().count(), "change");
    match is_resumed {
        true => write!(err, "Apply the unfinished ones of {changes}? [y/N] ")?,
        false => write!(err, "Apply {changes}? [y/N] ")?,
    }
    err.flush()?;
    // Read in a detached thread, so that Ctrl-C can end the wait.
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        let mut answer = String::new();
        drop(sender.send(io::stdin().lock().read_line(&mut answer).map(|_| answer)));
    });
    let answer = receiver.await.context("cannot read the answer")??;
    if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(CliError::usage("nothing was sent", "the answer was not yes", "run it again and answer y to apply").into())
}
