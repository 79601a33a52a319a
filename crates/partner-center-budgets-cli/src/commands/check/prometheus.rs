//! The figures of all customers in the text format of Prometheus, for a textfile collector.

use std::io::{self, Write};

use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::BudgetStatus;

use super::checked::Checked;
use crate::commands::usage::columns::UsageRow;
use crate::output::number::to_cents;

struct Metric {
    name: &'static str,
    help: &'static str,
    value: fn(&UsageRow) -> Option<Decimal>,
}

const METRICS: [Metric; 4] = [
    Metric { name: "budget", help: "Budget of the customer, in its currency.", value: |row| row.budget },
    Metric { name: "cost", help: "Cost so far in the billing period, in the same currency.", value: |row| row.cost },
    Metric {
        name: "used_percent",
        help: "Cost in percent of the budget.",
        value: |row| row.share.and_then(|share| share.percent),
    },
    Metric {
        name: "projected_cost",
        help: "Cost at the end of the billing period, at the present pace.",
        value: |row| row.projection.and_then(|projection| projection.cost).map(to_cents),
    },
];

pub(super) fn write(checked: &Checked<'_>) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let all = checked.all.as_deref().unwrap_or_default();
    for Metric { name, help, value } in &METRICS {
        head(&mut out, name, help)?;
        for (row, value) in all.iter().filter_map(|(row, _)| Some((row, value(row)?))) {
            writeln!(out, "pc_budgets_{name}{{{}}} {value}", labels(row))?;
        }
    }
    head(&mut out, "figures_age_seconds", "Time since the service last updated the customer's figures.")?;
    for (row, updated) in all.iter().filter_map(|(row, updated)| Some((row, (*updated)?))) {
        let age = (checked.at - updated.to_utc()).num_seconds();
        writeln!(out, "pc_budgets_figures_age_seconds{{{}}} {age}", labels(row))?;
    }
    head(&mut out, "customers", "Number of customers with this status.")?;
    for status in BudgetStatus::ALL {
        writeln!(out, "pc_budgets_customers{{status=\"{status}\"}} {}", checked.count(status))?;
    }
    head(&mut out, "checked_timestamp_seconds", "Time of this check, in seconds since 1970.")?;
    writeln!(out, "pc_budgets_checked_timestamp_seconds {}", checked.at.timestamp())?;
    out.flush()
}

fn head(out: &mut impl Write, name: &str, help: &str) -> io::Result<()> {
    writeln!(out, "# HELP pc_budgets_{name} {help}\n# TYPE pc_budgets_{name} gauge")
}

fn labels(row: &UsageRow) -> String {
    let label = |name: &str, value: &str| format!("{name}=\"{}\"", escaped(value));
    [
        label("customer", row.customer.as_deref().unwrap_or_default()),
        label("name", row.name.as_deref().unwrap_or_default()),
        label("currency", row.currency_or_locale()),
    ]
    .join(",")
}

fn escaped(value: &str) -> String {
    value.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_label_values() {
        let row =
            UsageRow { name: Some("a\"b\\c\nd".to_owned()), currency: Some("EUR".to_owned()), ..UsageRow::default() };
        assert_eq!(labels(&row), r#"customer="",name="a\"b\\c\nd",currency="EUR""#);
    }
}
