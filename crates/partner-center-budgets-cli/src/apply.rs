//! `pc-budgets apply`: a sheet or a plan is carried out.

mod again;
mod finished;
mod guard;
mod outcome;
mod source;

use std::path::{Path, PathBuf};

use partner_center_budgets::{Client, Decimal};
use partner_center_budgets_fleet::{self as fleet, ApplyOptions, Plan, Progress, StopReason};

use crate::arguments::{Output, percent};
use crate::connection::Connection;
use crate::failure::{Told, unprinted};
use crate::interrupt::Interrupt;
use crate::output;
use crate::output::notice;
use crate::plan::{self, patient, read_known};
use crate::progress::Display;
use source::Source;

/// Set and clear budgets as a sheet or a plan says
///
/// Takes a sheet as `plan` does, or what `plan --output json` wrote. Shows the totals and asks before it sends anything.
/// Each budget is read before it is written: one that somebody else changed meanwhile is skipped.
///
/// A journal on the disk records the planned and the completed changes. After Ctrl-C, a crash or an expired login, run the
/// same command with --resume: each change is made once, and failed changes are tried again. Each run needs its own
/// journal: the next run renames the journal of a finished run, with its date behind its name. An unfinished journal stays,
/// and nothing is sent without --resume or another --journal.
///
/// A sheet's names are checked against the customers' names, as `plan` does.
///
/// Exit codes: 0 all is as wanted, 1 some changes failed or were skipped, 2 nothing was sent because of the sheet, a guard,
/// the journal or a missing --yes, 3 sign-in, 4 nothing to do, 130 stopped by Ctrl-C or SIGTERM.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The sheet or the plan; - is standard input
    #[arg(value_name = "FILE.csv|PLAN|-")]
    file: String,
    /// Do not ask; needed where there is no terminal to ask on
    #[arg(long)]
    yes: bool,
    /// Where to keep the journal [default: beside the file, with .journal after its name]
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Go on with the journal of an earlier run
    #[arg(long)]
    resume: bool,
    /// With --resume: continue although lines of the journal are damaged
    ///
    /// A damaged line may have been about any change, so every budget that is not certainly done is read back before it is
    /// sent.
    #[arg(long, requires = "resume")]
    accept_damage: bool,
    /// Refuse all where a budget would change by more than this, in percent of what it is
    ///
    /// Off unless given. Compared with what the budget is when the plan is made. A first budget passes, as there is nothing to
    /// compare with; a change of a budget of 0 does not, and clearing counts as 100 percent.
    #[arg(long, value_name = "PERCENT", value_parser = percent, allow_hyphen_values = true)]
    max_change: Option<Decimal>,
    /// Refuse all where there are more changes than this
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Leave out customers that the service does not know, instead of refusing all
    #[arg(long)]
    skip_unknown: bool,
    /// Send budgets also where somebody else changed them meanwhile
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    options: plan::SheetOptions,
}

pub(crate) async fn run(connection: Connection, args: Args, output: Output) -> anyhow::Result<()> {
    output::is_no_list(output)?;
    let journal = args.journal_path()?;
    let source = Source::read(&args.file, args.options.decimal())?;
    let resumed = if args.resume { Some(source.journaled(&args.file, &journal)?) } else { None };
    let is_resumed = resumed.is_some();
    if !args.resume {
        guard::no_unfinished(&journal)?;
    }
    guard::can_ask(&args)?;
    let open = connection.open().await?;
    let mut interrupt = Interrupt::listen()?;
    let partner = interrupt.unless(open.partner()).await??;
    // Whoever reads this may have seen enough, here and below, and changes must not depend on that.
    notice(format_args!("for {}", partner.shown));
    let client = patient(&open.client);
    let plan = match (resumed, source) {
        (Some(plan), _) | (None, Source::Plan(plan)) => plan,
        (None, Source::Sheet(sheet)) => {
            let (mut current, names) = interrupt.unless(read_known(&client, &sheet, &args.options)).await??;
            sheet.check(&args.file, &mut current, &names, args.options.ignore_names)?;
            Plan::new(sheet.wishes, &current)
        }
    };
    let plan = guard::of_partner(&args.file, plan, partner.key, is_resumed)?;
    guard::plan(&args, &plan)?;
    if plan.changes().next().is_none() {
        return Err(Told::nothing_to_do(outcome::nothing_to_do(&plan)).into());
    }
    interrupt.unless(guard::ask(&args, &plan, is_resumed)).await??;
    if !is_resumed {
        finished::move_aside(&journal)?;
    }
    let again = again::command(open.origin.profile.as_ref());
    let sent = client.tries();
    let done = carry_out(&client, &args, &plan, &journal, &again, interrupt, output).await;
    // A run that finds all done sends nothing, and does not look at what became of the budgets since.
    if done.is_ok() && is_resumed && client.tries() == sent {
        let text = format!(
            "nothing to do: earlier runs have done all of {}, as {} says; begin anew with another --journal\n",
            output::counted(plan.changes().count(), "change"),
            journal.display()
        );
        return Err(Told::nothing_to_do(text).into());
    }
    done
}

impl Args {
    fn journal_path(&self) -> Result<PathBuf, Told> {
        match (&self.journal, self.file.as_str()) {
            (Some(path), _) => Ok(path.clone()),
            (None, "-") => Err(Told::usage(Told::lines(
                "no place for the journal",
                "standard input has no name to put it beside",
                "name it with --journal FILE",
            ))),
            (None, file) => Ok(PathBuf::from(format!("{file}.journal"))),
        }
    }
}

async fn carry_out(
    client: &Client,
    args: &Args,
    plan: &Plan,
    journal: &Path,
    again: &str,
    interrupt: Interrupt,
    output: Output,
) -> anyhow::Result<()> {
    notice(format_args!("should this be interrupted, go on with: {again}"));
    let progress = Progress::new();
    let display = Display::of("applying", progress.clone());
    let options = ApplyOptions::new()
        .overwrite(args.overwrite)
        .accept_damage(args.accept_damage)
        .progress(progress)
        .cancel_when(interrupt.into_future());
    let applied = fleet::apply(client, plan, journal, options).await;
    drop(display);
    // Nothing was begun, so it is no failure of a change.
    let summary = applied.map_err(Told::unbegun)?;
    let printed = outcome::print(args, journal, plan, &summary, again, output);
    let go_on = format!("go on with: {again}");
    match &summary.stopped {
        // What failed is told even where the summary could not be.
        None if outcome::is_done(&summary) => printed.map_err(|error| unprinted(error, "all changes were made")),
        None => Err(Told::failed(format!(
            "{}error: not all budgets are as wanted\n next: {go_on}\n",
            outcome::failures(&args.file, &summary)
        ))
        .into()),
        Some(StopReason::Cancelled) => {
            let text = format!("stopped: no call is under way any more, and nothing is lost\n next: {go_on}\n");
            Err(Told::interrupted(outcome::failures(&args.file, &summary) + &text).into())
        }
        Some(_) => Err(outcome::stopped(&args.file, summary, &format!("       {go_on}\n")).into()),
    }
}
