//! `pc-budgets plan`: the changes that a sheet would make.

pub(crate) mod entries;
mod table;

use partner_center_budgets_fleet::{EntryKind, Plan};

use super::current_budgets::{read_known, with_fleet_timeout};
use super::guards::GuardOptions;
use super::preflight;
use crate::error::CliError;
use crate::interrupt::Interrupt;
use crate::output::format::OutputFormat;
use crate::output::notice::notice;
use crate::output::records;
use crate::session::connection::Connection;
use crate::sheet::{self, Choice, DecimalMark, SheetOptions};

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
/// plan for `apply`.
///
/// Exit codes: 0 there are changes, 1 a budget could not be read or a customer is unknown, 2 the sheet is wrong, 3 sign-in, 4
/// nothing to do.
///
/// Example: pc-budgets plan budgets.csv
#[derive(Debug, clap::Args)]
pub(crate) struct PlanArgs {
    /// The sheet; - is standard input
    #[arg(value_name = "FILE.csv|-")]
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
    preflight::ensure_not_list(format)?;
    let sheet = sheet::read(&args.file, &sheet::read_text(&args.file)?, args.options.decimal())?;
    let ((mut current, names), partner) = match &args.current {
        Some(path) => {
            let choice = Choice { option: "--current-decimal", mark: args.current_decimal };
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
            let known = read_known(&client, &sheet, args.options.ignore_names);
            (Interrupt::listen()?.unless(known).await??, Some(partner))
        }
    };
    sheet.ensure_matches(&args.file, &mut current, &names, args.options.ignore_names)?;
    let plan = Plan::new(sheet.budgets, &current);
    let plan = partner.into_iter().fold(plan, |plan, partner| partner.sign(plan));
    match format {
        OutputFormat::Json | OutputFormat::Ndjson => records::json(&plan)?,
        OutputFormat::Table | OutputFormat::Csv | OutputFormat::Markdown => table::print(&plan, &sheet.names)?,
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
