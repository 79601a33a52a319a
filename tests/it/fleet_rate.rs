//! The learned rate, which the journal stores for the next run.

use std::fs;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::{Client, Rate};
use partner_center_budgets_fleet::{ApplyOptions, apply};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::fleet_fixture::{FleetFixture, client};
use crate::scripted_server::short_waits;

/// A rate record, written so many seconds ago.
fn rate_line(ago: u64, rate: &str) -> String {
    let at = DateTime::<Utc>::from(SystemTime::now() - Duration::from_secs(ago));
    format!("{{\"at\":\"{}\",\"rate\":{rate}}}\n", at.to_rfc3339())
}

const KNOWN: &str = r#"{"per_second":123.5,"burst":10,"evidence_seconds":30}"#;

/// The journal with more lines. Each ends with the first 128 bits of a SHA-256 over its position and its text, each after
/// its length.
fn with_lines(journal: &str, lines: &str) -> String {
    let mut journal = journal.to_owned();
    for line in lines.lines() {
        let open = line.strip_suffix('}').unwrap();
        let position = (journal.len() as u64).to_le_bytes();
        let length = |bytes: &[u8]| (bytes.len() as u64).to_le_bytes();
        let parts = [&length(&position)[..], &position, &length(open.as_bytes()), open.as_bytes()];
        let sum: String = Sha256::digest(parts.concat()).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        journal += &format!("{open},\"sum\":\"{sum}\"}}\n");
    }
    journal
}

fn append(fixture: &FleetFixture, lines: &str) {
    let journal = fs::read_to_string(fixture.journal()).unwrap();
    fs::write(fixture.journal(), with_lines(&journal, lines)).unwrap();
}

fn fresh(fixture: &FleetFixture) -> Client {
    client(&fixture.sandbox, FixedToken::new("sandbox"), short_waits())
}

/// The rate that a client takes from a journal in which everything is done, so that it makes no call.
async fn learned_from(fixture: &FleetFixture, client: &Client) -> Option<Rate> {
    let calls = fixture.sandbox.counters().calls;
    assert!(apply(client, &fixture.plan, fixture.journal(), ApplyOptions::new()).await.unwrap().is_complete());
    assert_eq!(fixture.sandbox.counters().calls, calls);
    client.learned_rate()
}

fn rates(fixture: &FleetFixture) -> Vec<Value> {
    let journal = fs::read_to_string(fixture.journal()).unwrap();
    let lines = journal.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line.get("rate").is_some()).collect()
}

#[tokio::test]
async fn the_next_run_starts_with_the_learned_rate() {
    let fixture = FleetFixture::new(300).await;
    fixture.sandbox.set_throttles(vec!["bucket:rate=150,burst=20".parse().unwrap()]);
    let first = fresh(&fixture);
    assert!(apply(&first, &fixture.plan, fixture.journal(), ApplyOptions::new()).await.unwrap().is_complete());
    let rates = rates(&fixture);
    let recorded = rates.last().expect("a rate is recorded")["rate"]["per_second"].as_f64().unwrap();
    assert!((50.0..450.0).contains(&recorded), "{recorded}");
    assert!(rates.len() < 10, "only changes are recorded: {}", rates.len());
    let second = fresh(&fixture);
    assert_eq!(learned_from(&fixture, &second).await.map(|rate| rate.per_second), Some(recorded));
    fixture.assert_done().await;
}

#[tokio::test]
async fn restores_the_last_rate_unless_it_is_old_or_discarded() {
    let fixture = FleetFixture::new(3).await;
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    let whole = fs::read_to_string(fixture.journal()).unwrap();
    for (lines, expected) in [
        (rate_line(1, KNOWN), Some(123.5)),
        (rate_line(1, r#"{"per_second":5,"burst":1,"evidence_seconds":0}"#) + &rate_line(0, KNOWN), Some(123.5)),
        (rate_line(1, KNOWN) + &rate_line(0, "null"), None),
        (rate_line(3600, KNOWN), None),
        (rate_line(1, KNOWN).replace("\"at\":\"2", "\"at\":\"x"), None),
        // A rate that would stall the run is ignored.
        (rate_line(1, KNOWN) + &rate_line(0, r#"{"per_second":1e-9,"burst":1,"evidence_seconds":9}"#), Some(123.5)),
        (rate_line(1, KNOWN) + &rate_line(0, r#"{"per_second":-1,"burst":1,"evidence_seconds":9}"#), Some(123.5)),
    ] {
        // A torn line at the end.
        fs::write(fixture.journal(), with_lines(&whole, &lines) + "{\"at\":").unwrap();
        let learned = learned_from(&fixture, &fresh(&fixture)).await;
        assert_eq!(learned.map(|rate| rate.per_second), expected, "{lines}");
    }
}

#[tokio::test]
async fn the_client_keeps_a_rate_of_its_own() {
    let fixture = FleetFixture::new(3).await;
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    append(&fixture, &rate_line(1, KNOWN));
    let builder = Client::builder(FixedToken::new("sandbox")).base_url(fixture.sandbox.base_url());
    let client = builder.initial_rate(Rate::per_second(77.0).burst(3.0)).build().unwrap();
    assert_eq!(learned_from(&fixture, &client).await.map(|rate| rate.per_second), Some(77.0));
}

#[tokio::test]
async fn reports_a_damaged_rate_like_any_other_line() {
    let fixture = FleetFixture::new(3).await;
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    let lines = fs::read_to_string(fixture.journal()).unwrap().lines().count();
    let journal = fs::read_to_string(fixture.journal()).unwrap();
    fs::write(fixture.journal(), journal + &rate_line(0, KNOWN)).unwrap();
    let error = apply(&fresh(&fixture), &fixture.plan, fixture.journal(), ApplyOptions::new()).await.unwrap_err();
    assert!(error.to_string().starts_with(&format!("line {} of the journal", lines + 1)), "{error}");
}
