//! `pc-budgets usage`: the costs of all customers, with their budgets.

pub(crate) mod columns;
mod filter;
mod reader;

use std::cmp::Reverse;

use clap::ValueEnum;
use partner_center_budgets::Client;

use crate::error::CliError;
use crate::output::format::OutputFormat;
use crate::output::notice::notice;
use crate::output::number::quantity;
use crate::output::records::{self, RecordWriter};
use columns::UsageRow;
use filter::Filter;
use reader::UsageReader;

/// Show budget, cost so far, percentage used and currency of every customer
///
/// Costs are rounded to two places in the table; JSON has all digits. Percentages have two places and are never rounded up to
/// a whole one, so 100.00 always means that the budget is reached. For legacy offers the service sends a locale (for example
/// en-GB) instead of a currency; JSON has it as currency_locale, with currency null. Needs a token of an app and a user.
///
/// With --output ndjson or csv and without --sort, lines are written as they arrive, in the order of the service.
///
/// Exit codes: 0 shown, even if no customer matches; 1 failed, or some customers could not be read (they are listed on
/// standard error and left out); 2 wrong usage; 3 sign-in.
///
/// Example: pc-budgets usage --over 80 --sort used
#[derive(Debug, clap::Args)]
pub(crate) struct UsageArgs {
    #[command(flatten)]
    filter: Filter,
    /// Sort by this column: figures in descending order, whatever their currency [default: customer]
    #[arg(long, value_enum, value_name = "COLUMN")]
    sort: Option<Sort>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sort {
    Customer,
    Name,
    Budget,
    Cost,
    Used,
}

pub(crate) async fn run(client: &Client, args: &UsageArgs, format: OutputFormat) -> anyhow::Result<()> {
    let mut reader = UsageReader::new(client, &args.filter);
    let streaming = match args.sort {
        None => RecordWriter::streaming::<UsageRow>(format)?,
        Some(_) => None,
    };
    if let Some(mut writer) = streaming {
        while let Some(row) = writer.while_waiting(reader.next()).await?? {
            writer.write(&row)?;
        }
        writer.flush()?;
    } else {
        let mut rows = Vec::new();
        while let Some(row) = reader.next().await? {
            rows.push(row);
        }
        args.sort.unwrap_or(Sort::Customer).apply(&mut rows);
        match format {
            OutputFormat::Table => {
                columns::table(&rows).print()?;
                if rows.is_empty() && args.filter.is_set() && reader.unread() == 0 {
                    notice("no customer matches");
                }
            }
            _ => records::all(format, &rows)?,
        }
    }
    match reader.unread() {
        0 => Ok(()),
        count => {
            let what = format!("{} could not be read", quantity(count, "customer"));
            Err(CliError::failed(what, "the reasons are listed above; the customers are left out", "run it again")
                .into())
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
