//! `pc-budgets usage`: the costs of all customers, with their budgets.

pub(crate) mod columns;
mod customer;
mod filter;
mod reader;

use std::cmp::Reverse;

use clap::ValueEnum;
use partner_center_budgets_fleet::history::PACE_DAYS;

use super::customer_arg::CustomerSelector;
use super::history::HistoryArgs;
use crate::error::CliError;
use crate::output::format::OutputFormat;
use crate::output::notice::notice;
use crate::output::number::quantity;
use crate::output::records::RecordWriter;
use crate::session::connection::Session;
use crate::values::whole_number;
use columns::{COLUMNS, Column, SelectedRow, UsageRow};
pub(crate) use customer::BreakdownRecord;
use customer::CustomerOptions;
use filter::Filter;
use reader::UsageReader;

/// Show budget, cost so far, percentage used and status of every customer, or what the cost of one consists of
///
/// Costs are rounded to two places in the table; JSON has all digits. Percentages have two places and are never rounded up to
/// a whole one, so 100.00 always means that the budget is reached. For legacy offers the service sends a locale (for example
/// en-GB) instead of a currency; JSON has it as currency_locale, with currency null. Needs a token of an app and a user.
///
/// The status is over (100 % of the budget or more), near (80 % or more), trending-over (will reach the budget before the
/// billing period ends, at the pace of the last seven days if they were recorded, or else of this period), no-budget, ok,
/// or trend-unknown: the usage records do not have the billing period of legacy offers. --trending reads it.
///
/// With --output ndjson or csv and without --sort and --top, lines are written as they arrive, in the order of the service.
///
/// With CUSTOMER, shows the customer's subscriptions with their costs; --by meter, resource or category shows its cost items,
/// largest first, from the operation that serves the offer of each subscription. The last line compares their total with the
/// cost of the customer.
///
/// Exit codes: 0 shown, even if no customer matches; 1 failed, or some customers could not be read (they are listed on
/// standard error and left out); 2 wrong usage, or no customer or several have the name; 3 sign-in; 4 the customer has no
/// Azure usage.
///
/// Example: pc-budgets usage --over 80 --sort used
///
/// Example: pc-budgets usage contoso.onmicrosoft.com --by meter
#[derive(Debug, clap::Args)]
pub(crate) struct UsageArgs {
    #[command(flatten)]
    filter: Filter,
    /// Show what the cost of this customer consists of: its id, name or domain
    #[arg(value_name = "CUSTOMER", conflicts_with_all = ["over", "no_budget", "trending", "sort", "columns"])]
    customer: Option<CustomerSelector>,
    #[command(flatten)]
    of_customer: CustomerOptions,
    #[command(flatten)]
    history: HistoryArgs,
    /// Sort by this column: figures in descending order, whatever their currency [default: customer, with --top used]
    #[arg(long, value_enum, value_name = "COLUMN")]
    sort: Option<Sort>,
    /// Only the first N customers of the sorted list; with CUSTOMER the N largest items [default for tables: 20]
    #[arg(long, value_name = "N", value_parser = whole_number, allow_hyphen_values = true)]
    top: Option<usize>,
    /// The columns to show, in this order, by their names in JSON, such as name,total_cost,status
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = columns::column)]
    columns: Vec<&'static Column>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sort {
    Customer,
    Name,
    Budget,
    Cost,
    Used,
}

pub(crate) async fn run(session: &Session, args: &UsageArgs, format: OutputFormat) -> anyhow::Result<()> {
    let client = &session.client;
    let past = args.history.read(session, PACE_DAYS).await?;
    if let Some(customer) = &args.customer {
        return customer::run(client, customer, &args.of_customer, &past, args.top, format).await;
    }
    let columns = args.columns(format);
    let mut reader = UsageReader::new(client, &args.filter, past);
    let streaming = match args.sort() {
        None => RecordWriter::with_headers(format, &columns::headers(&columns))?,
        Some(_) => None,
    };
    if let Some(mut writer) = streaming {
        while let Some(row) = writer.while_waiting(reader.next()).await?? {
            let row = SelectedRow { row: &row, columns: &columns };
            writer.write_cells(&row, || row.cells())?;
        }
        writer.flush()?;
    } else {
        let mut rows = Vec::new();
        while let Some(row) = reader.next().await? {
            rows.push(row);
        }
        args.sort().unwrap_or(Sort::Customer).apply(&mut rows);
        let count = rows.len();
        rows.truncate(args.top.unwrap_or(count));
        match format {
            OutputFormat::Table => columns::table(&columns, &rows).print()?,
            OutputFormat::Markdown => columns::table(&columns, &rows).print_markdown()?,
            _ => columns::write(format, &columns, &rows)?,
        }
        if matches!(format, OutputFormat::Table | OutputFormat::Markdown) {
            args.print_count(rows.len(), count, reader.unread());
        }
    }
    let unread = reader.unread();
    // The customers that could not be read have a warning each, but the summaries are in this error only.
    reader.ensure_complete()?;
    match unread {
        0 => Ok(()),
        count => {
            let what = format!("{} could not be read", quantity(count, "customer"));
            Err(CliError::failed(what, "the reasons are listed above; the customers are left out", "run it again")
                .into())
        }
    }
}

impl UsageArgs {
    /// `None` for the order in which the service sends the customers.
    fn sort(&self) -> Option<Sort> {
        self.sort.or(self.top.map(|_| Sort::Used))
    }

    fn columns(&self, format: OutputFormat) -> Vec<&'static Column> {
        match format {
            _ if !self.columns.is_empty() => self.columns.clone(),
            OutputFormat::Table | OutputFormat::Markdown if self.filter.trending => {
                columns::selected(&columns::PROJECTED)
            }
            OutputFormat::Table | OutputFormat::Markdown => columns::selected(&columns::SHOWN),
            OutputFormat::Json | OutputFormat::Ndjson | OutputFormat::Csv => COLUMNS.iter().collect(),
        }
    }

    /// Says how many customers the table has, if people may expect more.
    fn print_count(&self, shown: usize, count: usize, unread: usize) {
        if count == 0 && self.filter.is_set() && unread == 0 {
            notice("no customer matches");
        } else if shown < count {
            notice(format_args!("{shown} of {}", quantity(count, "customer")));
        } else if count > 0 {
            notice(quantity(count, "customer"));
        }
    }
}

impl Sort {
    /// Rows with equal values are sorted by customer.
    fn apply(self, rows: &mut [UsageRow]) {
        let lower = |text: &Option<String>| text.as_deref().map(str::to_lowercase);
        rows.sort_by_cached_key(|row| lower(&row.customer));
        match self {
            Self::Customer => {}
            Self::Name => rows.sort_by_cached_key(|row| lower(&row.name)),
            Self::Budget => rows.sort_by_key(|row| Reverse(row.budget)),
            Self::Cost => rows.sort_by_key(|row| Reverse(row.cost)),
            Self::Used => rows.sort_by_key(|row| Reverse(row.share.map(|share| share.rank))),
        }
    }
}
