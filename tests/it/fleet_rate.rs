//! The rate that a run learned, which its journal keeps for the next one.

use std::fs;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::fleet::{Options, apply};
use partner_center_budgets::{Client, Rate};
use serde_json::Value;

use crate::fleet_stage::{Stage, client};
use crate::script::short_waits;

/// A line with a rate, as of so many seconds ago.
fn rate_line(ago: u64, rate: &str) -> String {
    let at = DateTime::<Utc>::from(SystemTime::now() - Duration::from_secs(ago));
    format!("{{\"at\":\"{}\",\"rate\":{rate}}}\n", at.to_rfc3339())
}

const KNOWN: &str = r#"{"per_second":123.5,"burst":10,"evidence_seconds":30}"#;

/// The journal with these lines sealed behind it: each ends with FNV-1a of its position and its text, each followed by a
/// byte of 255.
fn with_lines(journal: &str, lines: &str) -> String {
    let mut journal = journal.to_owned();
    for line in lines.lines() {
        let open = line.strip_suffix('}').unwrap();
        let position = (journal.len() as u64).to_le_bytes();
        let sum = [&position[..], b"\xFF", open.as_bytes(), b"\xFF"]
            .concat()
            .iter()
            .fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |sum, byte| {
                (sum ^ u128::from(*byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b)
            });
        journal += &format!("{open},\"sum\":\"{sum:032x}\"}}\n");
    }
    journal
}

fn append(stage: &Stage, lines: &str) {
    let journal = fs::read_to_string(stage.journal()).unwrap();
    fs::write(stage.journal(), with_lines(&journal, lines)).unwrap();
}

fn fresh(stage: &Stage) -> Client {
    client(&stage.sandbox, FixedToken::new("sandbox"), short_waits())
}

/// What a new client knows that goes on with a journal in which all is done, so that it makes no call.
async fn learned_from(stage: &Stage, client: &Client) -> Option<Rate> {
    let calls = stage.sandbox.counters().calls;
    assert!(apply(client, &stage.plan, stage.journal(), Options::new()).await.unwrap().is_complete());
    assert_eq!(stage.sandbox.counters().calls, calls);
    client.learned_rate()
}

fn rates(stage: &Stage) -> Vec<Value> {
    let journal = fs::read_to_string(stage.journal()).unwrap();
    let lines = journal.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line.get("rate").is_some()).collect()
}

#[tokio::test]
async fn what_a_run_learned_is_what_the_next_begins_with() {
    let stage = Stage::new(300).await;
    stage.sandbox.set_throttles(vec!["bucket:rate=150,burst=20".parse().unwrap()]);
    let first = fresh(&stage);
    assert!(apply(&first, &stage.plan, stage.journal(), Options::new()).await.unwrap().is_complete());
    let rates = rates(&stage);
    let noted = rates.last().expect("it is noted")["rate"]["per_second"].as_f64().unwrap();
    assert!((50.0..450.0).contains(&noted), "{noted}");
    assert!(rates.len() < 10, "only news are noted: {}", rates.len());
    let second = fresh(&stage);
    assert_eq!(learned_from(&stage, &second).await.map(|rate| rate.per_second), Some(noted));
    stage.is_done().await;
}

#[tokio::test]
async fn the_last_rate_counts_unless_it_is_old_or_taken_back() {
    let stage = Stage::new(3).await;
    assert!(stage.apply(Options::new()).await.is_complete());
    let whole = fs::read_to_string(stage.journal()).unwrap();
    for (lines, expected) in [
        (rate_line(1, KNOWN), Some(123.5)),
        (rate_line(1, r#"{"per_second":5,"burst":1,"evidence_seconds":0}"#) + &rate_line(0, KNOWN), Some(123.5)),
        (rate_line(1, KNOWN) + &rate_line(0, "null"), None),
        (rate_line(3600, KNOWN), None),
        (rate_line(1, KNOWN).replace("\"at\":\"2", "\"at\":\"x"), None),
        // A rate that would stop the run says nothing.
        (rate_line(1, KNOWN) + &rate_line(0, r#"{"per_second":1e-9,"burst":1,"evidence_seconds":9}"#), Some(123.5)),
        (rate_line(1, KNOWN) + &rate_line(0, r#"{"per_second":-1,"burst":1,"evidence_seconds":9}"#), Some(123.5)),
    ] {
        // A torn line at the end.
        fs::write(stage.journal(), with_lines(&whole, &lines) + "{\"at\":").unwrap();
        let learned = learned_from(&stage, &fresh(&stage)).await;
        assert_eq!(learned.map(|rate| rate.per_second), expected, "{lines}");
    }
}

#[tokio::test]
async fn what_the_client_knows_itself_counts_more() {
    let stage = Stage::new(3).await;
    assert!(stage.apply(Options::new()).await.is_complete());
    append(&stage, &rate_line(1, KNOWN));
    let builder = Client::builder(FixedToken::new("sandbox")).base_url(stage.sandbox.base_url());
    let client = builder.remembered_rate(Rate::per_second(77.0).burst(3.0)).build().unwrap();
    assert_eq!(learned_from(&stage, &client).await.map(|rate| rate.per_second), Some(77.0));
}

#[tokio::test]
async fn a_damaged_rate_is_told_like_any_other_line() {
    let stage = Stage::new(3).await;
    assert!(stage.apply(Options::new()).await.is_complete());
    let lines = fs::read_to_string(stage.journal()).unwrap().lines().count();
    let journal = fs::read_to_string(stage.journal()).unwrap();
    fs::write(stage.journal(), journal + &rate_line(0, KNOWN)).unwrap();
    let error = apply(&fresh(&stage), &stage.plan, stage.journal(), Options::new()).await.unwrap_err();
    assert!(error.to_string().starts_with(&format!("line {} of the journal", lines + 1)), "{error}");
}
