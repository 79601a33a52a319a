//! The costs of recent days, and the messages about days that are missing or damaged.

use std::path::PathBuf;

use chrono::{NaiveDate, Utc};
use partner_center_budgets_fleet::history::{HistoryError, HistoryFolder, RecentCosts};

use crate::error::{CliError, Exit};
use crate::output::notice::notice;
use crate::session::connection::Session;

/// The history by whose pace costs are projected.
#[derive(Debug, clap::Args)]
pub(crate) struct HistoryArgs {
    /// Project costs by the pace of the last seven days in this folder of `record` [default: the folder of the partner, if
    /// it has these days]
    ///
    /// Without at least four of the days, costs are projected by the average of the billing period. projected_from in JSON
    /// tells which.
    #[arg(long, value_name = "FOLDER")]
    history: Option<PathBuf>,
}

impl HistoryArgs {
    /// Reads the last `days` days before today. A default folder of another partner is ignored.
    pub(crate) async fn read(&self, session: &Session, days: u32) -> anyhow::Result<RecentCosts> {
        let folder = match &self.history {
            None if !session.has_default_history() => return Ok(RecentCosts::default()),
            option => session.history_folder(option.clone()).await?,
        };
        let Some(owner) = folder.partner().map_err(unusable)? else {
            return match self.history {
                None => Ok(RecentCosts::default()),
                Some(_) => Err(no_records(&folder).into()),
            };
        };
        let partner = session.history_partner().await?;
        match (&self.history, owner == partner) {
            (None, false) => Ok(RecentCosts::default()),
            (Some(_), false) => Err(other_partner(&folder, &owner, &partner).into()),
            (_, true) => {
                let costs = recent_costs(&folder, &partner, Utc::now().date_naive(), days)?;
                if costs.is_recent() {
                    notice(format_args!("projecting by the last seven days in {}", folder.path().display()));
                }
                Ok(costs)
            }
        }
    }
}

fn no_records(folder: &HistoryFolder) -> CliError {
    let what = format_args!("{} has no record of any day", folder.path().display());
    let next = "name another folder with --history FOLDER, or leave the option out";
    CliError::usage(what, "it is missing, or none of its files can be read", next)
}

/// Refuses a folder with the history of another partner.
pub(crate) fn ensure_partner(folder: &HistoryFolder, partner: &str) -> Result<(), CliError> {
    match folder.partner().map_err(unusable)? {
        Some(owner) if owner != partner => Err(other_partner(folder, &owner, partner)),
        _ => Ok(()),
    }
}

fn other_partner(folder: &HistoryFolder, owner: &str, partner: &str) -> CliError {
    CliError::usage(
        format_args!("the folder {} is for another partner", folder.path().display()),
        format_args!("its newest file is of {owner}, and this run is for {partner}"),
        "choose the profile of that partner, or name another folder",
    )
}

/// A folder or a day that the user chose cannot be used.
pub(crate) fn unusable(error: HistoryError) -> CliError {
    CliError::from(error).with_code(Exit::Usage)
}

/// Reads the `days` days before `until`, and reports those that are left out.
pub(crate) fn recent_costs(
    folder: &HistoryFolder,
    partner: &str,
    until: NaiveDate,
    days: u32,
) -> Result<RecentCosts, CliError> {
    let costs = RecentCosts::read(folder, partner, until, days).map_err(unusable)?;
    costs.skipped().iter().for_each(warn_left_out);
    if !costs.missing().is_empty() {
        notice(format_args!("warning: {} has no record of {}", folder.path().display(), ranges(costs.missing())));
    }
    Ok(costs)
}

/// Reports a day that is left out.
pub(crate) fn warn_left_out(error: &HistoryError) {
    let why = error.why().map(|why| format!(": {why}")).unwrap_or_default();
    notice(format_args!("warning: {}{why}; the day is left out", error.what()));
}

/// Days in order, with neighbours joined: `2026-11-15 to 2026-11-17, 2026-11-19`.
fn ranges(days: &[NaiveDate]) -> String {
    let ranges = days.chunk_by(|day, next| day.succ_opt() == Some(*next)).filter_map(|range| match range {
        [] => None,
        [day] => Some(day.to_string()),
        [first, .., last] => Some(format!("{first} to {last}")),
    });
    ranges.collect::<Vec<_>>().join(", ")
}
