//! The formats of `check`.

use std::io::{self, Write};

use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::BudgetStatus;
use serde::Serialize;
use serde::ser::SerializeMap;

use super::checked::Checked;
use super::prometheus;
use crate::commands::usage::columns::{self, COLUMNS, Column, SelectedRow};
use crate::output::format::{Output, OutputFormat};
use crate::output::markdown;
use crate::output::records;

/// The version of the JSON.
const VERSION: u32 = 1;

pub(super) fn print(checked: &Checked<'_>, output: Output) -> anyhow::Result<()> {
    let (all, shown) = (COLUMNS.iter().collect::<Vec<_>>(), columns::selected(&columns::PROJECTED));
    match output {
        Output::Prometheus => Ok(prometheus::write(checked)?),
        Output::Records(OutputFormat::Json) => records::json(&CheckRecord { checked, columns: &all }),
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
    let plain = |percent: Decimal| rust_decimal::Decimal::from(percent).normalize().to_string();
    let mut meanings = vec![
        format!("Over: {} % of the budget or more.", plain(checked.thresholds.over)),
        format!("Near: {} % or more.", plain(checked.thresholds.near)),
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
struct CheckRecord<'a> {
    checked: &'a Checked<'a>,
    columns: &'a [&'static Column],
}

impl Serialize for CheckRecord<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { checked, columns } = *self;
        let counts = BudgetStatus::ALL.map(|status| (status.as_str(), checked.count(status)));
        let attention: Vec<_> = checked.attention().iter().map(|row| SelectedRow { row, columns }).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("version", &VERSION)?;
        map.serialize_entry("checked_at", &checked.at.format("%Y-%m-%dT%H:%M:%SZ").to_string())?;
        map.serialize_entry("figures_of", &checked.figures_of.map(|date| date.to_rfc3339()))?;
        map.serialize_entry("over", &checked.thresholds.over)?;
        map.serialize_entry("near", &checked.thresholds.near)?;
        map.serialize_entry("customers", &checked.customers())?;
        map.serialize_entry("counts", &Counts(&counts))?;
        map.serialize_entry("attention", &attention)?;
        map.end()
    }
}

struct Counts<'a>(&'a [(&'static str, usize)]);

impl Serialize for Counts<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}
