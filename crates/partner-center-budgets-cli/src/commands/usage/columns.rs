//! The columns of a customer's usage: one definition for all formats of `usage` and `check`.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;
use partner_center_budgets::{CustomerId, CustomerUsageRecord, Decimal};
use partner_center_budgets_fleet::{Assessment, BudgetStatus, Pace, Projection};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::output::format::OutputFormat;
use crate::output::number::{exact, rounded, to_cents};
use crate::output::records::{self, RecordWriter};
use crate::output::share::Share;
use crate::output::table::{Align, Table};
use crate::values::{code_and_locale, id_or_text};

/// The usage of one customer.
#[derive(Debug, Default)]
pub(crate) struct UsageRow {
    pub(crate) customer: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) budget: Option<Decimal>,
    pub(crate) cost: Option<Decimal>,
    pub(crate) currency: Option<String>,
    pub(crate) currency_locale: Option<String>,
    pub(crate) status: Option<BudgetStatus>,
    pub(crate) projection: Option<Projection>,
    pub(crate) share: Option<Share>,
}

/// The meaning of a column, which decides how people see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    Id,
    Name,
    /// An amount that is shown with all its digits.
    ExactAmount,
    /// An amount that is rounded for people.
    RoundedAmount,
    /// People see a locale in the same column.
    Currency,
    Text,
    /// The share has the same meaning, so people can do without it on a narrow terminal.
    Status,
    Percent,
}

pub(crate) struct Column {
    /// Key in JSON and header in CSV.
    pub(crate) name: &'static str,
    /// Header in tables.
    header: &'static str,
    pub(crate) kind: ColumnKind,
    value: fn(&UsageRow) -> Value<'_>,
}

macro_rules! column {
    ($name:ident: $kind:ident, $header:literal, $value:expr) => {
        Column { name: stringify!($name), header: $header, kind: ColumnKind::$kind, value: $value }
    };
}

pub(crate) static COLUMNS: [Column; 11] = [
    column!(customer: Id, "customer", |row| text(&row.customer)),
    column!(name: Name, "name", |row| text(&row.name)),
    column!(amount: ExactAmount, "budget", |row| Value::Number(row.budget)),
    column!(total_cost: RoundedAmount, "cost", |row| Value::Number(row.cost)),
    column!(currency: Currency, "currency", |row| text(&row.currency)),
    column!(currency_locale: Text, "locale", |row| text(&row.currency_locale)),
    column!(projected_cost: RoundedAmount, "projected", |row| Value::Number(
        row.projection.and_then(|projection| projection.cost).map(to_cents)
    )),
    column!(over_on: Text, "over on", |row| Value::Date(row.projection.and_then(|projection| projection.over_on))),
    column!(projected_from: Text, "projected from", |row| Value::Text(
        row.projection.map(|projection| basis(projection.pace).into())
    )),
    column!(status: Status, "status", |row| Value::Text(row.status.map(|status| status.as_str().into()))),
    column!(percent_used: Percent, "% used", |row| Value::Number(row.share.and_then(|share| share.percent))),
];

/// The days whose pace a projection continues.
fn basis(pace: Pace) -> &'static str {
    match pace {
        Pace::Recent(_) => "last-7-days",
        _ => "period",
    }
}

/// The columns of the table of `usage`.
pub(super) const SHOWN: [&str; 7] = ["customer", "name", "amount", "total_cost", "currency", "status", "percent_used"];

/// The columns of tables with projected costs.
pub(crate) const PROJECTED: [&str; 9] =
    ["customer", "name", "amount", "total_cost", "currency", "projected_cost", "over_on", "status", "percent_used"];

/// The columns with these names, in this order.
pub(crate) fn selected(names: &[&str]) -> Vec<&'static Column> {
    names.iter().filter_map(|name| COLUMNS.iter().find(|column| column.name == *name)).collect()
}

/// Parses the name of a column in JSON and CSV.
pub(super) fn column(name: &str) -> Result<&'static Column, String> {
    COLUMNS.iter().find(|column| column.name == name).ok_or_else(|| {
        let names: Vec<_> = COLUMNS.iter().map(|column| column.name).collect();
        format!("no such column; the columns are {}", names.join(", "))
    })
}

/// A value for programs.
#[derive(Serialize)]
#[serde(untagged)]
enum Value<'a> {
    Text(Option<Cow<'a, str>>),
    Number(Option<Decimal>),
    Date(Option<NaiveDate>),
}

fn text(text: &Option<String>) -> Value<'_> {
    Value::Text(text.as_deref().map(Cow::Borrowed))
}

impl Value<'_> {
    /// The text for programs, with all digits. `None` if there is no value.
    fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => text.map(Cow::into_owned),
            Self::Number(number) => number.map(|number| number.to_string()),
            Self::Date(date) => date.map(|date| date.to_string()),
        }
    }
}

