//! What is to be applied.

use std::collections::BTreeMap;
use std::path::Path;

use partner_center_budgets::CustomerId;
use partner_center_budgets_fleet::{self as fleet, Plan, Target};

use crate::failure::Told;
use crate::sheet::{self, Choice, Sheet};

pub(super) enum Source {
    Sheet(Sheet),
    Plan(Plan),
}

impl Source {
    /// Reads a sheet or a plan, whichever it is.
    pub(super) fn read(path: &str, choice: Choice) -> Result<Self, Told> {
        let text = sheet::text(path)?;
        if !text.trim_start().starts_with('{') {
            return sheet::read(path, &text, choice).map(Self::Sheet);
        }
        serde_json::from_str(&text).map(Self::Plan).map_err(|error| {
            let next = "make it again with `pc-budgets plan --output json`; nothing was sent";
            Told::usage(Told::lines(format_args!("{path} is no plan that can be applied"), error, next))
        })
    }

    /// The plan in the journal, where it is one of this file.
    ///
    /// A sheet cannot be planned again for that: what an earlier run has changed would be no change any more.
    pub(super) fn journaled(&self, path: &str, journal: &Path) -> Result<Plan, Told> {
        let shown = journal.display();
        let Some(plan) = fleet::journaled_plan(journal).map_err(Told::unbegun)? else {
            let why = format_args!("{shown} is not there, or has nothing in it yet");
            let next = "check --journal, or leave out --resume to begin";
            return Err(Told::usage(Told::lines("there is nothing to resume", why, next)));
        };
        let is_same = match self {
            Self::Plan(own) => own.fingerprint() == plan.fingerprint(),
            Self::Sheet(sheet) => {
                let own = sheet.wishes.iter().map(|wish| (wish.customer, wish.target));
                let journaled =
                    plan.entries().iter().flat_map(|entry| entry.rows.iter().map(|row| (entry.customer, row.target)));
                own.collect::<BTreeMap<CustomerId, Target>>() == journaled.collect()
            }
        };
        if is_same {
            return Ok(plan);
        }
        Err(Told::usage(Told::lines(
            format_args!("the journal {shown} is of another plan"),
            format_args!("{path} wants other budgets than the run that wrote it"),
            "go on with the file as it was, or begin anew with another --journal; nothing was sent",
        )))
    }
}
