//! The question before changes are sent.

use std::io::{self, Write};

use partner_center_budgets_fleet::Plan;

use crate::commands::question::ask;
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
    let question = match is_resumed {
        true => format!("Apply the unfinished ones of {changes}?"),
        false => format!("Apply {changes}?"),
    };
    if ask(question).await? {
        return Ok(());
    }
    Err(CliError::usage("nothing was sent", "the answer was not yes", "run it again and answer y to apply").into())
}
