//! A history of the customers of a sandbox.

use std::path::Path;

use chrono::{Days, Utc};
use partner_center_budgets::{Currency, CustomerUsageRecord, Decimal};
use partner_center_budgets_fleet::history::{DayWriter, HistoryFolder};
use uuid::Uuid;

const DAYS: u64 = 30;

/// The currencies of the sandbox's customers, in turn.
const CURRENCIES: [(&str, &str); 4] = [("GBP", "en-GB"), ("EUR", "de-DE"), ("SEK", "sv-SE"), ("USD", "en-US")];

/// Writes the days before today. Each day of a customer has a cost of its own, so that the lines have many corners.
pub(super) fn write(folder: &Path, customers: u32, base_url: &str) -> anyhow::Result<()> {
    let (folder, today) = (HistoryFolder::new(folder), Utc::now().date_naive());
    let mut costs = vec![0; customers as usize];
    for age in (1..=DAYS).rev() {
        let mut day = DayWriter::new(&folder, today - Days::new(age), format!("an unknown tenant at {base_url}"));
        for (number, cost) in (1..).zip(&mut costs) {
            *cost += (u64::from(number) * 7_919 + age * age * 104_729) % 997;
            day.add(&record(number, *cost))?;
        }
        day.save()?;
    }
    Ok(())
}

/// A record of a customer. `cost` is in hundredths.
fn record(number: u32, cost: u64) -> CustomerUsageRecord {
    let (code, locale) = CURRENCIES[(number - 1) as usize % CURRENCIES.len()];
    let is_legacy = number.is_multiple_of(3);
    let mut record = CustomerUsageRecord::default();
    record.customer_id = Some(Uuid::from_u128(number.into()).into());
    record.total_cost = format!("{}.{:02}", cost / 100, cost % 100).parse::<Decimal>().ok();
    record.is_azure_plan = (!is_legacy).then_some(true);
    record.currency =
        Some(if is_legacy { Currency::Locale(locale.to_owned()) } else { Currency::Code(code.to_owned()) });
    record
}
