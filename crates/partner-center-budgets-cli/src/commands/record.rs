//! `pc-budgets record`: the usage of a day, as a file of the history.

use std::path::PathBuf;

use chrono::{Days, NaiveDate, Utc};
use clap::value_parser;
use durable_files as files;
use partner_center_budgets::Client;
use partner_center_budgets_fleet::history::{DayWriter, HistoryFolder};

use super::history::ensure_partner;
use super::preflight;
use crate::error::CliError;
use crate::output::notice::notice;
use crate::output::number::quantity;
use crate::session::connection::{self, Connection};

/// Record the usage of all customers today, for `compare`
///
/// Writes usage-DATE.ndjson.gz with today's date in UTC: one JSON object per line and usage record, compressed with gzip. A
/// second run on the same day replaces the file in one step. The file and a new folder are readable for you only. Customers
/// who never used Azure have no usage record. Needs a token of an app and a user.
///
/// A folder is for one partner. The default is pc-budgets/history/TENANT in the user's data directory, which is
/// ~/.local/share on Linux and %LOCALAPPDATA% on Windows.
///
/// Exit codes: 0 written; 1 failed, and an existing file is unchanged; 2 wrong usage, or a folder of another partner; 3
/// sign-in.
///
/// Example: pc-budgets record --dir /var/lib/pc-budgets
#[derive(Debug, clap::Args)]
pub(crate) struct RecordArgs {
    /// The folder of the history; created if it is missing [default: the folder of the partner]
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// With --sandbox, also record the N days before today, to try `compare` and --history
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=MAX_SAMPLE_DAYS))]
    sample_days: Option<u32>,
}

/// A report shows 30 days, and comparisons read seven days before the first one.
const MAX_SAMPLE_DAYS: i64 = 60;

pub(crate) async fn run(connection: Connection, args: RecordArgs) -> anyhow::Result<()> {
    preflight::ensure_no_sample_days(args.sample_days, &connection)?;
    let session = connection.open().await?;
    let folder = session.history_folder(args.dir).await?;
    let partner = session.history_partner().await?;
    ensure_partner(&folder, &partner)?;
    let today = Utc::now().date_naive();
    ensure_day_writable(&folder, today)?;
    let sample_days = args.sample_days.unwrap_or_default();
    for ago in (1..=sample_days).rev() {
        let past = connection::open_sandbox_of(ago, |builder| builder).await?;
        record(&past.client, DayWriter::new(&folder, today - Days::new(ago.into()), &partner)).await?;
    }
    let (count, path) = record(&session.client, DayWriter::new(&folder, today, &partner)).await?;
    let before = match sample_days {
        0 => String::new(),
        days => format!(", and those of {} before", quantity(days as usize, "day")),
    };
    notice(format_args!("{} written to {}{before}", quantity(count, "usage record"), path.display()));
    Ok(())
}

/// Returns the number of records, and the path of the file.
async fn record(client: &Client, mut day: DayWriter) -> anyhow::Result<(usize, PathBuf)> {
    let mut records = client.list_customer_usage_records();
    while let Some(record) = records.try_next().await? {
        day.add(&record).map_err(CliError::from)?;
    }
    let count = day.count();
    Ok((count, day.save().map_err(CliError::from)?))
}

/// Refuses a folder that cannot be written, before the records are read.
fn ensure_day_writable(folder: &HistoryFolder, date: NaiveDate) -> Result<(), CliError> {
    let file = folder.file_of(date);
    files::make_folder(folder.path()).and_then(|()| files::check_replaceable(&file)).map_err(|error| {
        let what = format_args!("cannot write {}", file.display());
        CliError::usage(what, error, "name a folder that you may write to with --dir FOLDER")
    })
}
