//! The costs of recent days, and the messages about days that are missing or damaged.

use chrono::NaiveDate;
use partner_center_budgets_fleet::history::{HistoryError, HistoryFolder, PACE_DAYS, RecentCosts};

use crate::error::{CliError, Exit};
use crate::output::notice::notice;

/// Reads the days before `until` whose pace counts, and reports the days that are left out.
pub(crate) fn recent_costs(folder: &HistoryFolder, partner: &str, until: NaiveDate) -> Result<RecentCosts, CliError> {
    let costs = RecentCosts::read(folder, partner, until, PACE_DAYS)
        .map_err(|error| CliError::from(error).with_code(Exit::Usage))?;
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
