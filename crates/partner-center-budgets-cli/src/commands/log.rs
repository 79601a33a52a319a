//! `pc-budgets log`: who changed which budget, and when.

mod entry;

use chrono::{NaiveDate, Utc};
use partner_center_budgets::{AuditQuery, AuditRecord, Client, Error, List};

use super::customer_arg::{CustomerSelector, Matching};
use crate::output::format::OutputFormat;
use crate::output::notice::notice;
use crate::output::number::quantity;
use crate::output::records::{self, RecordWriter};
use crate::output::table::{Align, Table};
use crate::session::connection::Connection;
use crate::values::{day, days_before};
pub(crate) use entry::LogEntry;

/// The days that the service lists if the query has no start.
const DEFAULT_DAYS: u32 = 30;

/// Show who changed which budget, and when
///
/// Reads the activity log of the partner, which has the changes of the last 90 days by all users and apps, in Partner Center
/// and by programs. The newest change is the first. Times and days are in UTC.
///
/// Old and new budgets are amounts, or none. Microsoft does not publish how the log writes a budget: any other text is shown
/// as it is. In JSON, an amount is a number, no budget is null, and other texts are texts; a value that the log does not have
/// is left out. JSON also has the app, the type of the change and the correlation id of the call.
///
/// Exit codes: 0 shown, even if nothing was changed; 1 failed; 2 wrong usage, a range that begins more than 90 days ago, or
/// no customer or several have the name; 3 sign-in.
///
/// Example: pc-budgets log --since 7d
#[derive(Debug, clap::Args)]
pub(crate) struct LogArgs {
    /// Only changes of this customer: the id (GUID) of its tenant, its company name, or its domain
    #[arg(value_name = "CUSTOMER")]
    customer: Option<CustomerSelector>,
    /// The first day, such as 2026-09-02, or a time before today, such as 7d or 2w [default: 30d]
    #[arg(long, value_name = "DATE", value_parser = day)]
    since: Option<NaiveDate>,
    /// The last day, in the same forms [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    until: Option<NaiveDate>,
    /// All changes, not only those of budgets
    #[arg(long)]
    all_operations: bool,
}

impl LogArgs {
    /// The range, of all customers.
    fn range(&self) -> AuditQuery {
        let mut query = AuditQuery::new();
        if let Some(day) = self.since {
            query = query.since(day);
        }
        if let Some(day) = self.until {
            query = query.until(day);
        }
        query
    }

    /// The number of rows, or the reason why there are none.
    fn print_count(&self, count: usize) {
        match count {
            0 => {
                let what = if self.all_operations { "nothing" } else { "no budget" };
                let since = self.since.unwrap_or_else(|| days_before(Utc::now().date_naive(), DEFAULT_DAYS));
                let until = self.until.map(|day| format!(" until {day}")).unwrap_or_default();
                notice(format_args!("{what} was changed since {since}{until}"));
            }
            count if self.all_operations => notice(quantity(count, "change")),
            1 => notice("1 change of a budget"),
            count => notice(format_args!("{count} changes of budgets")),
        }
    }
}

/// The records of a list that a command shows.
struct LogReader {
    records: List<AuditRecord>,
    all_operations: bool,
}

impl LogReader {
    async fn new(client: &Client, args: &LogArgs) -> anyhow::Result<Self> {
        let mut query = args.range();
        if let Some(customer) = &args.customer {
            query = query.customer(customer.resolve(client, Matching::UniqueStart).await?.id);
        }
        Ok(Self { records: client.list_audit_records(query), all_operations: args.all_operations })
    }

    async fn next(&mut self) -> Result<Option<LogEntry>, Error> {
        while let Some(record) = self.records.try_next().await? {
            if self.all_operations || record.is_budget_change() {
                return Ok(Some(record.into()));
            }
        }
        Ok(None)
    }
}

pub(crate) async fn run(connection: Connection, args: &LogArgs, format: OutputFormat) -> anyhow::Result<()> {
    // Before the sign-in: no credential makes older records available.
    args.range().check_range()?;
    let session = connection.open().await?;
    let mut reader = LogReader::new(&session.client, args).await?;
    if let Some(mut writer) = RecordWriter::streaming::<LogEntry>(format)? {
        while let Some(entry) = writer.while_waiting(reader.next()).await?? {
            writer.write(&entry)?;
        }
        return Ok(writer.flush()?);
    }
    let mut entries = Vec::new();
    while let Some(entry) = reader.next().await? {
        entries.push(entry);
    }
    if format == OutputFormat::Json {
        return records::json(&entries);
    }
    let table = if args.all_operations { all_operations_table(&entries) } else { budgets_table(&entries) };
    match format {
        OutputFormat::Markdown => table.print_markdown()?,
        _ => table.print()?,
    }
    args.print_count(entries.len());
    Ok(())
}

fn budgets_table(entries: &[LogEntry]) -> Table {
    let mut table = Table::new([
        ("time (UTC)", Align::Left),
        ("customer", Align::Id),
        ("name", Align::Truncated),
        ("who", Align::Truncated),
        ("old", Align::Decimal),
        ("new", Align::Decimal),
        ("status", Align::Left),
    ]);
    for entry in entries {
        let LogEntry { customer, name, who, status, .. } = entry;
        let [customer, name, who, status] = [customer, name, who, status].map(records::text);
        table.row([entry.short_time(), customer, name, who, entry.short_old(), entry.short_new(), status]);
    }
    table
}

/// Other values than budgets are long texts in JSON.
fn all_operations_table(entries: &[LogEntry]) -> Table {
    let mut table = Table::new([
        ("time (UTC)", Align::Left),
        ("customer", Align::Id),
        ("name", Align::Truncated),
        ("who", Align::Truncated),
        ("operation", Align::Left),
        ("status", Align::Left),
    ]);
    for entry in entries {
        let LogEntry { customer, name, who, operation, status, .. } = entry;
        let [customer, name, who, operation, status] = [customer, name, who, operation, status].map(records::text);
        table.row([entry.short_time(), customer, name, who, operation, status]);
    }
    table
}
