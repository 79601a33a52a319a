//! The columns of a customer's usage: one definition for all formats of `usage` and for the report.

use std::borrow::Cow;

use partner_center_budgets::{CustomerUsageRecord, Decimal};
use serde::{Serialize, Serializer};

use crate::output::number::{exact, rounded};
use crate::output::records::Record;
use crate::output::share::{Rank, Share};
use crate::output::table::{Align, Table};
use crate::values::{code_and_locale, id_or_text};

/// The usage of one customer.
#[derive(Debug, Default)]
pub(crate) struct UsageRow {
    pub(crate) customer: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) budget: Option<Decimal>,
    pub(crate) cost: Option<Decimal>,
    currency: Option<String>,
    currency_locale: Option<String>,
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
    /// Programs get the locale in a separate column.
    Locale,
    Percent,
}

pub(crate) struct Column {
    /// Key in JSON and header in CSV.
    pub(crate) name: &'static str,
    /// Header in tables.
    header: &'static str,
    /// Header in the report.
    pub(crate) title: &'static str,
    pub(crate) kind: ColumnKind,
    value: fn(&UsageRow) -> Value<'_>,
}

pub(crate) const COLUMNS: [Column; 7] = [
    Column {
        name: "customer",
        header: "customer",
        title: "Customer",
        kind: ColumnKind::Id,
        value: |row| text(&row.customer),
    },
    Column { name: "name", header: "name", title: "Name", kind: ColumnKind::Name, value: |row| text(&row.name) },
    Column {
        name: "amount",
        header: "budget",
        title: "Budget",
        kind: ColumnKind::ExactAmount,
        value: |row| Value::Number(row.budget),
    },
    Column {
        name: "total_cost",
        header: "cost",
        title: "Cost so far",
        kind: ColumnKind::RoundedAmount,
        value: |row| Value::Number(row.cost),
    },
    Column {
        name: "currency",
        header: "currency",
        title: "Currency",
        kind: ColumnKind::Currency,
        value: |row| text(&row.currency),
    },
    Column {
        name: "currency_locale",
        header: "locale",
        title: "Locale",
        kind: ColumnKind::Locale,
        value: |row| text(&row.currency_locale),
    },
    Column {
        name: "percent_used",
        header: "% used",
        title: "Used",
        kind: ColumnKind::Percent,
        value: |row| Value::Number(row.share.and_then(|share| share.percent)),
    },
];

/// The columns that people see.
pub(crate) fn shown() -> impl Iterator<Item = &'static Column> {
    COLUMNS.iter().filter(|column| column.kind != ColumnKind::Locale)
}

/// A value for programs.
#[derive(Serialize)]
#[serde(untagged)]
enum Value<'a> {
    Text(Option<Cow<'a, str>>),
    Number(Option<Decimal>),
}

fn text(text: &Option<String>) -> Value<'_> {
    Value::Text(text.as_deref().map(Cow::Borrowed))
}

impl Column {
    fn align(&self) -> Align {
        match self.kind {
            ColumnKind::Id => Align::Id,
            ColumnKind::Name => Align::Truncated,
            ColumnKind::ExactAmount | ColumnKind::RoundedAmount | ColumnKind::Percent => Align::Decimal,
            ColumnKind::Currency | ColumnKind::Locale => Align::Left,
        }
    }

    /// The number as people see it. `None` if there is none, and in columns of text.
    pub(crate) fn number(&self, row: &UsageRow) -> Option<String> {
        match (self.kind, (self.value)(row)) {
            (ColumnKind::ExactAmount, Value::Number(number)) => number.map(exact),
            (_, Value::Number(number)) => number.map(rounded),
            (_, Value::Text(_)) => None,
        }
    }

    fn cell(&self, row: &UsageRow) -> String {
        match (self.kind, (self.value)(row)) {
            (ColumnKind::Currency, _) => row.currency_or_locale().to_owned(),
            (_, Value::Text(text)) => text.unwrap_or_default().into_owned(),
            (_, Value::Number(_)) => self.number(row).unwrap_or_else(|| "-".to_owned()),
        }
    }

    /// The sort key of a column of numbers.
    pub(crate) fn rank(&self, row: &UsageRow) -> Option<Rank> {
        match (self.kind, (self.value)(row)) {
            (ColumnKind::Percent, _) => row.share.map(|share| share.rank),
            (_, Value::Number(number)) => number.map(|number| (false, false, number)),
            (_, Value::Text(_)) => None,
        }
    }
}

impl UsageRow {
    pub(crate) fn currency_or_locale(&self) -> &str {
        self.currency.as_deref().or(self.currency_locale.as_deref()).unwrap_or_default()
    }
}

impl From<CustomerUsageRecord> for UsageRow {
    fn from(record: CustomerUsageRecord) -> Self {
        let share = Share::of(&record);
        let (currency, currency_locale) = code_and_locale(record.currency);
        Self {
            customer: id_or_text(record.customer_id, record.customer_id_text),
            name: record.customer_name,
            budget: record.budget,
            cost: record.total_cost,
            currency,
            currency_locale,
            share,
        }
    }
}

impl Serialize for UsageRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(COLUMNS.iter().map(|column| (column.name, (column.value)(self))))
    }
}

impl Record for UsageRow {
    fn headers() -> Vec<&'static str> {
        COLUMNS.iter().map(|column| column.name).collect()
    }

    fn cells(&self) -> Vec<String> {
        let cell = |column: &Column| match (column.value)(self) {
            Value::Text(text) => text.unwrap_or_default().into_owned(),
            Value::Number(number) => number.map(|number| number.to_string()).unwrap_or_default(),
        };
        COLUMNS.iter().map(cell).collect()
    }
}

pub(super) fn table(rows: &[UsageRow]) -> Table {
    let mut table = Table::new(shown().map(|column| (column.header, column.align())));
    for row in rows {
        table.row_with_share(shown().map(|column| column.cell(row)), row.share);
    }
    table
}