impl fmt::Debug for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Column {
    fn schema(&self) -> Schema {
        match (self.value)(&UsageRow::default()) {
            Value::Text(_) => json_schema!({ "type": ["string", "null"] }),
            Value::Number(_) => json_schema!({ "type": ["number", "null"] }),
            Value::Date(_) => json_schema!({ "type": ["string", "null"], "format": "date" }),
        }
    }

    fn align(&self) -> Align {
        match self.kind {
            ColumnKind::Id => Align::Id,
            ColumnKind::Name => Align::Truncated,
            ColumnKind::ExactAmount | ColumnKind::RoundedAmount | ColumnKind::Percent => Align::Decimal,
            ColumnKind::Currency | ColumnKind::Text => Align::Left,
            ColumnKind::Status => Align::Expendable,
        }
    }

    /// The number as people see it. `None` if there is none, and in columns of text.
    pub(crate) fn number(&self, row: &UsageRow) -> Option<String> {
        match (self.kind, (self.value)(row)) {
            (ColumnKind::ExactAmount, Value::Number(number)) => number.map(exact),
            (_, Value::Number(number)) => number.map(rounded),
            (_, Value::Text(_) | Value::Date(_)) => None,
        }
    }

    fn cell(&self, row: &UsageRow) -> String {
        match (self.kind, (self.value)(row)) {
            (ColumnKind::Currency, _) => row.currency_or_locale().to_owned(),
            (_, Value::Number(_)) => self.number(row).unwrap_or_else(|| "-".to_owned()),
            (_, value) => value.into_text().unwrap_or_default(),
        }
    }
}

impl UsageRow {
    pub(crate) fn new(record: CustomerUsageRecord, assessment: &Assessment) -> Self {
        let share = Share::of(&record, assessment.status);
        let (currency, currency_locale) = code_and_locale(record.currency);
        Self {
            customer: id_or_text(record.customer_id, record.customer_id_text),
            name: record.customer_name,
            budget: record.budget,
            cost: record.total_cost,
            currency,
            currency_locale,
            status: Some(assessment.status),
            projection: assessment.projection,
            share,
        }
    }

    /// A customer without Azure usage.
    pub(super) fn without_usage(customer: CustomerId, name: Option<String>, budget: Option<Decimal>) -> Self {
        let status = if budget.is_some() { BudgetStatus::Ok } else { BudgetStatus::NoBudget };
        Self { customer: Some(customer.to_string()), name, budget, status: Some(status), ..Self::default() }
    }

    pub(crate) fn currency_or_locale(&self) -> &str {
        self.currency.as_deref().or(self.currency_locale.as_deref()).unwrap_or_default()
    }
}

impl JsonSchema for UsageRow {
    fn schema_name() -> Cow<'static, str> {
        "Usage".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let columns = COLUMNS.iter().map(|column| (column.name.to_owned(), column.schema().to_value()));
        json_schema!({ "type": "object", "properties": serde_json::Map::from_iter(columns) })
    }
}

/// The usage of one customer in some of the columns.
pub(crate) struct SelectedRow<'a> {
    pub(crate) row: &'a UsageRow,
    pub(crate) columns: &'a [&'static Column],
}

impl Serialize for SelectedRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.columns.iter().map(|column| (column.name, (column.value)(self.row))))
    }
}

impl SelectedRow<'_> {
    /// The cells of CSV.
    pub(crate) fn cells(&self) -> Vec<String> {
        self.columns.iter().map(|column| (column.value)(self.row).into_text().unwrap_or_default()).collect()
    }
}

pub(crate) fn table<'a>(columns: &[&'static Column], rows: impl IntoIterator<Item = &'a UsageRow>) -> Table {
    let mut table = Table::new(columns.iter().map(|column| (column.header, column.align())));
    let has_bar = columns.last().is_some_and(|column| column.kind == ColumnKind::Percent);
    for row in rows {
        table.row_with_share(columns.iter().map(|column| column.cell(row)), row.share.filter(|_| has_bar));
    }
    table
}

/// Writes rows in a format for programs.
pub(crate) fn write<'a>(
    format: OutputFormat,
    columns: &[&'static Column],
    rows: impl IntoIterator<Item = &'a UsageRow>,
) -> anyhow::Result<()> {
    let rows = rows.into_iter().map(|row| SelectedRow { row, columns });
    let Some(mut out) = RecordWriter::with_headers(format, &headers(columns))? else {
        return records::json(&rows.collect::<Vec<_>>());
    };
    for row in rows {
        out.write_cells(&row, || row.cells())?;
    }
    Ok(out.flush()?)
}

/// The headers of CSV.
pub(crate) fn headers(columns: &[&'static Column]) -> Vec<&'static str> {
    columns.iter().map(|column| column.name).collect()
}
