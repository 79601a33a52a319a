//! What keeps a mistake from being sent.

use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use anyhow::Context;
use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::{self as fleet, Entry, EntryKind, Plan};
use rust_decimal::Decimal as Number;
use tokio::sync::oneshot;

use super::{Args, again};
use crate::failure::Told;
use crate::output::counted;
use crate::plan::entries;
use crate::steering::harmless;

/// Refuses a journal of another run that is unfinished.
pub(super) fn no_unfinished(journal: &Path) -> Result<(), Told> {
    // What is no file is left to the journal itself to judge. One whose first line a crash tore has nothing in it.
    let journaled = if journal.is_file() { fleet::journaled_plan(journal) } else { Ok(None) };
    // Any other file is not called a journal, let alone one to resume.
    let Some(plan) = journaled.map_err(Told::unbegun)? else { return Ok(()) };
    if File::open(journal).is_ok_and(|journal| fleet::is_journal_complete(&journal)) {
        return Ok(());
    }
    let partner = plan.partner().map(|partner| format!(" for {}", harmless(partner)));
    Err(Told::usage(Told::lines(
        format_args!("there is a journal at {}", journal.display()),
        format_args!("an earlier run wrote it{} and is unfinished", partner.unwrap_or_default()),
        format_args!(
            "go on with it: {}\n       or, if it is done with, move it away or name another with --journal FILE; nothing was sent",
            again::command(None)
        ),
    )))
}

/// Refuses before any call where nobody could be asked.
pub(super) fn can_ask(args: &Args) -> Result<(), Told> {
    if args.yes || args.file != "-" && io::stdin().is_terminal() && io::stderr().is_terminal() {
        return Ok(());
    }
    Err(Told::usage(Told::lines(
        "there is no terminal to ask on",
        "changes are sent only after a yes",
        "look at the changes with `pc-budgets plan`, then add --yes; nothing was sent",
    )))
}

/// Refuses a plan or a journal of another partner: what is done there says nothing here. What is of none yet is of this one
/// from now on.
pub(super) fn of_partner(path: &str, plan: Plan, partner: String, is_resumed: bool) -> Result<Plan, Told> {
    let what = if is_resumed { "the journal" } else { "the plan" };
    let other = match plan.partner() {
        Some(own) if own == partner => return Ok(plan),
        None if !is_resumed => return Ok(plan.for_partner(partner)),
        Some(other) => harmless(other),
        None => "nobody in particular".into(),
    };
    Err(Told::usage(Told::lines(
        format_args!("{what} of {path} is of another partner"),
        format_args!("it is for {other}, and this run would be for {}", harmless(&partner)),
        "choose that one's profile, or make a plan for this one with a journal of its own; nothing was sent",
    )))
}

/// Refuses what cannot be carried out, and what a guard is against.
pub(super) fn plan(args: &Args, plan: &Plan) -> Result<(), Told> {
    let refused = |which: Vec<&Entry>, why: &str, next: &str| {
        let listed = entries(&args.file, which);
        Told::usage(listed + &Told::lines("nothing was sent", why, next))
    };
    let of = |kind: EntryKind| plan.entries().iter().filter(move |entry| entry.kind == kind).collect::<Vec<_>>();
    let (contradictory, unknown) = (of(EntryKind::Contradictory), of(EntryKind::UnknownCustomer));
    if !contradictory.is_empty() {
        let why = format!("customers whose lines want different budgets: {}", contradictory.len());
        return Err(refused(contradictory, &why, "keep one line of each customer"));
    }
    if !unknown.is_empty() && !args.skip_unknown {
        let why = format!("customers that the service does not know: {}", unknown.len());
        return Err(refused(unknown, &why, "take out their lines, or leave them out with --skip-unknown"));
    }
    let changes: Vec<_> = plan.changes().collect();
    if let Some(percent) = args.max_change {
        let great: Vec<_> = changes.iter().copied().filter(|change| exceeds(change, percent)).collect();
        if !great.is_empty() {
            let why = format!("budgets that would change by more than {percent} percent: {}", great.len());
            return Err(refused(great, &why, "check these amounts, or allow more with --max-change"));
        }
    }
    if let Some(limit) = args.limit.filter(|limit| changes.len() > *limit) {
        let why = format!("changes: {}, and --limit allows {limit}", changes.len());
        return Err(refused(
            changes.into_iter().skip(limit).collect(),
            &why,
            "check the sheet, or allow more with --limit",
        ));
    }
    Ok(())
}

/// Whether a budget changes by more than so many percent. What has too many digits to tell does.
fn exceeds(change: &Entry, percent: Decimal) -> bool {
    let Some(from) = change.from else { return false };
    let (from, to): (Number, Number) = (from.into(), change.to.unwrap_or_default().into());
    let by = to.checked_sub(from).and_then(|by| by.abs().checked_mul(Number::ONE_HUNDRED));
    let allowed = from.abs().checked_mul(percent.into());
    by.zip(allowed).is_none_or(|(by, allowed)| by > allowed)
}

/// Shows the totals, and asks unless told not to.
pub(super) async fn ask(args: &Args, plan: &Plan, is_resumed: bool) -> anyhow::Result<()> {
    let mut err = io::stderr();
    // Who is not asked need not read it either.
    let written = write!(err, "{plan}");
    if args.yes {
        return Ok(());
    }
    written?;
    let changes = counted(plan.changes().count(), "change");
    match is_resumed {
        true => write!(err, "Go on with what of these {changes} is not done? [y/N] ")?,
        false => write!(err, "Apply {changes}? [y/N] ")?,
    }
    err.flush()?;
    // In a thread that nobody waits for at the end: Ctrl-C is an answer, too.
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        let mut answer = String::new();
        drop(tell.send(io::stdin().lock().read_line(&mut answer).map(|_| answer)));
    });
    let answer = told.await.context("the answer cannot be read")??;
    if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Told::usage("not applied: nothing was sent\n".to_owned()).into())
}
