//! `pc-budgets compare`: costs and budgets of two days.

mod arguments;
mod days;
mod row;

use std::cmp::Reverse;
use std::path::PathBuf;

use anyhow::Context;
use chrono::{NaiveDate, Utc};
use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::history::{Comparison, CustomerChange, HistoryFolder, PACE_DAYS, UnusualPace};

use super::history::{self, unusable};
use crate::error::CliError;
use crate::output::format::OutputFormat;
use crate::output::notice::notice;
use crate::output::number::quantity;
use crate::output::records;
use crate::session::connection::{Connection, Session};
use crate::values::{days_before, whole_number};
use arguments::{RecordedDay, not_negative, since};
use days::OpenDay;
pub(crate) use row::ChangeRow;

/// Compare costs and budgets of two days, the largest increase first
///
/// OLD and NEW are days that `record` wrote: a date such as 2026-11-20 in the folder of the history, or a file. Without NEW,
/// the second day is today, read from the service. Increases are sorted by number, whatever their currency.
///
/// Costs begin again with each billing period. For Azure plans that is the calendar month, and the increase since the last
/// month is the cost of the new one. For legacy offers a lower cost means a new period; its cost counts from zero and has no
/// cost per day. A new customer counts from zero, too. Amounts are not compared if their currency changed.
///
/// A customer is unusual if its cost per day is at least --above, and at least --factor times that before OLD: that of the
/// seven days before OLD in its folder, or without them the average of the billing period. A damaged or missing day before
/// OLD is reported and left out. --output json, ndjson and csv have these marks in `notes`: new, lost, new-period,
/// currency-changed, budget-changed, unusual.
///
/// Exit codes: 0 shown; 1 failed; 2 wrong usage, or OLD or NEW is missing or damaged; 3 sign-in.
///
/// Example: pc-budgets compare --since 7d --top 20
#[derive(Debug, clap::Args)]
pub(crate) struct CompareArgs {
    /// The first day: a date, or a file that `record` wrote
    #[arg(value_name = "OLD", required_unless_present = "since", conflicts_with = "since")]
    old: Option<RecordedDay>,
    /// The second day [default: today, read from the service]
    #[arg(value_name = "NEW")]
    new: Option<RecordedDay>,
    /// Compare today with the day this long ago, such as 7d or 2w
    ///
    /// If that day was not recorded or is damaged, the nearest earlier day is used, or else the nearest later one. A message
    /// names it.
    #[arg(long, value_name = "TIME", value_parser = since)]
    since: Option<u32>,
    /// The folder of the history [default: the folder of the partner]
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// Only the N customers with the largest increases [default for tables: 20]
    #[arg(long, value_name = "N", value_parser = whole_number, allow_hyphen_values = true)]
    top: Option<usize>,
    /// Only customers whose cost per day is unusual
    #[arg(long)]
    unusual: bool,
    /// Unusual is at least this cost per day, in the currency of the customer
    #[arg(long, value_name = "AMOUNT", default_value = "10", value_parser = not_negative, allow_hyphen_values = true)]
    above: Decimal,
    /// Unusual is at least this many times the cost per day before OLD
    #[arg(long, value_name = "N", default_value = "2", value_parser = not_negative, allow_hyphen_values = true)]
    factor: Decimal,
}

/// The customers in a table, unless --top sets another number: as many fit on a screen.
const ROWS: usize = 20;

pub(crate) async fn run(connection: Connection, args: CompareArgs, format: OutputFormat) -> anyhow::Result<()> {
    [&args.old, &args.new].into_iter().flatten().try_for_each(days::ensure_file)?;
    let uses_folder = args.since.is_some()
        || [&args.old, &args.new].into_iter().flatten().any(|day| matches!(day, RecordedDay::Date(_)));
    let session = match args.new.is_none() || uses_folder && args.dir.is_none() {
        true => Some(connection.open().await?),
        false => None,
    };
    let folder = match &session {
        Some(session) if uses_folder => Some(session.history_folder(args.dir.clone()).await?),
        _ => args.dir.clone().map(HistoryFolder::new),
    };
    let new = args.new.as_ref().map(|new| OpenDay::open(new, folder.as_ref())).transpose()?;
    let new_date = new.as_ref().map_or_else(|| Utc::now().date_naive(), |new| new.date);
    let old = match (&args.old, args.since, &folder) {
        (Some(old), _, folder) => OpenDay::open(old, folder.as_ref())?,
        (None, Some(since), Some(folder)) => OpenDay::nearest(folder, days_before(new_date, since), new_date)?,
        (None, ..) => return Err(CliError::usage("no day to compare with", "OLD is missing", "name it").into()),
    };
    days::ensure_order(&old, new_date)?;
    days::ensure_one_partner(&old, partner(new.as_ref(), session.as_ref()).await?.as_deref())?;
    // Two threads read two files in little more than half the time.
    let reading = new.map(|new| tokio::task::spawn_blocking(|| new.reader.collect::<Result<Vec<_>, _>>()));
    let old_date = old.date;
    let mut comparison = read(old, new_date)?;
    match (reading, session) {
        (Some(reading), _) => {
            let records = reading.await.context("the reader of NEW stopped")?.map_err(unusable)?;
            records.into_iter().for_each(|record| comparison.add(record));
        }
        (None, Some(session)) => {
            let mut records = session.client.list_customer_usage_records();
            while let Some(record) = records.try_next().await? {
                comparison.add(record);
            }
        }
        (None, None) => {}
    }
    print(&args, format, old_date, new_date, &comparison)
}

