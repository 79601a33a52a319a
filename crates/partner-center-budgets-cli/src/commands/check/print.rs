//! The formats of `check`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::{DateTime, FixedOffset, SubsecRound, Utc};
use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::BudgetStatus;
use schemars::JsonSchema;
use serde::Serialize;

use super::checked::Checked;
use super::prometheus;
use crate::commands::usage::columns::{self, COLUMNS, Column, SelectedRow, UsageRow};
use crate::output::format::{Output, OutputFormat};
use crate::output::markdown;
use crate::output::number::normalized;
use crate::output::records;

/// The version of the JSON.
const VERSION: u32 = 1;

pub(super) fn print(checked: &Checked<'_>, output: Output) -> anyhow::Result<()> {
    let (all, shown) = (COLUMNS.iter().collect::<Vec<_>>(), columns::selected(&columns::PROJECTED));
    match output {
        Output::Prometheus => Ok(prometheus::write(checked)?),
        Output::Records(OutputFormat::Json) => records::json(&CheckRecord::new(checked, &all)),
        Output::Records(OutputFormat::Markdown) => {
            writeln!(io::stdout(), "{}", heading(checked))?;
            match checked.attention() {
                [] => Ok(()),
                rows => Ok(columns::table(&shown, rows).print_markdown()?),
            }
        }
        Output::Records(OutputFormat::Table) => match checked.attention() {
            [] => Ok(()),
            rows => Ok(columns::table(&shown, rows).print()?),
        },
        Output::Records(format) => columns::write(format, &all, checked.attention()),
    }
}

fn heading(checked: &Checked<'_>) -> String {
    let mut meanings = vec![
        format!("Over: {} % of the budget or more.", normalized(checked.thresholds.over)),
        format!("Near: {} % or more.", normalized(checked.thresholds.near)),
    ];
    if checked.shown_statuses().any(|status| status == BudgetStatus::TrendingOver) {
        meanings.push("Trending over: will be over before the billing period ends, at the present pace.".to_owned());
    }
    if let Some(figures_of) = checked.figures_of {
        meanings.push(format!("Figures of {}.", figures_of.format("%Y-%m-%d %H:%M UTC%:z")));
    }
    format!("## Azure budgets: {}\n\n{}\n", markdown::escaped(&checked.headline()), meanings.join(" "))
}

/// The JSON of `check`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CheckRecord<'a> {
    /// The version of this format. It changes if a property is removed or gets another meaning.
    version: u32,
    checked_at: DateTime<Utc>,
    /// When the service last updated the newest figures.
    figures_of: Option<DateTime<FixedOffset>>,
    /// The percentage of --over.
    over: Decimal,
    /// The percentage of --near.
    near: Decimal,
    /// The number of customers with Azure usage.
    customers: usize,
    /// The number of customers with each status. A customer near its budget that is trending over counts for both.
    counts: BTreeMap<&'static str, usize>,
    /// The customers that need attention.
    #[schemars(with = "Vec<UsageRow>")]
    attention: Vec<SelectedRow<'a>>,
}

impl<'a> CheckRecord<'a> {
    fn new(checked: &'a Checked<'_>, columns: &'a [&'static Column]) -> Self {
        Self {
            version: VERSION,
            checked_at: checked.at.trunc_subsecs(0),
            figures_of: checked.figures_of,
            over: checked.thresholds.over,
            near: checked.thresholds.near,
            customers: checked.customers(),
            counts: BudgetStatus::ALL.map(|status| (status.as_str(), checked.count(status))).into(),
            attention: checked.attention().iter().map(|row| SelectedRow { row, columns }).collect(),
        }
    }
}
