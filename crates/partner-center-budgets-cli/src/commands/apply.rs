//! `pc-budgets apply`: applies a sheet or a plan.

mod confirm;
mod conflict_authors;
mod finished_journal;
mod outcome;
mod resume_command;

use std::path::PathBuf;

use partner_center_budgets::Client;
use partner_center_budgets_fleet::{self as fleet, ApplyOptions, Plan, Progress};

use super::current_budgets::{read_known, with_fleet_timeout};
use super::guards::GuardOptions;
use super::plan::input::Input;
use super::preflight;
use crate::error::CliError;
use crate::interrupt::Interrupt;
use crate::output::format::OutputFormat;
use crate::output::notice::notice;
use crate::output::progress::ProgressLine;
use crate::session::connection::{Connection, Session};
use crate::session::partner::Partner;
use crate::sheet::{Sheet, SheetOptions};
use conflict_authors::ConflictAuthors;
use outcome::Outcome;
pub(crate) use outcome::SummaryDocument;

/// Set and clear budgets as in a sheet or a plan
///
/// Takes a sheet as `plan` does, or the output of `plan --output json`. Shows the totals and asks before it sends anything.
/// Each budget is read before it is written: one that has changed meanwhile is skipped, and reported with who changed it and
/// when, if the partner's activity log tells. A sheet's names are checked against the customers' names, as `plan` does.
///
/// A journal on the disk records the planned and the completed changes. After Ctrl-C, a crash or an expired login, run the
/// same command with --resume: each change is made once, and failed changes are retried. Each run needs its own
/// journal: the next run renames the journal of a finished run by appending its date. An unfinished journal stays, and
/// nothing is sent without --resume or another --journal.
///
/// Nothing is sent if more than 30 percent of the partner's customers would change, if a budget would become more than ten
/// times larger or smaller, or if one would fall below 0. --max-share, --max-factor and --allow-negative allow more. With
/// --resume, only the limits that are given count, because the first run has checked the plan of the journal.
///
/// --output csv and markdown say what the journal records about each customer: old and new amount, outcome, time, and the id
/// of the request. markdown adds the partner, who planned and who applied it, and the totals. With --resume, they also
/// describe a finished run.
///
/// Exit codes: 0 all budgets are as in the sheet, 1 some changes failed or were skipped, 2 nothing was sent because of the
/// sheet, a limit, the journal or a missing --yes, 3 sign-in, 4 nothing to do, 130 stopped by Ctrl-C or SIGTERM.
///
/// Example: pc-budgets apply budgets.csv --max-change 50
#[derive(Debug, clap::Args)]
pub(crate) struct ApplyArgs {
    /// The sheet or the plan; - is standard input
    #[arg(value_name = "FILE.csv|PLAN|-")]
    file: String,
    /// Do not ask; needed without a terminal, as in scripts
    #[arg(long)]
    yes: bool,
    /// Path of the journal [default: the path of the file with .journal appended]
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Continue with the journal of an earlier run
    #[arg(long)]
    resume: bool,
    /// With --resume: continue although lines of the journal are damaged
    ///
    /// A damaged line may be about any change, so every budget that is not certainly done is read back before it is sent.
    #[arg(long, requires = "resume")]
    accept_damage: bool,
    #[command(flatten)]
    guards: GuardOptions,
    /// Leave out customers that the service does not know, instead of sending nothing
    #[arg(long)]
    skip_unknown: bool,
    /// Also overwrite budgets that have changed since the plan was made
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    options: SheetOptions,
}

pub(crate) async fn run(connection: Connection, args: ApplyArgs, format: OutputFormat) -> anyhow::Result<()> {
    let journal = args.journal_path()?;
    let input = Input::read(&args.file, args.options.decimal())?;
    let input = match args.resume {
        false => {
            preflight::ensure_journal_folder(&journal)?;
            preflight::ensure_no_unfinished_journal(&journal, &resume_command::for_profile(None))?;
            input
        }
        true => Input::Plan(input.journaled_plan(&args.file, &journal)?),
    };
    preflight::ensure_can_prompt(args.yes, args.file != "-")?;
    let mut run = Run::open(connection, &args, journal, format).await?;
    let plan = match input {
        Input::Plan(plan) => run.for_same_partner(plan)?,
        Input::Sheet(sheet) => run.plan(sheet).await?,
    };
    args.ensure_allowed(&plan)?;
    if plan.changes().next().is_none() {
        return Err(run.no_changes(&plan));
    }
    run.interrupt.unless(confirm::ensure_confirmed(args.yes, &plan, args.resume)).await??;
    if !args.resume {
        finished_journal::move_aside(&run.journal)?;
    }
    run.apply(&plan).await
}

