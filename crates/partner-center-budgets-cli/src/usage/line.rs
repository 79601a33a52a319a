//! One customer's usage, as programs and people read it.

use partner_center_budgets::{Currency, CustomerUsageRecord, Decimal};
use serde::Serialize;

use crate::lists::shown;
use crate::output::{exact, rounded};
use crate::rows::{self, Row};
use crate::share::Share;
use crate::table::{Align, Table};

/// One customer's usage, as programs read it.
#[derive(Default, Serialize)]
pub(super) struct UsageLine {
    pub(super) customer: Option<String>,
    pub(super) name: Option<String>,
    pub(super) amount: Option<Decimal>,
    pub(super) total_cost: Option<Decimal>,
    currency: Option<String>,
    /// What the service tells instead of a currency for legacy offers.
    currency_locale: Option<String>,
    /// Rounded down, see [`Share`].
    percent_used: Option<Decimal>,
    #[serde(skip)]
    pub(super) share: Option<Share>,
}

impl From<CustomerUsageRecord> for UsageLine {
    fn from(record: CustomerUsageRecord) -> Self {
        let share = Share::of(&record);
        let (currency, currency_locale) = match record.currency {
            Some(Currency::Locale(locale)) => (None, Some(locale)),
            Some(Currency::Code(code)) => (Some(code), None),
            other => (other.map(|currency| currency.to_string()), None),
        };
        Self {
            customer: shown(record.customer_id, record.customer_id_text),
            name: record.customer_name,
            amount: record.budget,
            total_cost: record.total_cost,
            currency,
            currency_locale,
            percent_used: share.and_then(|share| share.percent),
            share,
        }
    }
}

impl Row for UsageLine {
    const HEADS: &'static [&'static str] =
        &["customer", "name", "amount", "total_cost", "currency", "currency_locale", "percent_used"];

    fn cells(&self) -> Vec<String> {
        vec![
            rows::text(&self.customer),
            rows::text(&self.name),
            rows::number(self.amount),
            rows::number(self.total_cost),
            rows::text(&self.currency),
            rows::text(&self.currency_locale),
            rows::number(self.percent_used),
        ]
    }
}

pub(super) fn table(lines: Vec<UsageLine>) -> Table<6> {
    let mut table = Table::new([
        ("customer", Align::Id),
        ("name", Align::Cut),
        ("budget", Align::Point),
        ("cost", Align::Point),
        ("currency", Align::Left),
        ("% used", Align::Point),
    ]);
    for line in lines {
        let number = |value: Option<Decimal>, write: fn(Decimal) -> String| value.map_or_else(|| "-".to_owned(), write);
        let cells = [
            line.customer.unwrap_or_default(),
            line.name.unwrap_or_default(),
            number(line.amount, exact),
            number(line.total_cost, rounded),
            line.currency.or(line.currency_locale).unwrap_or_default(),
            number(line.percent_used, rounded),
        ];
        table.row_used(cells, line.share);
    }
    table
}
