//! Histories with given records.

use std::fs;

use chrono::{DateTime, Days, NaiveDate, Utc};
use partner_center_budgets::{Currency, CustomerUsageRecord};
use partner_center_budgets_fleet::history::{DayWriter, HistoryFolder};

use crate::scratch::{Scratch, id};
use crate::shown;

pub(crate) const PARTNER: &str = "the temporary sandbox";

/// A folder `history` of the partner of `--sandbox`.
pub(crate) struct Recorded {
    pub(crate) scratch: Scratch,
    pub(crate) folder: HistoryFolder,
}

impl Recorded {
    pub(crate) fn new() -> Self {
        let scratch = Scratch::new();
        let folder = HistoryFolder::new(scratch.0.join("history"));
        Self { scratch, folder }
    }

    /// Records a day. Each text is `customer cost budget currency`; `-` is no value.
    pub(crate) fn record(&self, day: &str, records: &[&str]) {
        self.record_of(PARTNER, day.parse().unwrap(), records);
    }

    pub(crate) fn record_of(&self, partner: &str, date: NaiveDate, records: &[&str]) {
        self.record_figures_of(partner, date, date.pred_opt().unwrap(), records);
    }

    /// Records the day `age` days ago, with figures as many days older than those of the sandbox. So no month begins between
    /// both, whatever the day on which the test runs.
    pub(crate) fn record_ago(&self, partner: &str, age: u64, records: &[&str]) {
        let [date, figures] =
            [Utc::now().date_naive(), "2019-09-17".parse().unwrap()].map(|day: NaiveDate| day - Days::new(age));
        self.record_figures_of(partner, date, figures, records);
    }

    fn record_figures_of(&self, partner: &str, date: NaiveDate, figures: NaiveDate, records: &[&str]) {
        let mut writer = DayWriter::new(&self.folder, date, partner);
        records.iter().for_each(|text| writer.add(&record(figures, text)).unwrap());
        writer.save().unwrap();
    }

    /// Cuts the end off the file of a day.
    pub(crate) fn damage(&self, day: &str) {
        let path = self.folder.file_of(day.parse().unwrap());
        let mut bytes = fs::read(&path).unwrap();
        bytes.truncate(bytes.len() - 3);
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn compare(&self, arguments: &[&str]) -> String {
        shown(&self.scratch.run(&[&["--sandbox", "compare", "--dir", "history"], arguments].concat()))
    }
}

fn record(figures: NaiveDate, text: &str) -> CustomerUsageRecord {
    let parts: Vec<_> = text.split(' ').collect();
    let [customer, cost, budget, currency] = parts[..] else { panic!("{text}") };
    let mut record = CustomerUsageRecord::default();
    let number = customer.parse();
    record.customer_id = number.ok().map(|number| id(number).parse().unwrap());
    record.customer_name = Some(format!("Customer {customer}"));
    (record.total_cost, record.budget) = (cost.parse().ok(), budget.parse().ok());
    let currency_text = Some(currency.to_owned()).filter(|currency| currency != "-");
    record.currency = currency_text.map(|text| match text.contains('-') {
        true => Currency::Locale(text),
        false => Currency::Code(text),
    });
    let evening = format!("{figures}T20:00:00Z");
    record.last_modified = DateTime::parse_from_rfc3339(&evening).ok();
    record
}
