//! Histories for tests.

use chrono::{DateTime, NaiveDate};
use partner_center_budgets::{Currency, CustomerUsageRecord};
use tempfile::TempDir;
use uuid::Uuid;

use super::{DayWriter, HistoryFolder};

pub(super) const PARTNER: &str = "tenant contoso";

/// A folder that is deleted when dropped.
pub(super) struct History {
    pub(super) folder: HistoryFolder,
    _directory: TempDir,
}

impl History {
    pub(super) fn new() -> Self {
        let directory = TempDir::new().unwrap();
        Self { folder: HistoryFolder::new(directory.path()), _directory: directory }
    }

    /// Records a day. Each text is `customer cost budget currency`, see [`record`].
    pub(super) fn record(&self, day: &str, records: &[&str]) {
        let mut writer = DayWriter::new(&self.folder, date(day), PARTNER);
        records.iter().for_each(|text| writer.add(&record(day, text)).unwrap());
        writer.save().unwrap();
    }
}

pub(super) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A record from `customer cost budget currency`; `-` is no value. A locale makes it a legacy offer. The figures are of the
/// evening before.
pub(super) fn record(day: &str, text: &str) -> CustomerUsageRecord {
    let parts: Vec<_> = text.split(' ').collect();
    let [customer, cost, budget, currency] = parts[..] else { panic!("{text}") };
    let mut record = CustomerUsageRecord::default();
    match customer.parse() {
        Ok(number) => record.customer_id = Some(Uuid::from_u128(number).into()),
        Err(_) => record.customer_id_text = Some(customer.to_owned()).filter(|text| text != "-"),
    }
    record.customer_name = Some(format!("Customer {customer}"));
    (record.total_cost, record.budget) = (cost.parse().ok(), budget.parse().ok());
    record.currency = match currency {
        "-" => None,
        locale if locale.contains('-') => Some(Currency::Locale(locale.to_owned())),
        code => Some(Currency::Code(code.to_owned())),
    };
    let evening = date(day).pred_opt().unwrap();
    record.last_modified = DateTime::parse_from_rfc3339(&format!("{evening}T20:00:00Z")).ok();
    record
}
