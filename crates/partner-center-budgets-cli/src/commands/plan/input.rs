//! A file that has the desired budgets: a sheet, or a plan.

use std::collections::BTreeMap;
use std::path::Path;

use partner_center_budgets::CustomerId;
use partner_center_budgets_fleet::{self as fleet, Plan, Target};

use crate::error::CliError;
use crate::sheet::{self, Choice, Sheet};

pub(crate) enum Input {
    Sheet(Sheet),
    Plan(Plan),
}

impl Input {
    pub(crate) fn read(path: &str, choice: Choice) -> Result<Self, CliError> {
        let text = sheet::read_text(path)?;
        if !text.trim_start().starts_with('{') {
            return sheet::read(path, &text, choice).map(Self::Sheet);
        }
        serde_json::from_str(&text).map(Self::Plan).map_err(|error| {
            let next = "write the plan again with `pc-budgets plan --output json`; nothing was sent";
            CliError::usage(format_args!("{path} is not a plan that can be applied"), error, next)
        })
    }

    /// The plan in the journal, which must be one of this file.
    ///
    /// Planning a sheet again would not find the changes that an earlier run has made.
    pub(crate) fn journaled_plan(&self, path: &str, journal: &Path) -> Result<Plan, CliError> {
        let journal_shown = journal.display();
        let Some(plan) = fleet::journaled_plan(journal).map_err(CliError::before_start)? else {
            let why = format_args!("{journal_shown} is missing or empty");
            return Err(CliError::usage(
                "there is nothing to resume",
                why,
                "check --journal, or leave out --resume to begin",
            ));
        };
        let is_same = match self {
            Self::Plan(own) => own.fingerprint() == plan.fingerprint(),
            Self::Sheet(sheet) => {
                let own = sheet.budgets.iter().map(|row| (row.customer, row.target));
                let journaled =
                    plan.entries().iter().flat_map(|entry| entry.rows.iter().map(|row| (entry.customer, row.target)));
                own.collect::<BTreeMap<CustomerId, Target>>() == journaled.collect()
            }
        };
        if is_same {
            return Ok(plan);
        }
        Err(CliError::usage(
            format_args!("the journal {journal_shown} is of another plan"),
            format_args!("the budgets in {path} differ from those of the run that wrote it"),
            "restore the file, or begin again with another --journal; nothing was sent",
        ))
    }
}