/// The partner of the second day. `None` if it has no records.
async fn partner(new: Option<&OpenDay>, session: Option<&Session>) -> anyhow::Result<Option<String>> {
    Ok(match (new, session) {
        (Some(new), _) => new.reader.partner().map(str::to_owned),
        (None, Some(session)) => Some(session.history_partner().await?),
        (None, None) => None,
    })
}

/// Reads the first day, and the days before it.
fn read(old: OpenDay, new_date: NaiveDate) -> anyhow::Result<Comparison> {
    let past = match (&old.folder, old.reader.partner()) {
        (Some(folder), Some(partner)) => history::recent_costs(folder, partner, old.date, PACE_DAYS)?,
        _ => Default::default(),
    };
    Ok(Comparison::new(old.date, old.reader, &past, new_date).map_err(unusable)?)
}

fn print(
    args: &CompareArgs,
    format: OutputFormat,
    old_date: NaiveDate,
    new_date: NaiveDate,
    comparison: &Comparison,
) -> anyhow::Result<()> {
    let limits = UnusualPace::default().per_day(args.above).factor(args.factor);
    let mut changes: Vec<CustomerChange<'_>> = comparison.changes().collect();
    let summary = summary(&changes, &limits, old_date, new_date);
    if args.unusual {
        changes.retain(|change| change.is_unusual(&limits));
    }
    let count = changes.len();
    let is_table = matches!(format, OutputFormat::Table | OutputFormat::Markdown);
    sort_first(&mut changes, args.top.unwrap_or(if is_table { ROWS } else { count }));
    match format {
        OutputFormat::Table => row::table(&changes, &limits).print()?,
        OutputFormat::Markdown => row::table(&changes, &limits).print_markdown()?,
        _ => records::each(format, changes.iter().map(|change| ChangeRow::new(change, &limits)))?,
    }
    if changes.len() < count {
        notice(format_args!("{} of {} shown", changes.len(), quantity(count, "customer")));
    }
    notice(summary);
    match comparison.unmatched() {
        0 => {}
        count => notice(format_args!("{} without an id left out", quantity(count, "record"))),
    }
    Ok(())
}

/// Sorts the first `count` changes, and drops the others.
fn sort_first(changes: &mut Vec<CustomerChange<'_>>, count: usize) {
    // Of equal increases, changed budgets first: without them, they would be lost among the customers without a change.
    let key =
        |change: &CustomerChange<'_>| (Reverse(change.difference), !change.is_budget_changed(), change.customer_id);
    let order = |one: &CustomerChange<'_>, other: &CustomerChange<'_>| {
        key(one).cmp(&key(other)).then_with(|| one.customer_id_text.cmp(&other.customer_id_text))
    };
    if count < changes.len() {
        // Sorting all of them would take much longer.
        changes.select_nth_unstable_by(count, order);
        changes.truncate(count);
    }
    changes.sort_unstable_by(order);
}

/// The line with the numbers of all changes.
fn summary(changes: &[CustomerChange<'_>], limits: &UnusualPace, old_date: NaiveDate, new_date: NaiveDate) -> String {
    let count = |is: &dyn Fn(&CustomerChange<'_>) -> bool| changes.iter().filter(|change| is(change)).count();
    let days = usize::try_from((new_date - old_date).num_days()).unwrap_or_default();
    format!(
        "{old_date} to {new_date}, {}: {}, {} new, {} lost, {}, {} unusual",
        quantity(days, "day"),
        quantity(changes.len(), "customer"),
        count(&|change| change.old.is_none()),
        count(&|change| change.new.is_none()),
        quantity(count(&|change| change.is_budget_changed()), "changed budget"),
        count(&|change| change.is_unusual(limits)),
    )
}
