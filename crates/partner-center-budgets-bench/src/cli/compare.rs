//! Two recorded days of 100,000 customers.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::ensure;
use chrono::{DateTime, Datelike, NaiveDate};
use partner_center_budgets::{Currency, CustomerUsageRecord};
use partner_center_budgets_fleet::history::{DayWriter, HistoryFolder};
use uuid::Uuid;

use super::command::{pc_budgets, text};
use super::process_cost::measure_process;
use super::row::Row;
use crate::median::median;
use crate::release::Release;

const CUSTOMERS: u32 = 100_000;
const ROUNDS: usize = 7;

pub(super) fn rows(release: &Release) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let days = folder.path().join("days");
    let (old, new) = (write_day(&days, "2026-11-20".parse()?, 1)?, write_day(&days, "2026-11-27".parse()?, 501)?);
    let mut rows = Vec::new();
    for (output, least_lines) in [("table", 21), ("json", 1), ("ndjson", CUSTOMERS as usize)] {
        let words = ["compare", text(&old), text(&new), "--output", output];
        let [mut times, mut processor, mut peaks] = [const { Vec::new() }; 3];
        for _ in 0..ROUNDS {
            let began = Instant::now();
            let cost = measure_process(&mut pc_budgets(release, &words))?;
            times.push(began.elapsed().as_secs_f64());
            processor.push(cost.processor);
            peaks.push(cost.peak);
            ensure!(cost.lines >= least_lines, "{} lines", cost.lines);
        }
        rows.push(Row {
            what: format!("`compare OLD NEW --output {output}`, 100,000 customers, the whole process"),
            goal: "at most 0.6 s and 120 MiB",
            measured: format!(
                "{:.2} s ({:.2} s of processor time), {:.0} MiB",
                median(times),
                median(processor),
                median(peaks)
            ),
        });
    }
    Ok(rows)
}

/// Writes a day of the history. Each day has 500 customers that the other lacks.
fn write_day(folder: &Path, date: NaiveDate, first: u32) -> anyhow::Result<PathBuf> {
    let partner = format!("tenant {} at https://api.partnercenter.microsoft.com", Uuid::from_u128(1));
    let mut day = DayWriter::new(&HistoryFolder::new(folder), date, partner);
    for number in first..first + CUSTOMERS {
        day.add(&record(number, date)?)?;
    }
    Ok(day.save()?)
}

/// A record with as many digits as the service sends, and costs that grow with the day of the month.
fn record(number: u32, date: NaiveDate) -> anyhow::Result<CustomerUsageRecord> {
    let mut record = CustomerUsageRecord::default();
    // Scattered, because real ids are random.
    let id = u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_0C2C_46D8_4E6B);
    record.customer_id = Some(Uuid::from_u128(id).into());
    record.customer_name = Some(format!("Customer Name {number} Trading Company"));
    let digits = (id >> 68) % 10_u128.pow(18);
    let cost = format!("{}.{}{digits:018}", u64::from(date.day()) * u64::from(number % 977), number % 90 + 10);
    record.total_cost = Some(cost.parse()?);
    record.usd_total_cost = Some(cost.parse()?);
    record.budget = if number.is_multiple_of(10) { None } else { Some(format!("{}.50", number % 9000).parse()?) };
    record.is_azure_plan = (!number.is_multiple_of(3)).then_some(true);
    record.currency = Some(match number % 3 {
        0 => Currency::Locale("en-GB".to_owned()),
        1 => Currency::Code("EUR".to_owned()),
        _ => Currency::Code("USD".to_owned()),
    });
    record.last_modified = DateTime::parse_from_rfc3339(&format!("{date}T04:08:11.1433333+00:00")).ok();
    Ok(record)
}