impl ApplyArgs {
    fn journal_path(&self) -> Result<PathBuf, CliError> {
        match (&self.journal, self.file.as_str()) {
            (Some(path), _) => Ok(path.clone()),
            (None, "-") => Err(CliError::usage(
                "the journal has no path",
                "standard input has no name to derive it from",
                "name it with --journal FILE",
            )),
            (None, file) => Ok(PathBuf::from(format!("{file}.journal"))),
        }
    }

    fn ensure_allowed(&self, plan: &Plan) -> Result<(), CliError> {
        preflight::ensure_consistent(&self.file, plan)?;
        if !self.skip_unknown {
            preflight::ensure_known_customers(&self.file, plan)?;
        }
        self.guards.ensure_allowed(&self.file, plan, self.resume)
    }
}

/// A run with an open connection.
struct Run<'a> {
    args: &'a ApplyArgs,
    journal: PathBuf,
    format: OutputFormat,
    client: Client,
    session: Session,
    partner: Partner,
    interrupt: Interrupt,
}

impl<'a> Run<'a> {
    async fn open(
        connection: Connection,
        args: &'a ApplyArgs,
        journal: PathBuf,
        format: OutputFormat,
    ) -> anyhow::Result<Self> {
        let session = connection.open().await?;
        let mut interrupt = Interrupt::listen()?;
        let partner = interrupt.unless(session.partner()).await??;
        notice(format_args!("for {}", partner.shown));
        let client = with_fleet_timeout(&session.client);
        Ok(Self { args, journal, format, client, session, partner, interrupt })
    }

    /// Plans a sheet with the current budgets.
    async fn plan(&mut self, sheet: Sheet) -> anyhow::Result<Plan> {
        let ApplyArgs { file, options, .. } = self.args;
        let known = read_known(&self.client, &sheet, options.ignore_names);
        let (mut current, names) = self.interrupt.unless(known).await??;
        sheet.ensure_matches(file, &mut current, &names, options.ignore_names)?;
        Ok(self.partner.sign(Plan::new(sheet.budgets, &current)))
    }

    /// Refuses a plan of another partner. Only a journal always has a partner.
    fn for_same_partner(&self, plan: Plan) -> Result<Plan, CliError> {
        let ApplyArgs { file, resume, .. } = self.args;
        let document = if *resume { "journal" } else { "plan" };
        if *resume || plan.partner().is_some() {
            preflight::ensure_same_partner(&format!("the {document} of {file}"), plan.partner(), &self.partner.key)?;
        }
        Ok(plan.for_partner(self.partner.key.clone()))
    }

    /// The result of a plan without changes. Programs get a summary in any case.
    fn no_changes(&self, plan: &Plan) -> anyhow::Error {
        let outcome = Outcome::without_changes(plan);
        if self.format != OutputFormat::Table
            && let Err(error) = outcome.print(&self.args.file, &self.journal, &self.partner, None, self.format)
        {
            return error;
        }
        outcome.nothing_to_do().into()
    }

    async fn apply(self, plan: &Plan) -> anyhow::Result<()> {
        let resume = resume_command::for_profile(self.session.origin.profile.as_ref());
        notice(format_args!("if interrupted, continue with: {resume}"));
        let progress = Progress::new();
        let line = ProgressLine::start("applying", progress.clone());
        let options = self.partner.actor.iter().fold(ApplyOptions::new(), ApplyOptions::actor);
        let options = options
            .overwrite(self.args.overwrite)
            .accept_damage(self.args.accept_damage)
            .progress(progress)
            .cancel_when(self.interrupt.into_future());
        let applied = fleet::apply(&self.client, plan, &self.journal, options).await;
        drop(line);
        let summary = applied.map_err(CliError::before_start)?;
        let authors = ConflictAuthors::find(&self.client, plan, &summary).await;
        let outcome = Outcome::new(plan, summary, authors);
        let printed = outcome.print(&self.args.file, &self.journal, &self.partner, Some(&resume), self.format);
        if printed.is_ok() && outcome.was_done_earlier() {
            return Err(outcome.done_earlier(&self.journal).into());
        }
        // Report failed changes even if the summary could not be printed.
        outcome.into_result(&self.args.file, &resume, printed)
    }
}
