//! `pc-budgets plan`: the changes that a sheet would make.

pub(crate) mod entries;
pub(crate) mod input;
pub(crate) mod markdown;
pub(crate) mod rows;
mod table;

use partner_center_budgets_fleet::{EntryKind, Plan};

use super::current_budgets::{read_known, with_fleet_timeout};
use super::guards::GuardOptions;
use crate::error::CliError;
use crate::interrupt::Interrupt;
use crate::output::format::OutputFormat;
use crate::output::notice::notice;
use crate::output::records;
use crate::session::connection::Connection;
use crate::sheet::{self, Choice, DecimalMark, Sheet, SheetOptions, StatedName};
use input::Input;

/// Show what a sheet of budgets would change, and change nothing
///
/// The sheet is CSV with `;`, `,` or tabs between columns. Its first line names them, in any order and case: `customer`
/// (or customer id, customer-tenant-id, tenant id), `amount` (or budget, spending budget) and optionally `name` and
/// `currency`; other columns are ignored. An amount is digits with at most one point. An empty amount leaves the budget
/// unchanged, and `none` clears it. All errors in the sheet are listed at once, with line and column, and nothing is sent.
///
/// With `;` or tabs between columns, amounts may have a decimal comma if none has a decimal point; a note says so. An amount
/// such as 1.234 or 1,234 is refused because it may be thousands; --decimal settles it.
///
/// A name is compared with the customer's name in --current or in the list of customers. Another name is an error, because
/// the rows may be sorted wrongly. Case, spaces, punctuation and legal forms such as Ltd or GmbH make no difference.
///
/// A currency is a code of three letters such as EUR, or empty. Amounts are not converted: a budget is in the currency of the
/// customer's usage. Totals are per currency. With --current from `usage --output json`, currencies are checked.
///
/// The table shows the changes and the customers that cannot be changed; the totals count all rows. --output json writes the
/// plan for `apply`, with the customers' names, who made it and when. Given a plan, the command shows it and makes no call.
/// --output csv has a line for each customer of the sheet; markdown is a document for review.
///
/// Exit codes: 0 there are changes, 1 a budget could not be read or a customer is unknown, 2 the sheet is wrong, 3 sign-in, 4
/// nothing to do.
///
/// Example: pc-budgets plan budgets.csv
#[derive(Debug, clap::Args)]
pub(crate) struct PlanArgs {
    /// The sheet, or a plan to show; - is standard input
    #[arg(value_name = "FILE.csv|PLAN|-")]
    file: String,
    /// Take the current budgets from a file that `export` or `usage` wrote as JSON, NDJSON or CSV, and make no call
    #[arg(long, value_name = "FILE")]
    current: Option<String>,
    /// The decimal mark of the --current file, if it is CSV and its amounts do not show it
    #[arg(long, value_name = "MARK", requires = "current")]
    current_decimal: Option<DecimalMark>,
    #[command(flatten)]
    options: SheetOptions,
}

pub(crate) async fn run(connection: Connection, args: PlanArgs, format: OutputFormat) -> anyhow::Result<()> {
    let (plan, stated) = match Input::read(&args.file, args.options.decimal())? {
        Input::Sheet(sheet) => args.plan(connection, sheet).await?,
        Input::Plan(plan) => (args.stored(plan)?, Vec::new()),
    };
    match format {
        OutputFormat::Json | OutputFormat::Ndjson => records::json(&plan)?,
        OutputFormat::Csv => records::all(format, &rows::rows(&plan, None))?,
        OutputFormat::Markdown => markdown::print(&args.file, &plan, None, &rows::rows(&plan, None))?,
        OutputFormat::Table => table::print(&plan, &stated)?,
    }
    GuardOptions::warn_of_defaults(&plan);
    let unknown = plan.totals().count(EntryKind::UnknownCustomer);
    if unknown > 0 {
        let why = match &args.current {
            Some(path) => format!("they are not in {path}"),
            None => "the service does not know them, or they are no longer your customers".to_owned(),
        };
        let what = format_args!("{unknown} of the sheet's customers cannot be planned");
        let next = "remove the lines with unknown-customer, or apply with --skip-unknown";
        return Err(CliError::failed(what, why, next).into());
    }
    if plan.changes().next().is_none() {
        return Err(CliError::nothing_to_do("all budgets are already as in the sheet").into());
    }
    Ok(())
}

impl PlanArgs {
    /// Plans a sheet. Returns the names that it states, too.
    async fn plan(&self, connection: Connection, sheet: Sheet) -> anyhow::Result<(Plan, Vec<StatedName>)> {
        let ignores_names = self.options.ignore_names;
        let ((mut current, names), partner) = match &self.current {
            Some(path) => {
                let choice = Choice { option: "--current-decimal", mark: self.current_decimal };
                let known = sheet::current::read(path, choice)?;
                if known.1.is_empty() && !sheet.names.is_empty() {
                    notice(format_args!("warning: the names of the sheet were not checked: {path} has no names"));
                }
                (known, None)
            }
            None => {
                let session = connection.open().await?;
                let partner = session.partner().await?;
                notice(format_args!("for {}", partner.shown));
                let client = with_fleet_timeout(&session.client);
                let known = read_known(&client, &sheet, ignores_names);
                (Interrupt::listen()?.unless(known).await??, Some(partner))
            }
        };
        sheet.ensure_matches(&self.file, &mut current, &names, ignores_names)?;
        let plan = Plan::new(sheet.budgets, &current);
        Ok((partner.into_iter().fold(plan, |plan, partner| partner.sign(plan)), sheet.names))
    }

    /// A plan that was made earlier.
    fn stored(&self, plan: Plan) -> Result<Plan, CliError> {
        if self.current.is_some() {
            let what = "--current is for sheets";
            let why = format_args!("{} is a plan, which has the budgets of its time", self.file);
            return Err(CliError::usage(what, why, "leave out --current, or make a new plan from the sheet"));
        }
        let by = plan.author().map(|author| format!(" by {author}")).unwrap_or_default();
        let at = plan.made_at().map(|at| format!(" at {}", at.format("%Y-%m-%d %H:%M:%S UTC"))).unwrap_or_default();
        notice(format_args!("made{by}{at} for {}", plan.partner().unwrap_or("an unknown partner")));
        Ok(plan)
    }
}
