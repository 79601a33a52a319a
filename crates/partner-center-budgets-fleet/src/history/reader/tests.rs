use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use super::*;
use crate::history::{DayWriter, HistoryFolder};

fn day() -> NaiveDate {
    "2026-11-27".parse().unwrap()
}

fn gzip(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_ref()).unwrap();
    encoder.finish().unwrap()
}

fn line(rest: &str) -> String {
    format!("{{\"date\":\"2026-11-27\",\"partner\":\"p\"{rest}}}\n")
}

/// The records of a file, or the error without the name of the folder.
fn read(bytes: &[u8]) -> Result<Vec<CustomerUsageRecord>, String> {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("usage-2026-11-27.ndjson.gz"), bytes).unwrap();
    let read = || HistoryFolder::new(folder.path()).open(day())?.collect::<Result<Vec<_>, _>>();
    read().map_err(|error| error.to_string().split_once(".gz").unwrap().1.to_owned())
}

fn error(bytes: &[u8]) -> String {
    let error = read(bytes).unwrap_err();
    error.strip_suffix("; restore the file from a backup, or use another day").expect(&error).to_owned()
}

#[test]
fn returns_what_was_written() {
    let number = |text: &str| text.parse().ok();
    let mut azure = CustomerUsageRecord::default();
    azure.customer_id = Some("11111111-1843-4b3b-872f-206e08a08e51".parse().unwrap());
    azure.customer_name = Some("A \"B\"\n\u{1b}ü".to_owned());
    (azure.budget, azure.total_cost) = (number("300.000000"), number("28.82860766744404945074"));
    azure.usd_total_cost = number("35.23000000000000362337");
    azure.currency = Some(partner_center_budgets::Currency::Code("GBP".to_owned()));
    azure.is_azure_plan = Some(true);
    azure.last_modified = chrono::DateTime::parse_from_rfc3339("2019-09-17T17:08:11.1433333-07:00").ok();
    let mut legacy = CustomerUsageRecord::default();
    legacy.customer_id_text = Some("no GUID".to_owned());
    legacy.currency = Some(partner_center_budgets::Currency::Locale("en-GB".to_owned()));
    let folder = TempDir::new().unwrap();
    let folder = HistoryFolder::new(folder.path().join("new"));
    let mut writer = DayWriter::new(&folder, day(), "tenant \"x\"");
    let records = [azure, legacy, CustomerUsageRecord::default()];
    records.iter().for_each(|record| writer.add(record).unwrap());
    assert_eq!(writer.count(), 3);
    assert_eq!(writer.save().unwrap(), folder.file_of(day()));
    assert_eq!(folder.days().unwrap().into_iter().collect::<Vec<_>>(), [day()]);
    let reader = folder.open(day()).unwrap();
    assert_eq!((reader.date(), reader.partner()), (Some(day()), Some("tenant \"x\"")));
    let read = reader.collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(read, records);
    assert_eq!(format!("{:?}", read[0].budget), "Some(300.000000)", "trailing zeros stay");
}

#[test]
fn reads_files_of_other_programs() {
    // Several members, as `cat` makes them, an unknown key, no line feed at the end, and a number with an exponent.
    let first = line(r#","total_cost":1.5E-7,"later":{"a":[1]}"#);
    let files = [gzip(first), gzip(line("").trim_end())].concat();
    let records = read(&files).unwrap();
    assert_eq!(records.len(), 2);
    assert_eq!(records[0].total_cost.unwrap().to_string(), "0.00000015");
    assert_eq!(read(&gzip("")).unwrap(), [], "a day without records");
}

#[test]
fn names_the_damaged_line() {
    let lines = line("").repeat(3);
    let mut other_checksum = gzip(&lines);
    let at = other_checksum.len() - 8;
    other_checksum[at] ^= 1;
    let truncated = |bytes: usize| {
        let whole = gzip(&lines);
        error(&whole[..whole.len() - bytes])
    };
    assert_eq!(error(&other_checksum), ":4 is damaged: corrupt gzip stream does not have a matching checksum");
    assert_eq!(truncated(1), ":4 is damaged: the compressed data end early");
    assert_eq!(truncated(20), ":1 is damaged: the compressed data end early");
    assert_eq!(error(b""), ":1 is damaged: the file is empty");
    assert_eq!(error(lines.as_bytes()), ":1 is damaged: it is not compressed with gzip");
    assert_eq!(error(&[gzip(&lines).as_slice(), b"another file"].concat()), ":4 is damaged: invalid gzip header");
    let bad = |bad: &str| error(&gzip(lines.clone() + bad));
    assert_eq!(bad("{\"date\":"), ":4 is damaged: EOF while parsing a value at column 8");
    assert_eq!(bad("\n"), ":4 is damaged: EOF while parsing a value at column 0");
    assert_eq!(bad("{}"), ":4 is damaged: missing field `date` at column 2");
    assert_eq!(bad(&line(r#","amount":"1""#)), ":4 is damaged: invalid type: string, expected a number at column 48");
    assert_eq!(
        bad(&line("").replace("27", "26")),
        ":4 is damaged: its date is 2026-11-26, unlike that of the first line"
    );
    assert_eq!(bad(&line("").replace("\"p\"", "\"q\"")), ":4 is damaged: it is of another partner: q");
    assert_eq!(error(&gzip(line("").replace("27", "26"))), ":1 is damaged: it is of 2026-11-26");
}

#[test]
fn refuses_decompression_bombs() {
    let read = |text: &str| {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("bomb");
        fs::write(&path, gzip(text)).unwrap();
        let limits = Limits { line: 100, text: 1000, records: 20 };
        DayReader::open_with(&path, limits)?.try_fold(0, |count, record| record.map(|_| count + 1))
    };
    let error = |text: &str| {
        let error = read(text).unwrap_err();
        error.what().split_once("bomb").unwrap().1.to_owned() + ": " + &error.why().unwrap()
    };
    let padded = |length: usize| format!("{:length$}\n", line("").trim_end());
    assert_eq!(read(&padded(100)).unwrap(), 1);
    assert_eq!(error(&padded(101)), ":1 is damaged: its length in bytes exceeds 100");
    assert_eq!(error(&padded(60_000)), ":1 is damaged: its length in bytes exceeds 100");
    assert_eq!(read(&padded(99).repeat(10)).unwrap(), 10);
    assert_eq!(error(&padded(100).repeat(10)), ":10 is damaged: the decompressed size in bytes exceeds 1000");
    assert_eq!(read(&line("").repeat(20)).unwrap(), 20);
    assert_eq!(error(&line("").repeat(21)), ":21 is damaged: the number of records exceeds 20");
}

#[test]
fn opens_regular_files_only() {
    let folder = TempDir::new().unwrap();
    let error = |path: &Path| DayReader::open(path).err().unwrap().to_string();
    assert!(error(folder.path()).ends_with(" is not a regular file; name a file that was recorded"));
    assert!(error(&folder.path().join("none")).starts_with("cannot read "));
}

#[test]
fn finds_days_by_the_names_of_files() {
    let folder = TempDir::new().unwrap();
    for name in ["usage-2026-11-27.ndjson.gz", "usage-2026-1-7.ndjson.gz", "usage-+2026-01-07.ndjson.gz", "notes"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    assert_eq!(HistoryFolder::new(folder.path()).days().unwrap().into_iter().collect::<Vec<_>>(), [day()]);
    assert!(HistoryFolder::new(folder.path().join("none")).days().unwrap().is_empty());
}
